"""The tables of a force's records, with their columns: Dynamics and the force's own API share them.

Cases, persons and what they are in a case, locations, property, tasks, appointments, notes and
officers.

Names are those of Dynamics' own tables; what a crime needs beside them begins with `csp_`, as a
force's own columns would. Source: Microsoft's reference of Dataverse tables, learn.microsoft.com
(incident, contact, task, appointment, annotation, systemuser).
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field, structs

Kind: TypeAlias = Literal["String", "Memo", "Integer", "Boolean", "DateTime", "Picklist", "Lookup"]
Value: TypeAlias = str | int | float | bool | None

_STRING_CHARACTERS_MAX = 200
_MEMO_CHARACTERS_MAX = 100_000


class Column(Struct, frozen=True, kw_only=True):
    """One column. A lookup names its target tables; a picklist its options by number."""

    name: str
    kind: Kind = "String"
    characters_max: int = _STRING_CHARACTERS_MAX
    targets: tuple[str, ...] = ()
    options: Mapping[int, str] = {}
    is_required: bool = False
    default: Value = None
    #: A day without a time: Dataverse calls it DateOnly.
    is_day: bool = False

    @property
    def property_name(self) -> str:
        """The name in JSON: a lookup's value is an id beside it."""
        return f"_{self.name}_value" if self.kind == "Lookup" else self.name

    @property
    def edm_type(self) -> str:
        """The type in OData, without its namespace."""
        return "Date" if self.is_day else _EDM_TYPES[self.kind]


_EDM_TYPES: Mapping[Kind, str] = {
    "String": "String",
    "Memo": "String",
    "Integer": "Int64",
    "Boolean": "Boolean",
    "DateTime": "DateTimeOffset",
    "Picklist": "Int32",
    "Lookup": "Guid",
}


