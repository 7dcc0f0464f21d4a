"""Every event of the contract happens in a rehearsal, and the reference does right by each."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from reference.contract.events import EVENT_TYPES, CrimeAllocated, OfficerUnavailable
from simulator.evidence.records import (
    AddressGivenUp,
    ContactChosen,
    EventRecorded,
    MessageAccepted,
    PersonKnown,
    SignedIn,
    TextReceived,
    WithdrawalAsked,
)
from simulator.rehearsal.run import CompletedRehearsal, rehearse
from tests.simulator.real_files import ROOT, TARGET, parsed
from tests.simulator.rehearsal.small import write_small

#: Each rehearsal takes seconds; `make test` has that of the golden counts.
pytestmark = pytest.mark.proof

#: What few crimes of a year have, and a small rehearsal would have to be lucky to see.
RARE = 0.08
TIMES = 8


def often(raw: dict[str, Any], folder: Path) -> None:
    """Have what is rare happen often."""
    journey = parsed(ROOT / raw["journey"])
    for each in journey["further"]:
        if each["event"] != "MilestoneReached" and each["share"]["value"] < RARE:
            each["share"]["value"] *= TIMES
        if each.get("change") == "mailbox":
            each["share"]["value"] = 0.4
            each["delay"]["median"]["value"] = 3
        if each["event"].startswith("Persons"):
            each["share"]["value"] = 0.9
            each["delay"]["median"]["value"] = 1
    (folder / "journey.toml").write_text(tomli_w.dumps(journey))
    raw["journey"] = str(folder / "journey.toml")
    raw["officers"]["leaves_in_year"]["value"] = 1
    for name in ("texts_stop", "chooses_channel", "withdraws_support"):
        raw["victims"][name]["value"] = 0.1
    raw["victims"]["tells_force_days_mean"]["value"] = 4


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A small rehearsal in which everything happens."""
    folder = tmp_path_factory.mktemp("eventful")
    path = write_small(folder, rollout=lambda raw: often(raw, folder))
    return rehearse(path, seed=3, fraction=0.004)


def recorded(rehearsed: CompletedRehearsal) -> set[str]:
    """Give the kinds of event that the forces recorded."""
    return {
        each.event_type
        for records in rehearsed.evidence.values()
        for each in records
        if isinstance(each, EventRecorded)
    }


def test_a_crime_whose_officer_leaves_is_given_to_another(
    eventful: CompletedRehearsal,
) -> None:
    """Officers are away until a moment, or have left: then the crime has another officer."""
    recorded_there = [e for e in eventful.evidence["live"] if isinstance(e, EventRecorded)]
    absences = [
        msgspec.json.decode(each.data, type=OfficerUnavailable)
        for each in recorded_there
        if each.event_type == "OfficerUnavailable"
    ]
    given = [
        msgspec.json.decode(each.data, type=CrimeAllocated)
        for each in recorded_there
        if each.event_type == "CrimeAllocated"
    ]
    pairs = [
        (left.officer, now.officer_in_charge)
        for left in absences
        for now in given
        if left.why == "left"
        and now.crime_reference == left.crime_reference
        and now.allocated_at > left.unavailable_at
    ]

    assert any(each.why == "away" and each.until for each in absences)
    assert pairs
    assert all(now is not None and now != before for before, now in pairs)


def failures(rehearsed: CompletedRehearsal) -> list[str]:
    """Give what the judge holds against the portal."""
    return [
        f"{each.requirement}: {each.observed}"
        for judgement in rehearsed.judgements.values()
        for each in judgement.findings
        if each.kind in ("FAIL", "REVIEW")
    ]


@pytest.mark.slow(seconds=10)
def test_every_event_of_the_contract_happens(eventful: CompletedRehearsal) -> None:
    """None is left out that a portal must take."""
    assert recorded(eventful) == set(EVENT_TYPES)


