"""Rows are found by the text of a key however it changes, and a set of changes is whole or not."""

from datetime import UTC, datetime

import pytest

from simulator.neighbours.dataverse.errors import DataverseError
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CONTACTS, INCIDENTS = TABLES["contact"], TABLES["incident"]


def _found(rows: Rows, text: str) -> list[str]:
    among = rows.among(CONTACTS, {"csp_personid": text})
    return [str(each["contactid"]) for each in among]


def test_a_row_is_found_by_a_key_whatever_its_case() -> None:
    """After it was made, changed and removed; other columns have no index."""
    rows = Rows(lambda: NOW)
    one, other = (rows.create(CONTACTS, {"csp_personid": each}) for each in ("P-a", "p-A"))
    both = _found(rows, "p-a")
    rows.update(CONTACTS, other, {"csp_personid": "P-b"})
    apart = (_found(rows, "p-a"), _found(rows, "p-b"))
    rows.delete(CONTACTS, one)

    assert both == [one, other]
    assert apart == ([one], [other])
    assert _found(rows, "p-a") == []
    assert len(list(rows.among(CONTACTS, {"lastname": "hill"}))) == 1


@pytest.mark.parametrize("error", [DataverseError(400, "no"), RuntimeError()])
def test_a_set_of_changes_that_fails_leaves_nothing(error: Exception) -> None:
    """Whatever failed: rows, keys, texts, versions and listeners are as before."""
    rows = Rows(lambda: NOW)
    heard: list[str] = []
    rows.listeners.append(lambda change: heard.append(change.row_id))
    kept = rows.create(CONTACTS, {"csp_personid": "p-1"})
    before = (rows.version, len(rows.changes))

    def fails() -> None:
        with rows.whole():
            rows.update(CONTACTS, kept, {"csp_personid": "p-2"})
            rows.create(CONTACTS, {"csp_personid": "p-3"})
            raise error

    with pytest.raises(type(error)):
        fails()

    assert (rows.version, len(rows.changes)) == before
    assert (_found(rows, "p-1"), _found(rows, "p-2"), _found(rows, "p-3")) == ([kept], [], [])
    assert rows.id_by_key(CONTACTS, {"csp_personid": "p-3"}) == ""
    assert heard == [kept]
    rows.create(CONTACTS, {"csp_personid": "p-4"})
    assert len(heard) == 2


def test_a_change_names_its_cause_and_its_time() -> None:
    """Several changes of one request have one cause; the next request has another."""
    rows = Rows(lambda: NOW)
    with rows.caused_by("bulk-1"):
        for title in ("A", "B"):
            rows.create(INCIDENTS, {"title": title})
    rows.create(INCIDENTS, {"title": "C"})

    assert [each.cause for each in rows.changes] == ["bulk-1", "bulk-1", ""]
    assert {each.at for each in rows.changes} == {"2026-06-01T09:00:00Z"}


def test_a_new_row_has_the_state_that_dynamics_gives_it() -> None:
    """A case is active and in progress, a task open."""
    rows = Rows(lambda: NOW)
    case = rows.get(INCIDENTS, rows.create(INCIDENTS, {"title": "A"}))
    task = rows.get(TABLES["task"], rows.create(TABLES["task"], {"subject": "A"}))

    assert (case["statecode"], case["statuscode"], task["statecode"]) == (0, 1, 0)


def test_what_only_the_system_writes_is_left_as_it_is() -> None:
    """A client may write back the row that it read, as python-odata does: that is no mistake."""
    rows = Rows(lambda: NOW)
    kept = rows.create(CONTACTS, {"lastname": "Hill", "createdon": None})
    read = dict(rows.get(CONTACTS, kept))
    written = {"createdon": "2020-01-01T00:00:00Z", "versionnumber": 7, "lastname": "Moss"}
    rows.update(CONTACTS, kept, written)
    now = rows.get(CONTACTS, kept)

    assert (now["createdon"], now["lastname"]) == (read["createdon"], "Moss")
    assert now["versionnumber"] == rows.version != 7
