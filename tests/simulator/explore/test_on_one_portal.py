"""A portal that runs already is explored by its URL: later and later, with new people each time."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import CloudEvent, CrimeRecorded
from simulator.clock import LONDON
from simulator.drivers.base import Delivery
from simulator.drivers.http import HttpDriver
from simulator.errors import BadInput, PortalUnreachable
from simulator.explore import effort, on_one_portal, run, time_given
from simulator.explore.edge_kind import DURATION, MOMENT
from simulator.explore.edges import AFTER_RESTART, SECOND_WORKER
from simulator.explore.effort import Effort, drawn_story
from simulator.explore.judged_story import Failure, Judged
from simulator.explore.on_one_portal import (
    CLOTHS_TO_ONE_ALONE,
    UNREACHABLE_IN_A_ROW_MAX,
)
from simulator.explore.run import explore_target, replayed
from simulator.explore.running_portal import USED_FILE, RunningPortal
from simulator.explore.story import OrderChange, Story, read_story, write_story
from simulator.explore.tried import tried_of
from simulator.report.decisions import exploration_decision
from tests.simulator.command_line import portal_suite
from tests.simulator.explore.fake_clock import BEGUN, FakeClock
from tests.simulator.explore.running_service import SENDS_TWICE, running
from tests.simulator.explore.stories import OWN, PLAIN, story
from tests.simulator.explore.stories import reference as fresh_reference
from tests.simulator.real_files import ROOT


class Watched:
    """What was sent to the portal: its clock settings, and the stories as they were played."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock: list[datetime] = []
        self.stories: list[Story] = []
        self.crimes: list[list[CrimeRecorded]] = []
        advance_to, deliver, play = HttpDriver.advance_to, HttpDriver.deliver, RunningPortal.weave

        def advanced(driver: HttpDriver, now: datetime) -> datetime | None:
            self.clock.append(now)
            return advance_to(driver, now)

        def delivered(driver: HttpDriver, delivery: Delivery) -> int:
            events = [msgspec.json.decode(each, type=CloudEvent) for each in delivery.events]
            self.crimes[-1] += [
                msgspec.json.decode(each.data, type=CrimeRecorded)
                for each in events
                if each.type == "CrimeRecorded"
            ]
            return deliver(driver, delivery)

        def played(portal: RunningPortal, stories: Sequence[Story]) -> Any:
            self.stories += stories
            self.crimes.append([])
            return play(portal, stories)

        monkeypatch.setattr(HttpDriver, "advance_to", advanced)
        monkeypatch.setattr(HttpDriver, "deliver", delivered)
        monkeypatch.setattr(RunningPortal, "weave", played)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Watch what is sent to the portal."""
    return Watched(monkeypatch)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One reference portal in phase 3 that runs while the tests of this file do."""
    with running(tmp_path_factory.mktemp("reference"), phase=3) as target:
        yield target


@pytest.mark.proof
@pytest.mark.slow(seconds=10)
def test_the_reference_passes_by_url(reference: Path, watched: Watched) -> None:
    """No story fails, though the portal goes on writing to the people of those before."""
    out = reference.parent
    played: list[int] = []
    result = explore_target(
        reference,
        Effort(phase=3, stories=15),
        out=out,
        on_story=lambda tally: played.append(tally.stories),
    )
    assert (result.verdict, result.stories, result.stopped) == ("PASS", 15, "")
    assert result.messages > 50
    assert played == list(range(1, 16))
    assert watched.clock == sorted(watched.clock)
    _all_are_new(watched)
    reasons = {each.kind: each.unreachable for each in result.edges if each.unreachable}
    others = {AFTER_RESTART, SECOND_WORKER}
    assert set(reasons) == {"another order", "day", DURATION, MOMENT, *others}
    assert result.edges_judged > 100

    # A second run on the same portal goes on where the first one ended.
    again = explore_target(reference, Effort(phase=3, stories=4), out=out)
    assert (again.verdict, again.stories) == ("PASS", 4)
    assert watched.clock == sorted(watched.clock)
    _all_are_new(watched)

    with pytest.raises(BadInput, match="has entered phase 3: explore that phase"):
        explore_target(reference, Effort(phase=1, stories=1), out=out)


