"""A whole rehearsal, on a small rollout: it can be repeated, and it reports what happened."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from simulator import __file__ as package
from simulator.clock import LONDON
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventRecorded, MessageAccepted, PersonKnown, Record
from simulator.rehearsal import run
from simulator.rehearsal.kept_evidence import victim_ids
from simulator.rehearsal.outputs import write_rehearsal
from simulator.rehearsal.run import CompletedRehearsal
from simulator.results.values import Period, RehearsalResult
from tests.simulator.rehearsal.small import (
    FRACTION,
    GO_LIVE,
    as_json,
    rehearse_small,
    write_small,
)

TESTS = ("Phase 1 test", "Phase 2 test", "Phase 3 test")


def period(rehearsed: CompletedRehearsal, name: str) -> Period:
    """Find one period."""
    return next(each for each in rehearsed.result.periods if each.name == name)


def events(records: Sequence[Record], kind: str) -> Iterator[EventRecorded]:
    """Give the events of one kind."""
    for each in records:
        if isinstance(each, EventRecorded) and each.event_type == kind:
            yield each


def go_live() -> datetime:
    """Give the moment phase 1 goes live."""
    day = GO_LIVE["phase_1"]
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def crimes_by_event(records: Sequence[Record]) -> dict[str, str]:
    """Give the crime of each event."""
    return {e.event_id: e.crime_reference for e in records if isinstance(e, EventRecorded)}


@pytest.mark.proof
@pytest.mark.slow(seconds=6)
def test_the_same_seed_gives_the_same_bytes(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """The result is the same byte for byte, wherever and whenever it runs."""
    again = rehearse_small(tmp_path)

    assert as_json(again) == as_json(ordinary)
    # The portal's own keys are random; who did what and when is not.
    for name, records in ordinary.evidence.items():
        assert [(type(each), each.at) for each in again.evidence[name]] == [
            (type(each), each.at) for each in records
        ]


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_another_seed_gives_another_history(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """Another seed has other crimes, messages and calls."""
    other = rehearse_small(tmp_path, seed=2)

    assert other.result.seed == 2
    assert [p.crimes for p in other.result.periods] != [p.crimes for p in ordinary.result.periods]
    assert other.result.weeks != ordinary.result.weeks


def test_the_result_holds_no_time_of_day_and_no_path(
    ordinary: CompletedRehearsal, tmp_path: Path
) -> None:
    """It has nothing about the machine or the time, so results can be compared."""
    write_rehearsal(ordinary, tmp_path)
    text = (tmp_path / "rehearsal.json").read_text(encoding="utf-8")

    assert str(Path(package).parents[1]) not in text
    assert str(tmp_path.parent) not in text
    assert f"{date.today():%Y-%m-%d}T" not in text  # noqa: DTZ011
    assert msgspec.json.decode(text, type=RehearsalResult) == ordinary.result


def test_what_is_written_can_be_read(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """Result, evidence and report are written, and writing twice gives the same result file."""
    write_rehearsal(ordinary, tmp_path / "a" / "b")
    write_rehearsal(ordinary, tmp_path)

    names = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert names == {"rehearsal.json", "evidence.ndjson", "report.html"}
    assert (tmp_path / "rehearsal.json").read_bytes() == (
        tmp_path / "a" / "b" / "rehearsal.json"
    ).read_bytes()
    records = read_evidence([tmp_path / "evidence.ndjson"])
    assert len(records) > 100


def test_the_build_has_no_portal(ordinary: CompletedRehearsal) -> None:
    """During the build nobody is invited, nothing is sent, and no call is avoided."""
    build = period(ordinary, "Build")

    assert build.crimes > 1000
    assert build.phase == build.followed == build.invited == build.registered == 0
    assert build.delivered == build.questions_asked == 0
    assert (build.messages, build.undeliverable, build.not_reached) == ({}, 0, {})
    assert build.update_calls_with == build.update_calls_without


def test_a_phase_has_its_features(ordinary: CompletedRehearsal) -> None:
    """Invitations begin in phase 1, journeys in phase 2, questions and replies in phase 3."""
    for each in ordinary.result.periods[1:]:
        assert each.messages["invitation"] > 0
        if each.phase < 2:
            assert "journey" not in each.messages
        if each.phase < 3:
            assert "reply" not in each.messages
            assert each.questions_asked == 0
    last = period(ordinary, "Phase 3 live")
    assert last.messages["journey"] > 0
    assert last.questions_asked >= last.questions_answered > 0
    assert last.answer_hours_median is not None


def test_crimes_open_at_go_live_cause_no_message(ordinary: CompletedRehearsal) -> None:
    """They are handed over, but no message is about them."""
    records = ordinary.evidence["live"]
    before = {
        each.crime_reference
        for each in events(records, "CrimeRecorded")
        if msgspec.json.decode(each.data, type=_WhenRecorded).recorded_at < go_live()
    }
    crime_of = crimes_by_event(records)

    assert before
    assert any(each.crime_reference in before for each in events(records, "CrimeClosed"))
    about = {
        crime_of.get(each.reference, each.reference)
        for each in records
        if isinstance(each, MessageAccepted)
    }
    assert about.isdisjoint(before)
    assert about & set(crime_of.values())


class _WhenRecorded(msgspec.Struct):
    recorded_at: datetime


@pytest.mark.parametrize("name", TESTS)
def test_a_test_period_is_for_its_own_people(ordinary: CompletedRehearsal, name: str) -> None:
    """Testers' crimes are from their weeks; anyone else who is told holds a wrong address."""
    records = ordinary.evidence[name]
    span = period(ordinary, name)
    crimes = list(events(records, "CrimeRecorded"))
    victims = [victim_ids(each) for each in crimes]
    mine = set().union(*victims)

    assert len(crimes) == span.followed == 8
    assert len(mine) == sum(map(len, victims))
    people = [each for each in records if isinstance(each, PersonKnown)]
    assert {each.person_id for each in people if each.role == "victim"} == mine
    for each in events(records, "CrimeRecorded"):
        assert span.starts <= each.at.astimezone(LONDON).date() <= span.ends
    named = {getattr(each, "person_id", "") for each in records} - {""}
    assert named <= {each.person_id for each in people}
    references = {each.crime_reference for each in crimes}
    assert {getattr(each, "crime_reference", "") for each in records} - {""} <= references
    assert all(each.at.astimezone(LONDON).date() <= span.ends for each in records)


