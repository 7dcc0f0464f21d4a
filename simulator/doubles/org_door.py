"""What stands in an org, as what was delivered: the map of the org is read the other way.

An integration writes into Salesforce, and nobody takes its deliveries: so each change of the
records is read as the event that it means, and counts as delivered by then.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from reference.contract.events import CloudEvent
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.evidence.records import (
    DeliveredOtherwise,
    EventDelivered,
    QuestionAsked,
    Record,
)
from simulator.integration.flow import Flow
from simulator.integration.map_file import ORG_TABLES, OrgMap
from simulator.integration.source import Reading, ReadRow
from simulator.integration.store import Store
from simulator.neighbours.dataverse.tables import Table
from simulator.neighbours.salesforce.objects import Value
from simulator.neighbours.salesforce.records import PORTAL_USER, Change, Records

_TAKEN = 202
_VERSIONS_A_SECOND = 1_000_000
#: The event, its crime or row, and the field, in the words of a change that makes none.
_UNFIT = re.compile(r": (\w+) of \w+ (\S+): .*?`?\$?\.?([\w.]+)`$")


class OrgDoor:
    """Notes as delivered what an integration wrote, and as asked what a victim wrote."""

    def __init__(
        self,
        records: Records,
        rules: OrgMap,
        deliveries: MatchedDeliveries,
        note: Callable[[Record], None],
    ) -> None:
        self._records = records
        self._deliveries = deliveries
        self._note = note
        self._source = _Changes(records)
        self._is_learning = True
        self._flow = Flow(
            rules.as_source(),
            self._source,
            self,
            Store(None),
            now=records.now,
            on_trouble=self._unfit,
        )
        for name in ORG_TABLES:
            for each in records.all(name):
                self._source.waiting.append((name, each))
        self._read()
        self._is_learning = False
        records.listeners.append(self._changed)

    def close(self) -> None:
        """Nothing is open."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Take what a change means as delivered; what an earlier run wrote was."""
        if not self._is_learning:
            told = [msgspec.json.decode(each, type=CloudEvent) for each in events]
            first, at = self._deliveries.arrived(told), self._records.now()
            self._deliveries.delivered(told, _TAKEN, correlation_id, at, first)
        return _TAKEN, ""

    def _changed(self, change: Change) -> None:
        if change.record["LastModifiedById"] == PORTAL_USER:
            self._asked(change)
            return
        self._source.waiting.append((change.sobject, change.record))
        self._read()

    def _read(self) -> None:
        self._flow.read()
        self._flow.deliver()

    def _unfit(self, words: str) -> None:
        """Know a change that makes no event of the contract, and the field that it lacks."""
        found = _UNFIT.search(words)
        if found is None or self._is_learning:
            return
        said = DeliveredOtherwise(
            event_type=found[1], crime_reference=found[2], altered=(found[3],)
        )
        at, event_id = self._records.now(), str(uuid4())
        self._note(EventDelivered(at=at, event_id=event_id, status=_TAKEN, otherwise=said))

    def _asked(self, change: Change) -> None:
        """Know what a victim asked, where it can be said who that was."""
        case = self._records.find("Case", str(change.record.get("ParentId"))) or {}
        person = str(case.get("People__c") or ";")
        if change.sobject == "CaseComment" and change.kind == "CREATE" and ";" not in person:
            self._note(
                QuestionAsked(
                    at=change.at,
                    person_id=person,
                    crime_reference=str(case["Crime_Number__c"]),
                    text=str(change.record["CommentBody"] or ""),
                )
            )


class _Changes:
    """The records of an org, as the system layer of a force gives its rows."""

    tables: Mapping[str, Table] = ORG_TABLES

    def __init__(self, records: Records) -> None:
        self.waiting: list[tuple[str, Mapping[str, Value]]] = []
        self._records = records
        self._version = 0

    def close(self) -> None:
        """Nothing is open."""

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:  # noqa: ARG002
        """Give what has changed, those first that others point to."""
        waiting, self.waiting = self.waiting, []
        for name in ORG_TABLES:
            found = [self._read(name, each) for of, each in waiting if of == name]
            if name in tables and found:
                yield Reading(stream=name, rows=found, cursor="")

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Give a record."""
        found = self._records.find(table.name, row_id)
        return None if found is None else _plain(table, found)

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Give a record by its external id."""
        found = self._records.living(table.name, key, value)
        return _plain(table, found[0]) if found else None

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the records whose field names another."""
        found = [each for each in self._records.all(table.name) if each[column] == row_id]
        return [_plain(table, each) for each in found if not each["IsDeleted"]]

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Write nothing: what stands in the org is judged."""
        raise NotImplementedError

    def _read(self, name: str, record: Mapping[str, Value]) -> ReadRow:
        self._version += 1
        at = datetime.fromisoformat(str(record["SystemModstamp"]))
        version = int(at.timestamp()) * _VERSIONS_A_SECOND + self._version % _VERSIONS_A_SECOND
        row = {**_plain(ORG_TABLES[name], record), "versionnumber": version}
        return ReadRow(
            table=name,
            row_id=str(record["Id"]),
            row=None if record["IsDeleted"] else row,
            correlation_id=self._records.cause,
        )


def _plain(table: Table, record: Mapping[str, Value]) -> dict[str, Any]:
    """Give a record as a row; a time has a colon in its zone, as in the contract."""
    row: dict[str, Any] = dict(record)
    for column in table.columns:
        if column.kind == "DateTime" and isinstance(value := row[column.name], str):
            row[column.name] = f"{value[:-2]}:{value[-2:]}"
    return {**row, "modifiedon": row["SystemModstamp"]}
