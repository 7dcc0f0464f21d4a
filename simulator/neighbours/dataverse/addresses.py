"""Which row an address means: `contacts(guid)`, or `incidents(ticketnumber='1')` by another key."""

import re
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from simulator.neighbours.dataverse.errors import bad_request, no_segment
from simulator.neighbours.dataverse.tables import SETS, Table, Value

_ADDRESS = re.compile(r"/?(?P<set>[A-Za-z_]\w*)(?:\((?P<key>.*)\))?", re.DOTALL)
_PART = re.compile(
    r"\s*(?P<name>\w+)\s*=\s*(?:'(?P<text>(?:[^']|'')*)'|(?P<number>-?\d+))\s*(?:,|$)"
)


class Address(Struct, frozen=True, kw_only=True):
    """A table, and one row of it by id or by another key; neither means the whole table."""

    table: Table
    row_id: str = ""
    key: Mapping[str, Value] = {}

    @property
    def is_whole_table(self) -> bool:
        """Whether no row is named."""
        return not self.row_id and not self.key


def read_address(text: str) -> Address:
    """Read an address that is relative or absolute; raises DataverseError."""
    path = text.rpartition("/api/data/")[2]
    relative = path.partition("/")[2] if path != text else text.lstrip("/")
    match = _ADDRESS.fullmatch(relative)
    if match is None or match["set"] not in SETS:
        raise no_segment((match["set"] if match else relative)[:100])
    table = SETS[match["set"]]
    key = match["key"]
    if key is None:
        return Address(table=table)
    if "=" not in key:
        return Address(table=table, row_id=_guid(key, table))
    parts = _parts(key)
    if set(parts) == {table.id_column}:
        return Address(table=table, row_id=_guid(str(parts[table.id_column]), table))
    return Address(table=table, key=parts)


def _guid(text: str, table: Table) -> str:
    try:
        return str(UUID(text.strip("{}'")))
    except ValueError:
        raise bad_request(
            f"Error in query syntax: '{text[:60]}' is no identifier of {table.name}."
        ) from None


def _parts(key: str) -> dict[str, Value]:
    parts: dict[str, Value] = {}
    at = 0
    while at < len(key):
        match = _PART.match(key, at)
        if match is None:
            raise bad_request(f"Error in query syntax: the key '{key[:100]}' cannot be read.")
        text = match["text"]
        parts[match["name"]] = int(match["number"]) if text is None else text.replace("''", "'")
        at = match.end()
    return parts