def test_a_story_that_passes_was_not_replayed(
    reference: Path, watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other people at a later time prove nothing; a story of another order cannot be played."""
    out = reference.parent
    write_story(out / "plain.json", story(*PLAIN, phase=3))
    passed = replayed(reference, out / "plain.json", out=out)
    assert (passed.verdict, passed.stories) == ("INCONCLUSIVE", 1)
    assert passed.not_replayed.startswith("it passed with other people and at a later time")
    (played,) = watched.stories
    begun = [each.begins_at.astimezone(LONDON) for each in (played, story(*PLAIN))]
    assert len({f"{each:%A %H:%M}" for each in begun}) == 1

    other = structs.replace(
        story(*PLAIN, phase=3), order=(OrderChange(field="messages.per_week_max", value=2),)
    )
    write_story(out / "other.json", other)
    replay = ("--replay", out / "other.json", "--out", out)
    said = portal_suite(capsys, "explore", "--target", reference, *replay)
    assert said.code == 3
    assert "INCONCLUSIVE: not replayed: the story has its own values of" in said.words


@pytest.mark.slow(seconds=6)
def test_a_broken_portal_is_found_and_fails_again(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its defect is told once, by a short story, and a replay with new people fails too."""
    monkeypatch.setattr(on_one_portal, "TRIES_MAX", 15)
    with running(tmp_path, phase=1, application=SENDS_TWICE) as target:
        result = explore_target(target, Effort(phase=1, stories=2), out=tmp_path)
        assert result.verdict == "FAIL"
        names = [each.fingerprint for each in result.defects]
        assert len(names) == len(set(names))
        twice = next(each for each in result.defects if each.requirement == "ONCE-01")
        assert twice.steps <= 2
        kept = read_story(tmp_path / twice.file)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        again = replayed(target, tmp_path / twice.file, out=elsewhere)
        assert twice.fingerprint in {each.fingerprint for each in again.defects}
        assert (again.verdict, again.not_replayed) == ("FAIL", "")
    assert watched.clock == sorted(watched.clock)
    _all_are_new(watched)
    assert watched.stories[-1].begins_at > kept.begins_at
    assert not (elsewhere / USED_FILE).exists()


def test_a_portal_that_goes_away_is_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was played until then is kept, and nothing can be said of the rest."""
    plays = itertools.count()
    play = RunningPortal.weave
    monkeypatch.setattr(effort, "DRAWN_AT_ONCE", 1)

    def gone(portal: RunningPortal, stories: Sequence[Story]) -> Any:
        if next(plays) >= 1:
            raise PortalUnreachable("nothing answers")
        return play(portal, stories)

    monkeypatch.setattr(RunningPortal, "weave", gone)
    with running(tmp_path, phase=1) as target:
        result = explore_target(target, Effort(phase=1, stories=9), out=tmp_path)
    assert (result.verdict, result.stories) == ("INCONCLUSIVE", 1)
    assert result.stopped == "nothing answers"
    assert result.not_verified == UNREACHABLE_IN_A_ROW_MAX
    assert next(plays) == 1 + UNREACHABLE_IN_A_ROW_MAX


def test_a_story_in_which_a_connection_broke_is_not_verified_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision counts it; the stories after it are judged as ever."""
    plays = itertools.count()
    play = RunningPortal.weave
    monkeypatch.setattr(effort, "DRAWN_AT_ONCE", 1)

    def gone(portal: RunningPortal, stories: Sequence[Story]) -> Any:
        if next(plays) == 1:
            raise PortalUnreachable("what is there broke off")
        return play(portal, stories)

    monkeypatch.setattr(RunningPortal, "weave", gone)
    with running(tmp_path, phase=1) as target:
        result = explore_target(target, Effort(phase=1, stories=4), out=tmp_path)
    assert (result.verdict, result.stories, result.not_verified) == ("PASS", 3, 1)
    assert result.stopped == ""
    said = "Not verified, because the portal could not be reached: 1 story."
    assert said in exploration_decision(result)


def test_stories_are_drawn_with_the_targets_own_people(
    tmp_path: Path, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is played has ids and mail domains that the target's test environment takes."""

    def not_played(_portal: RunningPortal, stories: Sequence[Story]) -> list[Judged]:
        watched.stories += stories
        return [Judged(failures=(), records=(), done=()) for _story in stories]

    monkeypatch.setattr(RunningPortal, "weave", not_played)
    with running(tmp_path, phase=1) as target:
        own = msgspec.toml.encode({"people": OWN}).decode()
        target.write_text(target.read_text(encoding="utf-8") + own, encoding="utf-8")
        explore_target(target, Effort(phase=1, stories=6), out=tmp_path)
    people = [person for each in watched.stories for person in each.people]
    assert {each.record.person_id.partition("-")[0] for each in people} == {"NOM"}
    domains = {each.mailbox.partition("@")[2] for each in people if each.mailbox}
    assert domains <= {*OWN.mail_domains}
    assert {each.record.given_name for each in people} & {*OWN.given_names}


@pytest.mark.parametrize("fails", [False, True])
def test_the_time_that_is_given_is_kept_whatever_a_story_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    """Few are played side by side at first, and at last; a fifth is kept only for what failed."""
    clock, sizes = FakeClock(), list[int]()
    for module in (time_given, run):
        monkeypatch.setattr(module, "wall_now", clock)
    late = Failure(fingerprint="late", requirement="", harm="", expected="now", observed="later")
    failures = (late,) if fails else ()

    def slow(_portal: RunningPortal, stories: Sequence[Story]) -> list[Judged]:
        clock.go_on(3 * len(stories))
        sizes.append(len(stories))
        return [Judged(failures=failures, records=(), done=()) for _story in stories]

    monkeypatch.setattr(RunningPortal, "weave", slow)
    with running(tmp_path, phase=1) as target:
        result = explore_target(target, Effort(phase=1, seconds=200), out=tmp_path)
    played = (clock.now - BEGUN).total_seconds()
    assert played <= 200
    assert max(sizes) > 4 >= sizes[0]
    assert result.stories >= (45 if fails else 60)
    assert 3 * result.stories <= (160 if fails else 190)


def test_what_plays_alone_comes_after_what_plays_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the same days for one story: but for one now and then, it is for the last days."""
    played: list[Sequence[Story]] = []

    def not_played(_portal: RunningPortal, stories: Sequence[Story]) -> list[Judged]:
        played.append(stories)
        return [Judged(failures=(), records=(), done=()) for _story in stories]

    monkeypatch.setattr(RunningPortal, "weave", not_played)
    with running(tmp_path, phase=1) as target:
        explore_target(target, Effort(phase=1, stories=96), out=tmp_path)

    sizes = [len(stories) for stories in played]
    assert sum(sizes) == 96
    last_together = max(place for place, size in enumerate(sizes) if size > 1)
    early = sum(size == 1 for size in sizes[:last_together])
    assert early * CLOTHS_TO_ONE_ALONE <= sum(size > 1 for size in sizes)
    assert sizes.count(1) > early
    assert max(sizes) > 20


def test_a_kept_story_of_an_earlier_phase_is_of_the_portals_own(tmp_path: Path) -> None:
    """A portal that runs already enters no earlier phase again."""
    file = tmp_path / "kept.json"
    write_story(file, story(*PLAIN, phase=1))
    listed = Effort(phase=3, listed=(str(file),))
    with running(tmp_path, phase=3) as target:
        assert drawn_story(tried_of(target), listed, 0).phase == 3
    assert drawn_story(fresh_reference(), listed, 0).phase == 1


def test_ctrl_c_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure has its whole story, and nothing is played any more to make it shorter."""
    plays = itertools.count()
    failure = Failure(
        fingerprint="late", requirement="", harm="", expected="sooner", observed="later"
    )

    def stopped(_portal: RunningPortal, _stories: Sequence[Story]) -> list[Judged]:
        if next(plays) == 1:
            raise KeyboardInterrupt
        return [Judged(failures=(failure,), records=(), done=())]

    monkeypatch.setattr(effort, "DRAWN_AT_ONCE", 1)

    monkeypatch.setattr(RunningPortal, "weave", stopped)
    with running(tmp_path, phase=1) as target:
        result = explore_target(target, Effort(phase=1, stories=5), out=tmp_path)
    assert (result.verdict, result.stories, result.was_interrupted) == ("FAIL", 1, True)
    (defect,) = result.defects
    assert len(read_story(tmp_path / defect.file).steps) == defect.steps > 1
    assert next(plays) == 2


def test_a_portal_whose_clock_cannot_be_set_is_refused() -> None:
    """One sentence says so, and nothing is sent."""
    with pytest.raises(BadInput, match="lacks test_clock"):
        tried_of(ROOT / "scenarios" / "targets" / "by-hand.toml")


def _all_are_new(watched: Watched) -> None:
    """Check that no two stories have a number, mailbox, person, crime, event or officer alike."""
    seen: dict[str, set[str]] = {}
    for each in watched.stories:
        for kind, values in _had(each).items():
            assert not values & seen.setdefault(kind, set()), (kind, values & seen[kind])
            seen[kind] |= values
    references: set[str] = set()
    for crimes in watched.crimes:
        own = {each.crime_reference for each in crimes}
        assert not own & references
        references |= own
    assert references


def _had(each: Story) -> dict[str, set[str]]:
    plain: Any = msgspec.to_builtins(each)
    steps = [step.get("claim", step) for step in plain["steps"]]
    people, strangers = plain["people"], plain["strangers"]
    return {
        "number": {one.get("phone", "") for one in (*people, *strangers, *steps)} - {""},
        "mailbox": {one.get("mailbox", "") for one in (*people, *strangers, *steps)} - {""},
        "person": {one["record"]["person_id"] for one in people},
        "crime": {step["crime"] for step in steps if step["step"] == "RecordCrime"},
        "event": {step["event"] for step in steps if "event" in step},
        "officer": {step["officer"]["collar_number"] for step in steps if step.get("officer")},
    }
