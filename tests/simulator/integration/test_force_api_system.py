"""The system layer reads the force's own API page by page, and writes each record once."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.integration.force_api_system import STREAM, ForceApiSystem
from simulator.integration.map_file import ForceApiSource
from simulator.integration.source import CursorLost, SourceRefused, SourceUnreachable
from simulator.processes.loopback import free_port, serving
from tests.simulator.neighbours.force_api.double import TOKEN, TYPES, ForceApi

UNKNOWN = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"


@pytest.fixture
def force() -> ForceApi:
    """The records of a force."""
    return ForceApi()


@pytest.fixture
def system(force: ForceApi) -> Iterator[ForceApiSystem]:
    """Its API, served, and a client of it."""
    with serving(force.app, free_port()) as url:
        found = ForceApiSystem(ForceApiSource(url=url), TOKEN)
        yield found
        found.close()


def test_changes_are_read_to_the_end_and_go_on_from_there(
    force: ForceApi, system: ForceApiSystem
) -> None:
    """More than one page of them; those of other tables are passed over."""
    for number in range(501):
        force.person(f"P-{number}")
    crime = force.occurrence(victim=force.person("victim"))
    read = list(system.readings(("occurrence",), lambda _stream: ""))
    cursor = read[-1].cursor
    force.changed("occurrences", "occurrence", crime, team="Team A")
    [then] = system.readings(("occurrence",), lambda _stream: cursor)

    assert [len(each.rows) for each in read] == [0, 1]
    assert {each.stream for each in read} == {STREAM}
    [row] = then.rows
    assert (row.table, row.row_id) == ("occurrence", crime)
    assert row.row is not None
    assert (row.row["team"], row.row["status"]) == ("Team A", "open")
    assert row.row["victim"] == read[1].rows[0].row["victim"]  # type: ignore[index]


def test_a_record_that_is_gone_is_read_as_gone(force: ForceApi, system: ForceApiSystem) -> None:
    """So that nothing is made of it again."""
    person = force.person()
    force.rows.delete(TYPES["person"].table, person)
    [reading] = system.readings(("person",), lambda _stream: "")

    assert [(each.row_id, each.row) for each in reading.rows] == [(person, None)]


def test_a_cursor_of_other_records_is_lost(system: ForceApiSystem) -> None:
    """Then all is read again."""
    with pytest.raises(CursorLost):
        list(system.readings(("person",), lambda _stream: "cffffff"))


def test_a_record_is_made_once_and_found(force: ForceApi, system: ForceApiSystem) -> None:
    """By its key, by its id, and by what it is about."""
    crime = force.occurrence("43/2026 & more")
    entries = system.tables["enquiryLogEntry"]
    row = {"text": "Is there news?", "occurrence": crime, "entryType": "fromVictim"}
    made = [
        system.make_once(entries, "externalKey", "k-1", row, correlation_id="c-1") for _ in range(2)
    ]
    other = {**row, "text": "Something else"}
    made.append(system.make_once(entries, "externalKey", "k-1", other, correlation_id="c-1"))
    occurrences = system.tables["occurrence"]
    found = system.row_by_key(occurrences, "occurrenceNumber", "43/2026 & more")

    assert made == [True, False, False]
    assert found is not None
    assert found == system.row(occurrences, crime)
    assert system.row(occurrences, UNKNOWN) is None
    assert system.row_by_key(occurrences, "occurrenceNumber", "x") is None
    [entry] = system.rows_about(entries, "occurrence", crime)
    assert (entry["text"], entry["externalKey"]) == ("Is there news?", "k-1")
    assert force.rows.changes[-1].cause == "c-1"


def test_a_write_that_is_refused_says_why(system: ForceApiSystem) -> None:
    """The place of the fault comes with it."""
    row = {"text": "x", "entryType": "weather"}
    with pytest.raises(SourceRefused, match="422 /data/attributes/entryType One of"):
        system.make_once(
            system.tables["enquiryLogEntry"], "externalKey", "k-1", row, correlation_id=""
        )


def test_a_subscription_replaces_the_one_of_an_earlier_run(
    force: ForceApi, system: ForceApiSystem
) -> None:
    """There is one for each address, and it ends with the run."""
    url = "http://127.0.0.1:9000/source-events"
    (_, first), (last_id, last) = system.subscribe(url), system.subscribe(url)
    kept = [each.secret for each in force.subscriptions.all()]
    system.unsubscribe(last_id)

    assert kept == [last]
    assert first != last
    assert force.subscriptions.all() == []


@pytest.mark.parametrize(("status", "wait"), [(503, 0.0), (429, 7.0)])
def test_an_api_that_is_down_is_asked_again_later(status: int, wait: float) -> None:
    """It says itself how long to wait."""

    async def down(_request: Request) -> Response:
        return Response(status_code=status, headers={"retry-after": f"{wait:.0f}"})

    app = Starlette(routes=[Route("/{path:path}", down)])
    with serving(app, free_port()) as url:
        system = ForceApiSystem(ForceApiSource(url=url), TOKEN)
        with pytest.raises(SourceUnreachable) as trouble:
            list(system.readings(("person",), lambda _stream: ""))
        system.close()
    with pytest.raises(SourceUnreachable, match="the force's API: "):
        system.row(system.tables["person"], UNKNOWN)

    assert trouble.value.wait_seconds == wait
