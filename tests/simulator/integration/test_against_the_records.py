"""Our own maps carry every change of the records that the judge takes for an event, and no other.

The two are written apart: where they differ, a victim is missed, or an integration is blamed.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs

from reference.contract.events import AnyEvent, CloudEvent
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.evidence.records import ChangesSeenAsOne, EventDelivered, Record
from simulator.files.paths import ROOT
from simulator.integration.map_file import read_map
from simulator.integration.source import Reading, ReadRow
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES, Table
from simulator.neighbours.force_api.fields import ResourceType, as_tables, read_fields
from simulator.neighbours.force_api.resources import shown
from tests.examples import examples
from tests.simulator.integration.forces import RULES, Force, Portal

TYPES = read_fields()
BY_FORCE_API = structs.replace(
    read_map(ROOT / "scenarios" / "integration" / "force_api.toml"), retries=RULES.retries
)

#: What an officer may do to a case; each is a change of some columns.
CASE = st.sampled_from(
    [
        {"csp_team": "Team A"},
        {"csp_team": "Team B"},
        {"csp_team": None},
        {"csp_milestone": "scene_examined"},
        {"csp_milestone": "suspect_arrested"},
        {"csp_milestone": None},
        {"csp_deployedat": "2026-06-01T08:00:00Z"},
        {"csp_deployedat": "2026-06-01T08:30:00Z"},
        {"statecode": 1, "csp_outcome": "18"},
        {"statecode": 1, "csp_outcome": "16", "csp_decidedby": 2},
        {"statecode": 0},
        {"statecode": 2},
        {"title": "Theft", "csp_offencecode": "44", "csp_offencegroup": "Other theft offences"},
        {"csp_safeguarding": "hate_crime; domestic_abuse"},
        {"csp_mergedinto@odata.bind": "OTHER"},
        {"csp_mergedinto@odata.bind": None},
        {"description": "The force's own words"},
    ]
)
#: What may be put back before anybody has read it.
TAKEN_BACK = st.sampled_from(
    [
        {"csp_team": "Team A"},
        {"csp_team": None},
        {"statecode": 1, "csp_outcome": "18"},
        {"statecode": 0, "csp_outcome": None},
        {"statecode": 2},
        {"title": "Theft", "csp_offencecode": "44"},
        {"title": "Burglary", "csp_offencecode": "28A"},
    ]
)
#: As what a crime may be recorded.
OFFENCE = st.sampled_from(
    [
        {"title": "Theft", "csp_offencecode": "44", "csp_offencegroup": "Other theft offences"},
        {"title": "Burglary", "csp_offencecode": "28A"},
        {"csp_safeguarding": "hate_crime; domestic_abuse"},
        {"csp_safeguarding": None},
    ]
)
#: What may be done to a person.
PERSON = st.sampled_from(
    [
        {"mobilephone": "07700900456"},
        {"mobilephone": None},
        {"emailaddress1": "sam@example.com"},
        {"csp_safetocontact": 2},
        {"preferredcontactmethodcode": 2},
        {"csp_hasdied": True},
        {"birthdate": "1980-02-29"},
        {"firstname": "Sam", "lastname": None, "telephone1": "01865 496 0000"},
        {"csp_enhancedrights": True, "csp_isrestricted": False},
        {"csp_ispoliceemployee": True, "csp_agreedworddigest": "d" * 64},
        {"gendercode": 1},
    ]
)


#: What may be done to an appointment.
APPOINTMENT = st.sampled_from(
    [
        {"scheduledstart": "2026-06-02T09:00:00Z"},
        {"scheduledstart": "2026-06-03T09:00:00Z"},
        {"location": "Oxford police station"},
        {"scheduledend": "2026-06-03T10:00:00Z"},
        {"statecode": 3},
        {"statecode": 2},
        {"statecode": 1},
    ]
)


class _ByForceApi:
    """The same rows, as the force's own API shows them to an integration."""

    tables = as_tables(TYPES)

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def close(self) -> None:
        """Nothing is open."""

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Give what has changed since the cursor, each record as it now is."""
        changes = self._rows.changes_after(int(cursor("changes") or 0))
        latest = {(each.table, each.row_id): each for each in changes}
        found = [
            ReadRow(table=kind.name, row_id=each.row_id, row=self._shown(kind, each.row_id))
            for each in sorted(latest.values(), key=lambda one: one.version)
            for kind in TYPES.values()
            if kind.table.name == each.table and kind.name in tables
        ]
        yield Reading(stream="changes", rows=found, cursor=str(self._rows.version))

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read one record."""
        kind = TYPES[table.name]
        return self._shown(kind, row_id) if self._rows.has(kind.table, row_id) else None

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Nobody asks for one by its key here."""
        raise NotImplementedError

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the records that name one."""
        kind = TYPES[table.name]
        rows = [
            self._shown(kind, str(each[kind.table.id_column]))
            for each in self._rows.all(kind.table)
        ]
        return [each for each in rows if each.get(column) == row_id]

    def make_once(
        self, table: Table, key: str, value: str, row: Any, *, correlation_id: str
    ) -> bool:
        """Nothing is filed here."""
        raise NotImplementedError

    def _shown(self, kind: ResourceType, row_id: str) -> dict[str, Any]:
        row = self._rows.get(kind.table, row_id)
        resource = shown(kind, row)
        links = {
            name: each["data"] and each["data"]["id"]
            for name, each in resource["relationships"].items()
        }
        own = {"id": row_id, "versionnumber": row["versionnumber"], "modifiedon": row["modifiedon"]}
        return {**resource["attributes"], **links, **own}