@pytest.mark.slow(seconds=10)
def test_the_reference_does_right_by_all_of_them(eventful: CompletedRehearsal) -> None:
    """No alarm: neither is the portal wrong, nor the judge."""
    assert failures(eventful) == []


@pytest.mark.slow(seconds=10)
def test_who_has_died_does_nothing_more(eventful: CompletedRehearsal) -> None:
    """They neither sign in nor are told."""
    for records in eventful.evidence.values():
        died = {}
        for each in records:
            if isinstance(each, EventRecorded) and b'"has_died":true' in bytes(each.data):
                died[each.crime_reference] = each.at
        people = {f"p{reference[-7:]}": at for reference, at in died.items()}
        late = [
            each
            for each in records
            if isinstance(each, SignedIn) and each.at > people.get(each.person_id, each.at)
        ]
        assert not late


@pytest.mark.slow(seconds=10)
def test_who_has_another_mailbox_reads_that(eventful: CompletedRehearsal) -> None:
    """Messages reach them at the new one, and the old one is nobody's."""
    records = list(eventful.evidence["live"])
    moved = {
        each.email for each in records if isinstance(each, PersonKnown) and "moved." in each.email
    }
    given_up = {each.address for each in records if isinstance(each, AddressGivenUp)}
    told = {each.to for each in records if isinstance(each, MessageAccepted)}

    assert moved & told
    assert given_up
    assert not given_up & moved


@pytest.mark.slow(seconds=10)
def test_a_number_goes_stale_before_the_force_knows(eventful: CompletedRehearsal) -> None:
    """Messages go to a phone that its victim gave up, until an officer writes down the new one."""
    records = list(eventful.evidence["live"])
    given_up = {
        each.address: each.at
        for each in records
        if isinstance(each, AddressGivenUp) and "@" not in each.address
    }
    in_vain = [
        each
        for each in records
        if isinstance(each, MessageAccepted) and each.at > given_up.get(each.to, each.at)
    ]

    assert given_up
    assert in_vain


@pytest.mark.slow(seconds=10)
def test_victims_stop_choose_and_withdraw(eventful: CompletedRehearsal) -> None:
    """Some text STOP, some choose one channel of two, and some ask to support it no longer."""
    records = list(eventful.evidence["live"])

    stops = [each for each in records if isinstance(each, TextReceived)]
    chosen = [each for each in records if isinstance(each, ContactChosen)]
    assert {each.words for each in stops} == {"STOP"}
    assert {len(each.channels) for each in chosen} == {1}
    assert [each for each in records if isinstance(each, WithdrawalAsked)]


@pytest.mark.slow(seconds=10)
def test_a_portal_is_sent_what_it_claims(tmp_path: Path) -> None:
    """One without incidents, and without mergers taken back, is sent none of them."""
    target = parsed(TARGET)
    needed = {"incidents", "crimes_unmerged", "persons_merged"}
    target["claims"]["capabilities"] = [
        each for each in target["claims"]["capabilities"] if each not in needed
    ]
    (tmp_path / "target.toml").write_text(tomli_w.dumps(target))

    def change(raw: dict[str, Any]) -> None:
        often(raw, tmp_path)
        raw["target"] = str(tmp_path / "target.toml")

    rehearsed = rehearse(write_small(tmp_path, rollout=change), seed=3, fraction=0.001)
    sent = recorded(rehearsed)

    assert not {"IncidentReported", "IncidentClosed", "CrimeUnmerged", "PersonsMerged"} & sent
    assert {"CrimeMerged", "CrimeCancelled", "CrimeReclassified"} <= sent
    assert failures(rehearsed) == []


@pytest.mark.proof
def test_at_the_journeys_own_rates_every_event_happens(tmp_path: Path) -> None:
    """In a rehearsal of moderate size, and the judge is content."""
    path = write_small(tmp_path, rollout=lambda raw: raw["calendar"].update(quarter_weeks=13))
    rehearsed = rehearse(path, seed=1, fraction=0.04)

    assert recorded(rehearsed) == set(EVENT_TYPES)
    assert failures(rehearsed) == []