def test_worlds_never_share_an_event(ordinary: CompletedRehearsal) -> None:
    """Four portals share one clock, each with its own events."""
    ids = [
        each.event_id
        for records in ordinary.evidence.values()
        for each in records
        if isinstance(each, EventRecorded)
    ]

    assert set(ordinary.evidence) == {"live", *TESTS}
    assert len(ids) == len(set(ids))


def test_no_call_is_avoided_before_the_portal_is_there(ordinary: CompletedRehearsal) -> None:
    """Until go-live, the weeks with and without the portal are equal."""
    weeks = ordinary.result.weeks
    before = [each for each in weeks if each.starts < GO_LIVE["phase_1"]]

    assert len(before) == 2
    for each in before:
        assert each.update_calls_with == each.update_calls_without > 0
        assert each.calls_101_with == each.calls_101_without
    assert sum(w.update_calls_with for w in weeks) < sum(w.update_calls_without for w in weeks)


def test_the_figures_fit_together(ordinary: CompletedRehearsal) -> None:
    """Parts are no larger than their wholes, and periods add up to their weeks."""
    result = ordinary.result
    for each in result.periods:
        assert each.followed <= each.with_victim < each.crimes
        assert each.eligible <= each.with_victim
        assert each.questions_answered <= each.questions_asked
        assert each.update_calls_with <= each.calls_101_with
        assert 0 <= each.abandoned_999_with <= 1
        found = each.delivered + each.misdirected_avoidable + each.misdirected_unavoidable
        assert found + each.undeliverable == sum(each.messages.values())
    live = [each for each in result.periods if not each.is_test]
    weeks_of_tests = [each for each in result.periods if each.name == "Phase 1 test"]
    total = sum(each.calls_101_without for each in (*live, *weeks_of_tests))
    assert total == sum(each.calls_101_without for each in result.weeks)
    assert result.verdict in {"PASS", "WARNING"}
    assert not result.failures


def test_calls_do_not_scale_down(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """Following half as many crimes gives about as many update calls: each stands for two."""
    fewer = rehearse_small(tmp_path, fraction=FRACTION / 2)

    first, second = (
        sum(each.update_calls_without for each in run.result.weeks) for run in (fewer, ordinary)
    )
    assert second == pytest.approx(first, rel=0.2)
    # The crimes followed of few are followed of many, too.
    small, large = (
        {each.crime_reference for each in events(run.evidence["live"], "CrimeRecorded")}
        for run in (fewer, ordinary)
    )
    assert small < large
    assert list(ordinary.evidence["Phase 1 test"]) == list(fewer.evidence["Phase 1 test"])


def test_every_number_has_its_source(ordinary: CompletedRehearsal) -> None:
    """Each parameter of the run is listed once, with a source or an assumption."""
    parameters = ordinary.result.parameters

    names = [each.name for each in parameters]
    assert len(names) == len(set(names))
    assert len(names) > 60
    assert all(bool(each.source) != bool(each.assumed) for each in parameters)
    assert any("registers" in name for name in names)
    assert any("patience" in name for name in names)
    robbery = [each for each in parameters if "grades_by_offence: robbery: " in each.name]
    assert [each.value for each in robbery] == [0.4, 0.35, 0.15, 0.1]


def test_the_notes_say_what_the_portal_explains(ordinary: CompletedRehearsal) -> None:
    """The notes give the fall in calls, its ceiling, and how many crimes were followed."""
    notes = " ".join(ordinary.result.notes)

    assert "It could account for" in notes
    assert f"{FRACTION:.2%} of the crimes with a person as victim were followed" in notes
    assert "put 8 crimes a week through it" in notes


def test_days_are_reported_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every day is reported once, with a share that grows."""
    monkeypatch.setattr(run, "start_portal", _no_portal)
    seen: list[tuple[date, float]] = []

    with pytest.raises(_EnoughError):
        run.rehearse(write_small(tmp_path), on_day=lambda day, share: seen.append((day, share)))

    days = [day for day, _share in seen]
    assert np.all(np.diff([day.toordinal() for day in days]) == 1)
    assert [share for _day, share in seen] == sorted(share for _day, share in seen)
    assert 0 < seen[0][1] < seen[-1][1] < 1


class _EnoughError(Exception):
    """The test has seen enough."""


def _no_portal(*_parts: object) -> None:
    raise _EnoughError


def test_each_portal_is_told_of_the_phases_on_its_way_in_order(
    ordinary: CompletedRehearsal, phases_told: dict[int, list[int]]
) -> None:
    """The live one passes all three; each under test goes to its own by those before."""
    assert ordinary.result.periods
    assert sorted(phases_told.values()) == [[1], [1, 2], [1, 2, 3], [1, 2, 3]]
