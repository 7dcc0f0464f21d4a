"""What else happens to crimes: milestones, officers away, crimes reopened, merged and handed on."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from reference.contract.events import Milestone
from simulator.errors import BadInput
from simulator.force.crime_journey import JOURNEY, Change, FurtherEventKind, read_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.event_times import NEVER
from simulator.force.figures import load_figures
from simulator.force.further_events import FurtherEvent, FurtherEvents, further_events
from simulator.streams import Streams


@cache
def crimes() -> Crimes:
    """Make two weeks of crimes of both forces."""
    return make_crimes(
        figures=load_figures(),
        start=date(2026, 6, 1),
        end=date(2026, 6, 15),
        journey=read_journey(),
        streams=Streams(1),
    )


@cache
def found(every: int = 1) -> FurtherEvents:
    """Give the further events of every so many crimes."""
    return further_events(crimes(), np.arange(0, len(crimes()), every), Streams(1))


def of_kind(event: str, events: list[FurtherEvent]) -> list[FurtherEvent]:
    """Give the events of one kind."""
    return [each for each in events if each.event == event]


def ended(row: int) -> int:
    """Find when a crime first ended."""
    at = [int(crimes().seconds[kind][row]) for kind in ("OutcomeRecorded", "CrimeClosed")]
    return min((each for each in at if each != NEVER), default=2**62)


def test_every_milestone_and_every_other_event_happens() -> None:
    """All 21 milestones, and every kind and change that a journey may name."""
    events = found().events

    assert {each.milestone for each in events} - {None} == set(get_args(Milestone))
    assert {each.event for each in events} == set(get_args(FurtherEventKind))
    assert {each.change for each in events} - {None} == set(get_args(Change))


def test_they_happen_in_order_of_time_and_after_what_they_follow() -> None:
    """An arrest follows a suspect, and bail an arrest; a scene comes after an officer."""
    events = found().events
    by_row: dict[tuple[int, object], int] = {
        (each.row, each.milestone): each.at for each in events if each.milestone
    }

    assert [each.at for each in events] == sorted(each.at for each in events)
    for (row, milestone), at in by_row.items():
        if milestone == "suspect_on_bail":
            assert by_row[row, "suspect_arrested"] < at
        if milestone == "suspect_arrested":
            assert by_row[row, "suspect_identified"] < at
        if milestone == "scene_examined":
            assert 0 <= crimes().seconds["OfficerDeployed"][row] < at


def test_nothing_but_what_may_happens_after_the_end() -> None:
    """Hearings, reopening and closing again come after it; no other milestone does.

    Another report of the victim's may be over before or after that.
    """
    for each in found().events:
        if each.milestone == "hearing_listed" or each.event in ("CrimeReopened", "CrimeClosed"):
            assert each.at > ended(each.row)
        elif each.event != "IncidentClosed":
            assert each.at < ended(each.row)


def test_a_crime_that_was_merged_or_handed_on_has_no_more_events() -> None:
    """Its own course stops there; a merger goes into an earlier crime of the force, still open."""
    all_found = found()
    last = {each.row: each.at for each in all_found.events}

    assert all_found.stops
    for row, at in all_found.stops.items():
        assert row in all_found.resumes or last[row] == at
    for each in of_kind("CrimeMerged", all_found.events):
        assert each.into < each.row
        assert crimes().force[each.into] == crimes().force[each.row]
        assert ended(each.into) > each.at
        assert each.into not in all_found.stops or all_found.stops[each.into] > each.at


def test_a_merger_by_mistake_lets_a_crime_go_on() -> None:
    """What happens between the merger and when it is taken back is the other crime's."""
    everything = found()

    assert everything.resumes
    for row, at in everything.resumes.items():
        merged_at = everything.stops[row]
        assert merged_at < at
        assert everything.happens(row, merged_at)
        assert not everything.happens(row, merged_at + 1)
        assert everything.happens(row, at)
        mine = {each.at for each in everything.events if each.row == row}
        assert not [each for each in mine if merged_at < each < at]
    assert {each.row for each in of_kind("CrimeUnmerged", everything.events)} == set(
        everything.resumes
    )


def test_a_portal_may_be_sent_some_kinds_never() -> None:
    """What follows from them does not happen either."""
    kinds = ["IncidentReported", "CrimeUnmerged"]
    some = further_events(crimes(), np.arange(len(crimes())), Streams(1), never=kinds)

    assert not {*kinds, "IncidentClosed"} & {each.event for each in some.events}
    assert some.resumes == {}
    assert of_kind("CrimeCancelled", some.events)


def test_a_report_comes_before_its_crime_or_is_another() -> None:
    """One in ten crimes was reported some hours before it was recorded."""
    reports = of_kind("IncidentReported", found().events)
    before = [each for each in reports if each.before]
    recorded = crimes().seconds["CrimeRecorded"]

    assert all(each.at < recorded[each.row] for each in before)
    assert all(each.at > recorded[each.row] for each in reports if not each.before)
    assert len(before) / len(crimes()) == pytest.approx(0.1, abs=0.01)


def test_an_appointment_moves_before_it_begins() -> None:
    """Nobody moves or calls off what is over."""
    for kind in ("AppointmentChanged", "AppointmentCancelled"):
        for each in of_kind(kind, found().events):
            made = crimes().seconds["AppointmentMade"][each.row]
            assert made < each.at < crimes().appointment_starts[each.row]


def test_a_smaller_share_of_crimes_has_the_same_events() -> None:
    """Apart from mergers, which need another crime that is followed."""
    part = [each for each in found(10).events if each.row not in found().stops]
    whole = [
        each
        for each in found().events
        if each.row % 10 == 0 and each.row not in found().stops | found(10).stops
    ]

    assert [each for each in part if each.row not in found(10).stops] == whole


def test_their_numbers_follow_the_journey() -> None:
    """35% of allocated crimes have a statement, but for those that ended before it was taken."""
    allocated = (crimes().seconds["CrimeAllocated"] != NEVER).sum()
    statements = sum(each.milestone == "statement_taken" for each in found().events)

    assert 0.2 < statements / allocated < 0.35


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('milestone = "scene_examined"\n', "", "give a milestone with MilestoneReached"),
        ('after = "a scene examined"', 'after = "a scene"', "samples sent is after a scene; name"),
        ('name = "samples sent"', 'name = "a scene examined"', "is there twice"),
        ('change = "died"', 'change = "offence"', "change is offence; give one of mailbox, died"),
        ('change = "mailbox"\n', "", "change is None; give one of mailbox, died"),
        ('after = "merged"', 'change = "died"\nafter = "merged"', "change is died; give none"),
        ('to = "domestic_abuse"\n', "", "give to with CrimeReclassified, and only then"),
        ('event = "IncidentReported"\nbefore', 'event = "CrimeCancelled"\nbefore', "may come bef"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each is one sentence that names the entry."""
    text = JOURNEY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "journey.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(BadInput) as error:
        read_journey(path=path)

    assert said in str(error.value)


def test_a_crime_becomes_an_offence_that_there_is(tmp_path: Path) -> None:
    """A subgroup that the figures do not have is named."""
    text = JOURNEY.read_text(encoding="utf-8")
    path = tmp_path / "journey.toml"
    path.write_text(text.replace('to = "Violence with injury"', 'to = "Violence with injuries"'))

    with pytest.raises(BadInput, match="no offence subgroup 'Violence with injuries'"):
        make_crimes(
            figures=load_figures(),
            start=date(2026, 6, 1),
            end=date(2026, 6, 2),
            journey=read_journey(path=path),
            streams=Streams(1),
        )
