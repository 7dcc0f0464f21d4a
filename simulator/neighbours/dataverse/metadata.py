"""What Dataverse says of its tables: `$metadata` as CSDL, and EntityDefinitions as JSON."""

from typing import Any
from uuid import UUID, uuid5
from xml.sax.saxutils import quoteattr

from simulator.neighbours.dataverse.tables import (
    NAMING,
    TABLES,
    Collection,
    Column,
    Table,
    link_name,
)

NAMESPACE = "Microsoft.Dynamics.CRM"
_IDS = UUID("0a1f2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")


def csdl() -> str:
    """The schema of all tables as OData's XML."""
    types = "".join(_entity_type(each) for each in TABLES.values())
    sets = "".join(
        f"<EntitySet Name={quoteattr(each.set_name)} "
        f"EntityType={quoteattr(f'{NAMESPACE}.{each.name}')} />"
        for each in TABLES.values()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        "<edmx:DataServices>"
        f'<Schema Namespace="{NAMESPACE}" Alias="mscrm" '
        'xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{types}<EntityContainer Name="System">{sets}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    )


def definition(table: Table) -> dict[str, Any]:
    """One table as EntityDefinitions shows it."""
    return {
        "MetadataId": str(uuid5(_IDS, table.name)),
        "LogicalName": table.name,
        "SchemaName": table.name.capitalize(),
        "EntitySetName": table.set_name,
        "LogicalCollectionName": table.set_name,
        "PrimaryIdAttribute": table.id_column,
        "PrimaryNameAttribute": table.name_column,
        "IsActivity": table.name == "task",
        "IsCustomEntity": False,
        "ChangeTrackingEnabled": True,
        "DisplayName": _label(table.name.capitalize()),
    }


def attribute(table: Table, column: Column) -> dict[str, Any]:
    """One column as EntityDefinitions(…)/Attributes shows it."""
    shown: dict[str, Any] = {
        "@odata.type": f"#{NAMESPACE}.{column.kind}AttributeMetadata",
        "MetadataId": str(uuid5(_IDS, f"{table.name}.{column.name}")),
        "LogicalName": column.name,
        "SchemaName": column.name,
        "AttributeType": column.kind,
        "EntityLogicalName": table.name,
    }
    if column.kind in {"String", "Memo"}:
        shown["MaxLength"] = column.characters_max
    if column.options:
        shown["OptionSet"] = {
            "Options": [
                {"Value": number, "Label": _label(words)}
                for number, words in column.options.items()
            ]
        }
    return shown


def key(table: Table, columns: tuple[str, ...]) -> dict[str, Any]:
    """One alternate key as EntityDefinitions(…)/Keys shows it."""
    return {
        "MetadataId": str(uuid5(_IDS, f"{table.name}.{columns}")),
        "LogicalName": "_".join(columns),
        "SchemaName": "_".join(columns),
        "KeyAttributes": list(columns),
        "EntityKeyIndexStatus": "Active",
    }


def _entity_type(table: Table) -> str:
    properties = "".join(
        f"<Property Name={quoteattr(each.property_name)} "
        f"Type={quoteattr(f'Edm.{each.edm_type}')} />"
        for each in table.columns
    )
    links = "".join(
        f"<NavigationProperty Name={quoteattr(link_name(table, each, target))} "
        f'Type={quoteattr(f"{NAMESPACE}.{target}")} Nullable="true">'
        f"<ReferentialConstraint Property={quoteattr(each.property_name)} "
        f"ReferencedProperty={quoteattr(TABLES[target].id_column)} /></NavigationProperty>"
        for each in table.columns
        for target in each.targets
    )
    links += "".join(
        f"<NavigationProperty Name={quoteattr(each.name)} "
        f"Type={quoteattr(f'Collection({NAMESPACE}.{each.table.name})')} "
        f"Partner={quoteattr(link_name(each.table, each.column, table.name))} />"
        for each in NAMING[table.name]
    )
    return (
        f"<EntityType Name={quoteattr(table.name)}>"
        f"<Key><PropertyRef Name={quoteattr(table.id_column)} /></Key>"
        f'<Property Name={quoteattr(table.id_column)} Type="Edm.Guid" Nullable="false" />'
        f"{properties}{links}</EntityType>"
    )


def message_filters(table: Table) -> list[dict[str, Any]]:
    """The messages of a table, as `sdkmessagefilters` shows them."""
    return [
        {
            "sdkmessagefilterid": str(uuid5(_IDS, f"{table.name} {each}")),
            "primaryobjecttypecode": table.name,
            "sdkmessageid": {"name": each, "sdkmessageid": str(uuid5(_IDS, each))},
        }
        for each in ("CreateMultiple", "UpdateMultiple", "UpsertMultiple")
    ]


def relationship(one: Table, each: Collection) -> dict[str, Any]:
    """A relation of two tables, as EntityDefinitions shows it from either side."""
    return {
        "MetadataId": str(uuid5(_IDS, f"{one.name}.{each.name}")),
        "SchemaName": each.name,
        "RelationshipType": "OneToManyRelationship",
        "ReferencedEntity": one.name,
        "ReferencedAttribute": one.id_column,
        "ReferencingEntity": each.table.name,
        "ReferencingAttribute": each.column.name,
        "ReferencedEntityNavigationPropertyName": each.name,
        "ReferencingEntityNavigationPropertyName": link_name(each.table, each.column, one.name),
    }


def _label(words: str) -> dict[str, Any]:
    label = {"Label": words, "LanguageCode": 1033}
    return {"LocalizedLabels": [label], "UserLocalizedLabel": label}
