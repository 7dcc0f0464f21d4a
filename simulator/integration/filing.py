"""The process layer from what a portal or a victim says to rows, each written once by its key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from simulator.integration.map_file import IntegrationMap
from simulator.integration.mapping import row_of
from simulator.integration.source import Source, SourceRefused, SourceUnreachable
from simulator.neighbours.crime_system.problems import Problem
from simulator.neighbours.dataverse.tables import Table


class Filing:
    """Writes stamps and tasks into the force's system."""

    def __init__(self, rules: IntegrationMap, source: Source) -> None:
        self._rules = rules
        self._writes = {each.of: each for each in rules.writes}
        self._crimes = source.tables[rules.crimes.table]
        self._source = source

    def file(
        self,
        of: Literal["stamp", "task"],
        reference: str,
        key: str,
        filed: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Write one about a crime; return False if it was there already. Raises Problem."""
        rule = self._writes.get(of)
        if rule is None:
            raise Problem(501, f"The map has no rule for a {of}")
        crime = self.crime(reference)
        made = row_of(rule, {**filed, "crime_id": crime[self._crimes.id_column]})
        row = {name: value for name, value in made.items() if value is not None}
        table = self._source.tables[rule.table]
        try:
            is_new = self._source.make_once(
                table, rule.key, key, row, correlation_id=correlation_id
            )
            known = None if is_new else self._source.row_by_key(table, rule.key, key)
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        if known is not None and not _is_same(table, known, row):
            detail = "This key was used before, with something else."
            raise Problem(409, "Already filed otherwise", detail=detail, field="key")
        return is_new

    def crime(self, reference: str) -> dict[str, Any]:
        """Find a crime, or the one that it was merged into; raises Problem."""
        rule, table = self._rules.crimes, self._crimes
        try:
            crime = self._source.row_by_key(table, rule.reference, reference)
            seen = set()
            while crime and crime.get(rule.merged_into) and crime[table.id_column] not in seen:
                seen.add(crime[table.id_column])
                crime = self._source.row(table, str(crime[rule.merged_into]))
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        if crime is None:
            raise Problem(404, "No such occurrence", field="crime_reference")
        return crime


def unavailable(trouble: SourceUnreachable) -> Problem:
    """Give the answer while the force's system is not there, or where it refused.

    The portal did nothing wrong: it keeps what it files until the map is corrected.
    """
    if isinstance(trouble, SourceRefused):
        return Problem(502, "The crime system refused it", detail=str(trouble))
    return Problem(503, "The crime system does not take it now", detail=str(trouble))


def _is_same(table: Table, known: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Compare what a row says by itself; a system keeps moments in whole seconds."""
    moments = {column.name for column in table.columns if column.kind == "DateTime"}
    return all(
        _second(known.get(name)) == _second(value) if name in moments else known.get(name) == value
        for name, value in row.items()
        if "@" not in name
    )


def _second(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(microsecond=0) if value else None