class Table(Struct, frozen=True, kw_only=True):
    """One table. `keys` are its alternate keys: the columns of each."""

    name: str
    set_name: str
    id_column: str
    name_column: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    #: The columns by name, and by their name in JSON; made from `columns`.
    by_name: dict[str, Column] = field(default_factory=dict)
    by_property: dict[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Made once: every filter, every row that is read and every row that is shown asks.
        structs.force_setattr(self, "by_name", {each.name: each for each in self.columns})
        by_property = {each.property_name: each for each in self.columns}
        structs.force_setattr(self, "by_property", by_property)


def _text(name: str, characters_max: int = _STRING_CHARACTERS_MAX) -> Column:
    return Column(name=name, characters_max=characters_max)


def _memo(name: str) -> Column:
    return Column(name=name, kind="Memo", characters_max=_MEMO_CHARACTERS_MAX)


def _moment(name: str) -> Column:
    return Column(name=name, kind="DateTime")


def _lookup(name: str, *targets: str) -> Column:
    return Column(name=name, kind="Lookup", targets=targets)


def _choice(name: str, *, default: int | None = None, **options: int) -> Column:
    named = {number: words.replace("_", " ") for words, number in options.items()}
    return Column(name=name, kind="Picklist", options=named, default=default)


_STATE = _choice("statecode", default=0, Active=0, Resolved=1, Cancelled=2)
_KEPT_BY_THE_SYSTEM = (
    _moment("createdon"),
    _moment("modifiedon"),
    Column(name="versionnumber", kind="Integer"),
)

TABLES: Mapping[str, Table] = {
    each.name: each
    for each in (
        Table(
            name="systemuser",
            set_name="systemusers",
            id_column="systemuserid",
            name_column="fullname",
            columns=(
                _text("fullname"),
                _text("employeeid", 100),
                _text("internalemailaddress"),
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("employeeid",),),
        ),
        Table(
            name="csp_location",
            set_name="csp_locations",
            id_column="csp_locationid",
            name_column="csp_addressline",
            columns=(
                _text("csp_addressline"),
                _text("csp_town", 100),
                _text("csp_postcode", 10),
                *_KEPT_BY_THE_SYSTEM,
            ),
        ),
        Table(
            name="contact",
            set_name="contacts",
            id_column="contactid",
            name_column="fullname",
            columns=(
                _text("firstname", 50),
                _text("middlename", 50),
                _text("lastname", 50),
                _text("fullname", 160),
                _text("mobilephone", 50),
                _text("telephone1", 50),
                _text("emailaddress1", 100),
                Column(name="birthdate", kind="DateTime", is_day=True),
                _choice("gendercode", Male=1, Female=2),
                _lookup("csp_homelocation", "csp_location"),
                _text("csp_personid", 100),
                _text("csp_agreedworddigest", 100),
                _choice("preferredcontactmethodcode", Any=1, Email=2, Phone=3, Mail=5),
                _choice("csp_safetocontact", Yes=1, No=2),
                Column(name="csp_enhancedrights", kind="Boolean"),
                Column(name="csp_hasdied", kind="Boolean"),
                Column(name="csp_ispoliceemployee", kind="Boolean"),
                Column(name="csp_isrestricted", kind="Boolean"),
                _STATE,
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("csp_personid",),),
        ),
        Table(
            name="incident",
            set_name="incidents",
            id_column="incidentid",
            name_column="title",
            columns=(
                Column(name="title", is_required=True),
                _text("ticketnumber", 100),
                _memo("description"),
                _lookup("customerid", "contact"),
                _lookup("ownerid", "systemuser"),
                _lookup("csp_mergedinto", "incident"),
                _text("csp_offencecode", 20),
                _text("csp_offencegroup", 100),
                # Markers such as domestic_abuse, with semicolons between them.
                _memo("csp_safeguarding"),
                _text("csp_team", 200),
                _text("csp_outcome", 20),
                _choice("csp_decidedby", Police=1, CPS=2),
                _text("csp_force", 100),
                _text("csp_milestone", 60),
                # When it happened, where that was before the officer wrote it down.
                _moment("csp_milestoneat"),
                _moment("csp_deployedat"),
                _moment("csp_closedat"),
                _moment("csp_reportedat"),
                _lookup("csp_location", "csp_location"),
                _memo("csp_reply"),
                _choice(
                    "statuscode",
                    default=1,
                    In_progress=1,
                    On_hold=2,
                    Waiting_for_details=3,
                    Researching=4,
                    Problem_solved=5,
                    Cancelled=6,
                    Information_provided=1000,
                    Merged=2000,
                ),
                _STATE,
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("ticketnumber",),),
        ),
        Table(
            name="csp_involvement",
            set_name="csp_involvements",
            id_column="csp_involvementid",
            name_column="csp_name",
            columns=(
                _text("csp_name"),
                _lookup("csp_incident", "incident"),
                _lookup("csp_person", "contact"),
                _choice("csp_role", Victim=1, Reporter=2, Witness=3, Suspect=4),
                *_KEPT_BY_THE_SYSTEM,
            ),
        ),
        Table(
            name="csp_property",
            set_name="csp_properties",
            id_column="csp_propertyid",
            name_column="csp_description",
            columns=(
                _text("csp_description"),
                _text("csp_identifier", 100),
                _choice("csp_state", Stolen=1, Recovered=2, Returned=3),
                _lookup("csp_incident", "incident"),
                *_KEPT_BY_THE_SYSTEM,
            ),
        ),
        Table(
            name="task",
            set_name="tasks",
            id_column="activityid",
            name_column="subject",
            columns=(
                _text("subject"),
                _memo("description"),
                _lookup("regardingobjectid", "incident"),
                _lookup("ownerid", "systemuser"),
                _moment("scheduledend"),
                _text("csp_key", 200),
                _text("csp_kind", 60),
                # Whom it is about, and the officer or the team that a portal named for it.
                _text("csp_personid", 100),
                _text("csp_assignedto", 100),
                _text("csp_team", 200),
                _choice("statecode", default=0, Open=0, Completed=1, Cancelled=2),
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("csp_key",),),
        ),
        Table(
            name="appointment",
            set_name="appointments",
            id_column="activityid",
            name_column="subject",
            columns=(
                _text("subject"),
                _memo("description"),
                _text("location"),
                _moment("scheduledstart"),
                _moment("scheduledend"),
                _lookup("regardingobjectid", "incident"),
                _lookup("ownerid", "systemuser"),
                # The one person whom the officer will see, where a case has several.
                _lookup("csp_person", "contact"),
                _text("csp_key", 200),
                _choice("statecode", default=0, Open=0, Completed=1, Canceled=2, Scheduled=3),
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("csp_key",),),
        ),
        Table(
            name="annotation",
            set_name="annotations",
            id_column="annotationid",
            name_column="subject",
            columns=(
                _text("subject", 500),
                _memo("notetext"),
                _lookup("objectid", "incident", "task"),
                # The one person a reply is for, where a case has several.
                _lookup("csp_person", "contact"),
                _choice("csp_entrytype", Internal=1, Reply_to_victim=2, From_victim=3),
                # An officer looked at a reply again: it may hold what looks like another's data.
                Column(name="csp_checked", kind="Boolean"),
                _moment("csp_writtenat"),
                _text("csp_key", 200),
                *_KEPT_BY_THE_SYSTEM,
            ),
            keys=(("csp_key",),),
        ),
    )
}
#: Of a case: the statuses of each state, its usual one first.
CASE_STATUSES: Mapping[int, tuple[int, ...]] = {0: (1, 2, 3, 4), 1: (5, 1000), 2: (6, 2000)}
#: What Microsoft's reference calls the rows that name a row: by its table, theirs, and the column.
_COLLECTIONS: Mapping[tuple[str, str, str], str] = {
    ("contact", "incident", "customerid"): "incident_customer_contacts",
    ("incident", "task", "regardingobjectid"): "Incident_Tasks",
    ("incident", "appointment", "regardingobjectid"): "Incident_Appointments",
    ("incident", "annotation", "objectid"): "Incident_Annotation",
    ("task", "annotation", "objectid"): "Task_Annotation",
}
#: These go with the row that they name; of any other only the link goes.
DELETED_WITH = frozenset(_COLLECTIONS)


class Collection(Struct, frozen=True, kw_only=True):
    """The rows of another table whose column names a row of this one."""

    name: str
    table: Table
    column: Column


def _naming(table: Table) -> tuple[Collection, ...]:
    return tuple(
        Collection(
            name=_COLLECTIONS.get(
                (table.name, other.name, column.name),
                f"csp_{table.name}_{other.name}_{column.name}",
            ),
            table=other,
            column=column,
        )
        for other in TABLES.values()
        for column in other.columns
        if table.name in column.targets
    )


#: The rows that name a row of each table.
NAMING: Mapping[str, tuple[Collection, ...]] = {
    each.name: _naming(each) for each in TABLES.values()
}


def link_name(table: Table, column: Column, target: str) -> str:
    """Give the name by which a lookup is bound and expanded, as Microsoft's reference has it."""
    if column.name == "regardingobjectid":
        return f"{column.name}_{target}_{table.name}"
    is_plain = len(column.targets) == 1 and column.name != "customerid"
    return column.name if is_plain else f"{column.name}_{target}"


def lookup_named(table: Table, name: str) -> tuple[Column, str] | None:
    """Find a lookup and the table that it points to, by any of the names that it may have."""
    for column in table.columns:
        for target in column.targets:
            named = {column.name, f"{column.name}_{target}", link_name(table, column, target)}
            if name in named:
                return column, target
    return None


SETS: Mapping[str, Table] = {each.set_name: each for each in TABLES.values()}
#: Columns that only the system writes.
SYSTEM_COLUMNS = frozenset(each.name for each in _KEPT_BY_THE_SYSTEM)
