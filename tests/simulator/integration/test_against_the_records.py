"""Our own maps carry every change of the records that the judge takes for an event, and no other.

The two are written apart: where they differ, a victim is missed, or an integration is blamed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeAlias, cast

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import AnyEvent, CloudEvent
from simulator.doubles.integration_findings import integration_findings
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.evidence.records import (
    ChangesSeenAsOne,
    EventDelivered,
    EventRecorded,
    Record,
)
from simulator.files.paths import ROOT
from simulator.integration.map_file import read_map
from simulator.integration.source import Reading, ReadRow
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES, Table
from simulator.neighbours.force_api.fields import ResourceType, as_tables, read_fields
from simulator.neighbours.force_api.resources import shown
from simulator.verdicts import Finding
from tests.examples import examples
from tests.simulator.integration.forces import RULES, Force, Portal

Spoil: TypeAlias = Callable[[list[CloudEvent]], list[list[CloudEvent]]]
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
            ReadRow(
                table=kind.name,
                row_id=each.row_id,
                row=None if each.after is None else self._shown(kind, each.row_id),
            )
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
        #: What stands between the integration and the door: it makes of one delivery several.
        self.spoil: Spoil = lambda delivery: [delivery]
        self.deliveries = MatchedDeliveries(self.notes.append, lambda *_: None, self._now)
        self.crimes = KeptCrimeSystem(self._now, Journal(), force.rows)
        self.crimes.on_recorded = self._expect
        self.crimes.tell_corrections(self.deliveries.corrected)
        self.crimes.on_deleted = self.deliveries.withdrawn
        self.deliveries.withdraw = self.crimes.withdraw
        force.portal.deliver = self._deliver
        self.victim = force.victim()
        self.other = force.crime(self.victim, 2)
        self.crime = force.crime(self.victim)
        self.read()

    def _now(self) -> Any:
        return self.force.now

    def _expect(self, event_id: str, event: AnyEvent) -> None:
        self.recorded[event_id] = event
        self.notes.append(
            EventRecorded(
                at=self.force.now,
                event_id=event_id,
                event_type=type(event).__name__,
                crime_reference=event.crime_reference,
                happened_at=self.force.now,
                data=msgspec.Raw(msgspec.json.encode(event)),
            )
        )
        self.deliveries.recorded(event_id, event)

    def _deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int, str]:
        envelopes = [msgspec.json.decode(each, type=CloudEvent) for each in events]
        for delivery in self.spoil(envelopes):
            first = self.deliveries.arrived(delivery)
            self.deliveries.delivered(delivery, 202, correlation_id, self.force.now, first)
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
        """What the integration did wrong: it altered, made up, told again, or told too late."""
        return [each.observed for each in self.findings]

    @property
    def findings(self) -> list[Finding]:
        """What is found of the integration, without what it lost."""
        return integration_findings(self.notes)


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


def _again(delivery: list[CloudEvent]) -> list[list[CloudEvent]]:
    return [delivery, [structs.replace(each, id=f"{each.id}-2") for each in delivery]]


def _again_at_once(delivery: list[CloudEvent]) -> list[list[CloudEvent]]:
    first, second = _again(delivery)
    return [first + second]


def _late_milestones() -> Spoil:
    """Hold milestones back until the crime is closed."""
    held: list[CloudEvent] = []

    def spoil(delivery: list[CloudEvent]) -> list[list[CloudEvent]]:
        held.extend(each for each in delivery if each.type == "MilestoneReached")
        on_time = [each for each in delivery if each not in held]
        is_over = any(each.type == "CrimeClosed" for each in delivery)
        return [on_time, held] if is_over else [on_time]

    return spoil


def _other_mobile(delivery: list[CloudEvent]) -> list[list[CloudEvent]]:
    def altered(each: CloudEvent) -> CloudEvent:
        return structs.replace(
            each, data=msgspec.Raw(bytes(each.data).replace(b"07700900456", b"07700900789"))
        )

    return [[altered(each) for each in delivery]]


@pytest.mark.parametrize("by_force_api", [False, True])
@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda: _again, {"duplicated": 3, "noise": 2}),
        (lambda: _again_at_once, {"duplicated": 3, "noise": 2}),
        (_late_milestones, {"out of order": 1}),
        (lambda: _other_mobile, {"misdirected": 2}),
        (lambda: lambda delivery: [delivery, delivery], {}),
    ],
)
def test_what_spoils_deliveries_on_the_way_is_found(
    spoil: Callable[[], Spoil], found: dict[str, int], *, by_force_api: bool
) -> None:
    """Each of them, and nothing of one that delivers twice by the same ids."""
    beside = _Beside(by_force_api=by_force_api)
    beside.spoil = spoil()
    for each in (
        {"csp_team": "Team A"},
        {"csp_milestone": "scene_examined"},
        {"mobilephone": "07700900456"},
        {"statecode": 1, "csp_outcome": "18"},
    ):
        beside.change(each)

    assert Counter(each.harm for each in beside.findings) == found
    assert beside.lost == []


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


def _is_no_merger(change: object) -> bool:
    """Say whether a case is not merged: its record goes on in another's."""
    return "csp_mergedinto@odata.bind" not in cast("dict[str, Any]", change)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(CASE.filter(_is_no_merger), max_size=4),
    minutes=st.sampled_from([0.3, 10]),
    by_force_api=st.booleans(),
    is_new=st.booleans(),
)
def test_a_case_that_is_deleted_is_lost_to_nobody(
    changes: list[dict[str, Any]], minutes: float, *, by_force_api: bool, is_new: bool
) -> None:
    """Whatever happened to it, and however soon, it is withdrawn or has ended before."""
    beside = _Beside(by_force_api=by_force_api)
    later = timedelta(minutes=minutes)
    if is_new:
        beside.force.now += timedelta(minutes=10)
        beside.crime = beside.force.crime(beside.victim, 3)
        if later >= timedelta(minutes=10):
            beside.read()
    for each in changes:
        beside.change(each, later=later)
    if later >= timedelta(minutes=10):
        beside.read()
    beside.force.now += later
    beside.force.rows.delete(TABLES["incident"], beside.crime)
    beside.read()

    assert (beside.lost, beside.made_up) == ([], [])


@pytest.mark.parametrize("left_out", [(), ("closure",), ("closure", "deletion")])
def test_an_integration_that_swallows_an_end_of_a_deleted_case_is_found(
    left_out: tuple[str, ...],
) -> None:
    """One that reads only what is gone may say that; one that says nothing at all has lost it."""
    beside = _Beside()
    beside.spoil = lambda delivery: [
        [
            each
            for each in delivery
            if not ("closure" in left_out and each.type == "CrimeClosed")
            and not ("deletion" in left_out and each.type == "CrimeCancelled")
        ]
    ]
    beside.change({"statecode": 1, "csp_outcome": "18"}, later=timedelta(seconds=20))
    if left_out == ("closure",):
        # It reads the closure, and loses it: what it says of the deletion is no excuse for that.
        beside.read()
        beside.force.now += timedelta(hours=1)
    beside.force.rows.delete(TABLES["incident"], beside.crime)
    beside.read()

    assert beside.lost == (["CrimeClosed"] if left_out else [])
    assert beside.made_up == []
