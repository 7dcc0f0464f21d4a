"""Whatever is written into the records breaks neither the evidence nor the next start."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.doubles.journal import open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import (
    KeptInbox,
    kept_rows,
    kept_subscriptions,
    restore,
)
from simulator.evidence.records import Record
from simulator.neighbours.dataverse.errors import DataverseError
from simulator.neighbours.dataverse.tables import SYSTEM_COLUMNS, TABLES, Column
from simulator.neighbours.force_api.fields import read_fields
from tests.examples import examples
from tests.simulator.doubles.crimes import NOW

TYPES = read_fields()
WORDS = st.sampled_from(
    ["", "1", "18", "²", "scene_examined", "victim_question", "p-1", ";", "x" * 70, "thames_valley"]
)
MOMENTS = st.sampled_from(
    ["2026-06-01", "2026-06-01T09:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"]
)
WRITTEN = (
    "contact",
    "incident",
    "csp_involvement",
    "annotation",
    "task",
    "appointment",
    "systemuser",
)


def _value(column: Column) -> st.SearchStrategy[Any]:
    match column.kind:
        case "Picklist":
            return st.none() | st.sampled_from(sorted(column.options))
        case "Boolean":
            return st.none() | st.booleans()
        case "DateTime":
            return st.none() | MOMENTS
        case "Lookup":
            return st.none() | st.integers(0, 9)
    return st.none() | WORDS.map(lambda text: text[: column.characters_max])


def _change(table: str) -> st.SearchStrategy[tuple[str, int, dict[str, Any]]]:
    columns = {
        each.name: _value(each) for each in TABLES[table].columns if each.name not in SYSTEM_COLUMNS
    }
    return st.tuples(
        st.just(table), st.integers(-1, 5), st.fixed_dictionaries({}, optional=columns)
    )


#: What a case must have to be told.
CASE = {"title": "A", "csp_force": "f", "csp_offencecode": "1", "csp_offencegroup": "g"}
CHANGES = st.lists(st.sampled_from(WRITTEN).flatmap(_change), max_size=12)


class _Started:
    """The records as they are after a start with a journal."""

    def __init__(self, path: Path) -> None:
        self.journal, entries = open_journal(path)
        self.rows = kept_rows(lambda: NOW, self.journal)
        self.crimes = KeptCrimeSystem(lambda: NOW, self.journal, self.rows)
        inbox = KeptInbox(lambda: NOW, self.journal)
        subscriptions = kept_subscriptions(TYPES, self.rows, lambda: NOW, self.journal)
        restore(entries, inbox, self.crimes, self.rows, subscriptions)
        self.told: list[Record] = []
        self.crimes.evidence.hear = self.told.append
        self.made: dict[str, list[str]] = {each: [] for each in TABLES}

    def write(self, table: str, place: int, values: dict[str, Any]) -> None:
        """Make a row, or change one that was made; a refusal is fine."""
        given = {name: value for name, value in values.items() if not isinstance(value, int | None)}
        for column in TABLES[table].columns:
            value = values.get(column.name)
            if column.kind != "Lookup":
                if column.name in values:
                    given[column.name] = value
                continue
            ids = [(each, row) for each in column.targets for row in self.made[each]]
            if isinstance(value, int) and ids:
                target, row_id = ids[value % len(ids)]
                given[f"{column.name}@odata.bind"] = f"/{TABLES[target].set_name}({row_id})"
        try:
            known = self.made[table]
            if place < 0 or not known:
                whole = {**CASE, "ticketnumber": f"{len(known)}"} if table == "incident" else {}
                said = {name: each for name, each in given.items() if each or not whole}
                known.append(self.rows.create(TABLES[table], {**whole, **said}))
            else:
                self.rows.update(TABLES[table], known[place % len(known)], given)
        except DataverseError:
            pass


@settings(max_examples=examples(40))
@given(changes=CHANGES)
def test_no_row_breaks_the_evidence_or_the_next_start(
    changes: list[tuple[str, int, dict[str, Any]]],
) -> None:
    """Each change is told or not; all that was told can be written, and read again."""
    with TemporaryDirectory() as folder:
        before = _Started(Path(folder) / "state")
        for each in changes:
            before.write(*each)
        for record in before.told:
            msgspec.json.decode(msgspec.json.encode(record), type=Record)
        shown = [before.rows.all(table) for table in TABLES.values()]
        rows = [list(each) for each in shown]
        before.journal.close()
        after = _Started(Path(folder) / "state")
        after.journal.close()

        # In the order in which they were made, as before.
        assert [list(after.rows.all(table)) for table in TABLES.values()] == rows
        assert [each.event_id for each in after.crimes.untaken] == [
            each.event_id for each in before.crimes.untaken
        ]
