"""Lists, makes and changes records as documents of JSON:API; the caller holds the rows' lock."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.tables import Value
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.openapi import (
    FILTER_CHARACTERS_MAX,
    PAGE_RECORDS_MAX,
    PAGE_RECORDS_USUAL,
    filters_of,
)
from simulator.neighbours.force_api.refusals import Refusal
from simulator.neighbours.force_api.resources import (
    coded,
    included,
    is_guid,
    read_resource,
    shown,
)


class Records:
    """The records of the types that a force shows."""

    def __init__(self, rows: Rows, types: Mapping[str, ResourceType]) -> None:
        self._rows = rows
        self._types = types

    def page(self, kind: ResourceType, query: Mapping[str, str], *, path: str) -> dict[str, Any]:
        """List a page of records; raises Refusal."""
        known = {f"filter[{each}]": each for each in filters_of(kind)}
        for name in query.keys() - known.keys() - {"page[size]", "page[after]", "include"}:
            raise Refusal(400, "There is no such parameter.", parameter=name[:60])
        size = _page_size(query.get("page[size]"))
        names = _included_names(kind, query.get("include"))
        filters = {
            name: _filter_value(parameter, query[parameter])
            for parameter, name in known.items()
            if parameter in query
        }
        after = query.get("page[after]", "")
        if "page[after]" in query and not is_guid(after):
            raise Refusal(400, "Give the id of the last record seen.", parameter="page[after]")
        found = self._found(kind, filters, after.lower())
        page = [shown(kind, row) for _, row in zip(range(size), found, strict=False)]
        more = next(found, None) is not None
        kept = {name: each for name, each in query.items() if name != "page[after]"}
        document: dict[str, Any] = {"data": page, "links": {"next": None}}
        if more:
            kept["page[after]"] = page[-1]["id"]
            written = "&".join(
                f"{quote(name, safe='[]')}={quote(each, safe=',')}" for name, each in kept.items()
            )
            document["links"]["next"] = f"{path}?{written}"
        if names:
            document["included"] = included(self._types, self._rows, page, names)
        return document

    def document(
        self, kind: ResourceType, row_id: str, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Show one record, with what is to be included; raises Refusal."""
        for name in (query or {}).keys() - {"include"}:
            raise Refusal(400, "There is no such parameter.", parameter=name[:60])
        names = _included_names(kind, (query or {}).get("include"))
        if not self._rows.has(kind.table, row_id):
            raise Refusal(404, f"No {kind.name} has this id.")
        found = shown(kind, self._rows.get(kind.table, row_id))
        if not names:
            return {"data": found}
        return {"data": found, "included": included(self._types, self._rows, [found], names)}

    def make(self, kind: ResourceType, given: Any, at: str) -> tuple[str, bool]:
        """Make a record; return its id, and whether it is new. Raises Refusal.

        One whose key is in use is not made again: it must be the same.
        """
        values = read_resource(kind, given, at, is_new=True)
        key = kind.attributes[kind.key].column.name if kind.key else ""
        used = values.get(key) if key else None
        if used:
            known = self._rows.id_by_key(kind.table, {key: used})
            if known:
                if not self._is_same(kind, known, values):
                    detail = f"Another {kind.name} has this {kind.key}; change that one instead."
                    raise Refusal(409, detail, pointer=f"{at}/attributes/{kind.key}")
                return known, False
        return self._rows.create(kind.table, values), True

    def change(self, kind: ResourceType, given: Any, at: str, row_id: str) -> None:
        """Change a record; raises Refusal."""
        values = read_resource(kind, given, at, row_id=row_id, is_new=False)
        self._rows.update(kind.table, row_id, values)

    def remove(self, kind: ResourceType, row_id: str) -> None:
        """Remove a record that no other names; raises Refusal."""
        self.document(kind, row_id)
        for other in self._types.values():
            for link in other.links.values():
                column = link.column.name
                if link.target == kind.name and any(
                    row.get(column) == row_id for row in self._rows.all(other.table)
                ):
                    detail = f"It is the {link.name} of a record of {other.path}; change that one."
                    raise Refusal(409, detail)
        self._rows.delete(kind.table, row_id)

    def operate(self, operation: Any, at: str) -> dict[str, Any]:
        """Do one of several operations; raises Refusal. The result of a removal is empty."""
        if isinstance(operation, dict) and operation.keys() == {"op", "ref"}:
            return self._operate_remove(operation, at)
        if not isinstance(operation, dict) or operation.keys() != {"op", "data"}:
            raise Refusal(400, "Give op and data here, or remove and ref.", pointer=at)
        data = operation["data"]
        kind = self._kind_of(data, f"{at}/data")
        match operation["op"]:
            case "add":
                row_id, _is_new = self.make(kind, data, f"{at}/data")
            case "update":
                row_id = self._id_of(kind, data, f"{at}/data")
                self.change(kind, data, f"{at}/data", row_id)
            case _:
                raise Refusal(422, "One of add, update; remove goes with ref", pointer=f"{at}/op")
        return self.document(kind, row_id)

    def _operate_remove(self, operation: Mapping[str, Any], at: str) -> dict[str, Any]:
        if operation["op"] != "remove":
            raise Refusal(422, "With ref it is remove", pointer=f"{at}/op")
        ref = operation["ref"]
        kind = self._kind_of(ref, f"{at}/ref")
        if ref.keys() != {"type", "id"}:
            raise Refusal(422, "Give type and id here.", pointer=f"{at}/ref")
        self.remove(kind, self._id_of(kind, ref, f"{at}/ref").lower())
        return {}

    def _kind_of(self, given: Any, at: str) -> ResourceType:
        named = given.get("type") if isinstance(given, dict) else None
        kind = self._types.get(named) if isinstance(named, str) else None
        if kind is None:
            known = ", ".join(self._types)
            raise Refusal(422, f"The type is one of {known}.", pointer=f"{at}/type")
        return kind

    def _id_of(self, kind: ResourceType, given: Mapping[str, Any], at: str) -> str:
        row_id = str(given.get("id", ""))
        if not is_guid(row_id):
            raise Refusal(422, "Not an id.", pointer=f"{at}/id")
        if not self._rows.has(kind.table, row_id):
            raise Refusal(404, f"No {kind.name} has this id.", pointer=f"{at}/id")
        return row_id

    def _found(self, kind: ResourceType, filters: Mapping[str, str], after: str) -> Iterator[Row]:
        """Give the records that match, after the one with an id; raises Refusal."""
        wanted: dict[str, Value] = {}
        for name, text in filters.items():
            if name in kind.links:
                wanted[kind.links[name].column.name] = text.lower()
            else:
                attribute = kind.attributes[name]
                if attribute.codes and text not in attribute.codes:
                    raise Refusal(
                        400, f"One of {', '.join(attribute.codes)}", parameter=f"filter[{name}]"
                    )
                wanted[attribute.column.name] = coded(attribute, text)
        is_after = not after
        for row in self._candidates(kind, wanted):
            if is_after and all(row.get(name) == value for name, value in wanted.items()):
                yield row
            is_after = is_after or row[kind.table.id_column] == after

    def _candidates(self, kind: ResourceType, wanted: Mapping[str, Any]) -> Iterator[Row]:
        """Give the rows that may match: the one with the key, or all."""
        key = kind.attributes[kind.key].column.name if kind.key else ""
        if key in wanted:
            row_id = self._rows.id_by_key(kind.table, {key: wanted[key]})
            if row_id:
                yield self._rows.get(kind.table, row_id)
            return
        yield from self._rows.all(kind.table)

    def _is_same(self, kind: ResourceType, row_id: str, values: Mapping[str, Any]) -> bool:
        """Say whether a record has already what is given."""
        row = self._rows.get(kind.table, row_id)
        read = self._rows.read(kind.table, values)
        return all(row.get(name) == value for name, value in read.items())


def _page_size(text: str | None) -> int:
    if text is None:
        return PAGE_RECORDS_USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        text = "0"
    if not 1 <= int(text) <= PAGE_RECORDS_MAX:
        detail = f"Give a whole number from 1 to {PAGE_RECORDS_MAX}."
        raise Refusal(400, detail, parameter="page[size]")
    return int(text)


def _included_names(kind: ResourceType, text: str | None) -> list[str]:
    if not text:
        return []
    names = text.split(",")
    for name in names:
        if name not in kind.links:
            known = ", ".join(kind.links) or "nothing"
            raise Refusal(400, f"It can include {known}.", parameter="include")
    return names


def _filter_value(parameter: str, text: str) -> str:
    if not 0 < len(text) <= FILTER_CHARACTERS_MAX:
        detail = f"Give 1 to {FILTER_CHARACTERS_MAX} characters."
        raise Refusal(400, detail, parameter=parameter)
    return text