class _Beside:
    """A force whose records tell the judge, and an integration that reads them."""

    def __init__(self, *, by_force_api: bool = False) -> None:
        self.force = force = Force(Portal())
        if by_force_api:
            force.rules = BY_FORCE_API
            force.system = _ByForceApi(force.rows)  # type: ignore[assignment]
            force.flow = force.new_flow()
        self.notes: list[Record] = []
        self.recorded: dict[str, AnyEvent] = {}
        self.deliveries = MatchedDeliveries(self.notes.append, lambda *_: None, self._now)
        self.crimes = KeptCrimeSystem(self._now, Journal(), force.rows)
        self.crimes.on_recorded = self._expect
        force.portal.deliver = self._deliver
        self.victim = force.victim()
        self.other = force.crime(self.victim, 2)
        self.crime = force.crime(self.victim)
        self.read()

    def _now(self) -> Any:
        return self.force.now

    def _expect(self, event_id: str, event: AnyEvent) -> None:
        self.recorded[event_id] = event
        self.deliveries.recorded(event_id, event)

    def _deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int, str]:
        envelopes = [msgspec.json.decode(each, type=CloudEvent) for each in events]
        self.deliveries.delivered(envelopes, 202, correlation_id, self.force.now)
        return 202, ""

    def change(self, values: dict[str, Any], *, later: timedelta = timedelta(minutes=10)) -> None:
        """Let an officer do something after some time; after long, it is read."""
        self.force.now += later
        columns = TABLES["contact"].by_name
        is_person = all(each in columns and each != "statecode" for each in values)
        table, row_id = ("contact", self.victim) if is_person else ("incident", self.crime)
        bound = f"/incidents({self.other})"
        given = {name: bound if each == "OTHER" else each for name, each in values.items()}
        self.force.change(table, row_id, **given)
        if later >= timedelta(minutes=10):
            self.read()

    def read(self) -> None:
        """Let the integration read and deliver."""
        self.force.step()
        self.force.step(minutes=10)

    def appoint(self, changes: list[dict[str, Any]], *, later: timedelta) -> None:
        """Let an officer make an appointment about the crime, and change it."""
        about = {"regardingobjectid_incident@odata.bind": f"/incidents({self.crime})"}
        start = "2026-06-02T09:00:00Z"
        made = self.force.make("appointment", scheduledstart=start, **about)
        for each in changes:
            if later >= timedelta(minutes=10):
                self.read()
            self.force.now += later
            self.force.change("appointment", made, **each)
        self.read()

    @property
    def lost(self) -> list[str]:
        """What the force recorded, and the portal never got."""
        arrived = {
            each.event_id
            for each in self.notes
            if isinstance(each, EventDelivered | ChangesSeenAsOne)
        }
        return [type(event).__name__ for key, event in self.recorded.items() if key not in arrived]

    @property
    def made_up(self) -> list[str]:
        """What the portal got, and the force never recorded; what it got altered, by its fields."""
        return [
            f"{each.event_id} {each.otherwise}"
            for each in self.notes
            if isinstance(each, EventDelivered)
            and (
                each.event_id not in self.recorded
                or (each.otherwise is not UNSET and each.otherwise.altered)
            )
        ]


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(CASE | PERSON, max_size=8), by_force_api=st.booleans())
def test_nothing_is_lost_and_nothing_is_made_up(
    changes: list[dict[str, Any]], *, by_force_api: bool
) -> None:
    """Whatever an officer does, in whatever order, with time for each to be read."""
    beside = _Beside(by_force_api=by_force_api)
    for each in changes:
        beside.change(each)

    assert (beside.lost, beside.made_up) == ([], [])
    assert beside.force.troubles == []


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(TAKEN_BACK | PERSON, max_size=8), by_force_api=st.booleans())
def test_what_changes_again_before_it_is_read_is_not_lost(
    changes: list[dict[str, Any]], *, by_force_api: bool
) -> None:
    """Only what stands then is told: the rest counts as seen with it, or was put back."""
    beside = _Beside(by_force_api=by_force_api)
    for each in changes:
        beside.change(each, later=timedelta(seconds=20))
    beside.read()

    assert (beside.lost, beside.made_up) == ([], [])


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(OFFENCE | PERSON, min_size=1, max_size=4), by_force_api=st.booleans())
def test_what_changes_before_a_crime_is_first_read_is_not_lost(
    changes: list[dict[str, Any]], *, by_force_api: bool
) -> None:
    """The new crime says what stands by then, and is not altered for that."""
    beside = _Beside(by_force_api=by_force_api)
    beside.force.now += timedelta(minutes=10)
    beside.crime = beside.force.crime(beside.victim, 3)
    for each in changes:
        beside.change(each, later=timedelta(seconds=20))
    beside.read()

    assert (beside.lost, beside.made_up) == ([], [])


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(named=st.lists(st.integers(0, 2), max_size=4), by_force_api=st.booleans())
def test_a_victim_who_is_named_later_is_not_lost(named: list[int], *, by_force_api: bool) -> None:
    """Whom a case names may change, and there may be nobody."""
    beside = _Beside(by_force_api=by_force_api)
    other = beside.force.make("contact", csp_personid="p-2", mobilephone="07700900456")
    for each in named:
        bound = (None, f"/contacts({beside.victim})", f"/contacts({other})")[each]
        beside.force.now += timedelta(minutes=10)
        beside.force.change("incident", beside.crime, **{"customerid_contact@odata.bind": bound})
        beside.read()

    assert (beside.lost, beside.made_up) == ([], [])
    assert beside.force.troubles == []


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(APPOINTMENT, max_size=5), by_force_api=st.booleans())
def test_no_appointment_is_lost_or_made_up(
    changes: list[dict[str, Any]], *, by_force_api: bool
) -> None:
    """It is made, moved and cancelled, with time for each to be read."""
    beside = _Beside(by_force_api=by_force_api)
    beside.appoint(changes, later=timedelta(minutes=10))

    assert (beside.lost, beside.made_up) == ([], [])
    assert beside.force.troubles == []


@pytest.mark.parametrize("left_out", ["CrimeClosed", "CrimeReopened", "VictimDetailsChanged"])
def test_a_map_that_leaves_a_rule_out_is_seen(left_out: str) -> None:
    """The comparison has teeth."""
    beside = _Beside()
    kept = tuple(each for each in RULES.events if each.type != left_out)
    beside.force.rules = structs.replace(RULES, events=kept)
    beside.force.flow = beside.force.new_flow()
    for each in (
        {"statecode": 1, "csp_outcome": "18"},
        {"statecode": 0},
        {"mobilephone": "07700900456"},
    ):
        beside.change(each)

    assert set(beside.lost) == {left_out}


def test_both_maps_make_the_same_kinds_of_event() -> None:
    """Whichever system a force has, its victims are told the same."""
    assert {each.type for each in RULES.events} == {each.type for each in BY_FORCE_API.events}
