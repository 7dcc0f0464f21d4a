"""Exploring finds what a broken portal does wrong, and finds it again from its file."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import MessageAccepted
from simulator.explore import effort, in_processes, run, time_given
from simulator.explore.edges import Edge, all_edges
from simulator.explore.effort import ASKED_STORIES_MAX, Effort
from simulator.explore.in_processes import ShorteningTime, play_numbers, shorten_story
from simulator.explore.judged_story import Failure, Judged
from simulator.explore.run import explore_target, replayed
from simulator.explore.steps import Ask, Step, Wait
from simulator.explore.story import OrderChange, Story, read_story, write_story
from simulator.explore.story_drawing import order_of
from simulator.explore.tally import Played, played_of
from simulator.explore.tried import Tried, tried_of
from simulator.inputs.order import read_order
from simulator.legible import on_one_line
from simulator.results.exploration import ExplorationResult
from tests.simulator.explore.fake_clock import FakeClock
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, order, reference, story
from tests.simulator.real_files import ROOT, TARGET

#: All of them together.
pytestmark = pytest.mark.slow(seconds=7)

SENDS_TWICE = "fixtures.broken_portals.sending:sends_twice"


def explored(out: Path, **effort: Any) -> Any:
    """Explore the reference, or what is made of it, in phase 1."""
    return explore_target(TARGET, Effort(phase=1, **effort), out=out)


class Explored(NamedTuple):
    """What exploring came to, its folder, and what it told: numbers of stories, edges met."""

    result: ExplorationResult
    out: Path
    told: list[tuple[int, str]]


@pytest.fixture(scope="module")
def sent_twice(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    """Explore, once, a portal that sends each message twice."""
    out = tmp_path_factory.mktemp("sends-twice")
    result = explored(out, stories=4, processes=1, application=SENDS_TWICE)
    patch.stopall()
    return Explored(result, out, [])


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    """Explore the reference, once, by nine stories in one process."""
    out, told = tmp_path_factory.mktemp("nine"), list[tuple[int, str]]()
    result = explore_target(
        TARGET,
        Effort(phase=1, stories=9, processes=1),
        out=out,
        on_story=lambda tally: told.append((tally.stories, tally.covered)),
    )
    return Explored(result, out, told)


def test_a_broken_portal_is_found_by_its_shortest_story(
    sent_twice: Explored, tmp_path: Path
) -> None:
    """A portal that sends each message twice fails a story of one step, which is kept as a file."""
    found, out = sent_twice.result, sent_twice.out
    assert found.verdict == "FAIL"
    twice = next(each for each in found.defects if each.harm == "duplicated")
    kept = read_story(out / twice.file)
    assert len(kept.steps) == twice.steps <= 2
    assert (out / twice.file).with_suffix(".feature").read_text("utf-8") == twice.feature
    order = read_order((out / twice.file).with_suffix(".order.toml"))
    assert order.go_live == order_of(kept, order).go_live
    again = replayed(TARGET, out / twice.file, out=tmp_path, application=SENDS_TWICE)
    assert twice.fingerprint in {each.fingerprint for each in again.defects}
    patch.stopall()
    on_reference = replayed(TARGET, out / twice.file, out=tmp_path)
    assert on_reference.verdict == "PASS"


def test_the_number_of_processes_changes_nothing(nine: Explored, tmp_path: Path) -> None:
    """One seed and one number of stories give one result."""
    one = nine.result
    two = explored(tmp_path, stories=9, processes=2)
    assert structs.replace(one, seconds=0) == structs.replace(two, seconds=0)
    assert one.stories == 9


def test_progress_says_how_many_stories_were_played_and_what_they_met(nine: Explored) -> None:
    """It counts up to the number that was asked for, and the edges of those that can be met."""
    numbers = [stories for stories, _covered in nine.told]
    assert numbers[-1] == 9
    assert numbers == sorted(numbers)
    met = sum(each.stories > 0 for each in nine.result.edges)
    reachable = sum(not each.unreachable for each in nine.result.edges)
    assert nine.told[-1][1] == f"{met} of {reachable} edges met"


def test_the_time_that_is_given_ends_it(tmp_path: Path) -> None:
    """One story is played however little it is: to play none would say nothing of the portal."""
    assert explored(tmp_path, seconds=0.001, processes=1).stories == 1


def test_progress_goes_on_while_failing_stories_are_made_shorter(tmp_path: Path) -> None:
    """It counts up to the number of them."""
    told: list[tuple[int, int]] = []
    result = explore_target(
        TARGET,
        Effort(phase=1, stories=1, processes=1, application=SENDS_TWICE),
        out=tmp_path,
        on_shorter=lambda done, of: told.append((done, of)),
    )
    patch.stopall()
    assert result.verdict == "FAIL"
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)]


def test_more_failures_than_are_shown_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that leaves some out says how many."""
    monkeypatch.setattr(run, "DEFECTS_MAX", 0)
    result = explored(tmp_path, stories=1, processes=1, application=SENDS_TWICE)
    patch.stopall()
    assert result.defects == ()
    assert result.not_shown > 0


def test_chosen_stories_alone_are_played(tmp_path: Path) -> None:
    """Those whose numbers are given, however many."""
    assert explored(tmp_path, listed=(7, 3, 5), processes=1).stories == 3


def test_every_edge_is_counted(nine: Explored) -> None:
    """The result lists each edge of the order, met or not."""
    result = nine.result
    assert len(result.edges) > 300
    assert 0 < result.edges_judged <= len(result.edges)
    assert {each.value for each in result.edges if each.kind == "force"} >= set(order().forces)


def test_a_question_that_nobody_could_ask_meets_no_edge() -> None:
    """Nobody is signed in, so it is not asked; who is signed in asks it."""
    asked = Ask(person="Sam", crime=CRIME, text="?" * 160)
    edges = {
        Edge("step", "Ask"),
        Edge("length", "question of 160"),
        Edge("how many", "questions: one"),
    }
    without = _played(RECORDED, asked, Wait(seconds=60))
    assert not without.edges & edges
    assert without.step_kinds == {"RecordCrime": 1, "Wait": 1}
    assert edges <= _played(*PLAIN[:3], asked).edges


def _played(*steps: Step) -> Played:
    told = story(*steps, phase=3)
    return played_of(told, reference().judged(told), order(), number=0)


def test_a_target_that_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    """Nothing is played."""
    with pytest.raises(BadInput, match="application"):
        explored(tmp_path, stories=1, application="no_such_module:create_app", processes=1)


@pytest.mark.parametrize("name", ["by-hand.toml", "reference-for-load.toml"])
def test_a_portal_that_cannot_be_fresh_is_refused(tmp_path: Path, name: str) -> None:
    """It runs already, or its clock cannot be set: one sentence says which, and what to do."""
    path = ROOT / "scenarios" / "targets" / name
    with pytest.raises(BadInput, match=r"does not start this portal|lacks test_clock"):
        explore_target(path, Effort(phase=1, stories=1, processes=1), out=tmp_path)


def test_a_portal_by_command_has_the_forces_own_order() -> None:
    """Unless it claims to take each, as one behind a program does; one in process is told."""
    targets = ROOT / "scenarios" / "targets"
    takes = tried_of(targets / "reference-by-url.toml")
    claims = structs.replace(takes.target.claims, capabilities=("test_clock",))
    assert not takes.order_is_fixed
    assert replace(takes, target=structs.replace(takes.target, claims=claims)).order_is_fixed
    assert not tried_of(TARGET).order_is_fixed
    assert not tried_of(targets / "second-portal.toml").order_is_fixed
    assert tried_of(targets / "reference-by-program.toml").order_is_fixed


@pytest.mark.parametrize("story_seconds", [1, 2, 10])
def test_many_defects_are_shortened_within_the_time_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story_seconds: int
) -> None:
    """A minute is a minute; what is not as short as it can be says so, and is the whole story."""
    clock = FakeClock()
    for module in (run, in_processes):
        monkeypatch.setattr(module, "wall_now", clock)
    monkeypatch.setattr(time_given, "wall_now", clock)
    failures = tuple(
        Failure(fingerprint=f"{n:02d}", requirement="", harm="", expected="sooner", observed="late")
        for n in range(30)
    )

    def judged(_tried: Tried, _story: Story) -> Judged:
        clock.go_on(story_seconds)
        return Judged(failures=failures, records=(), done=())

    monkeypatch.setattr(Tried, "judged", judged)
    monkeypatch.setattr(effort, "is_compared", lambda _number: False)

    found = explored(tmp_path, seconds=60.0, processes=1)

    assert clock.now - FakeClock().now <= timedelta(seconds=60)
    # Those made short enough have one story, in which each fails: they are told as one.
    assert sum(1 + len(each.also) for each in found.defects) == 30
    cut_short = [each for each in found.defects if each.cut_short]
    assert {each.cut_short for each in cut_short} == {"the time was up"}
    shorter = [each for each in found.defects if each.steps < found.defects[-1].steps]
    # Of stories of 10 s, none but the whole fits into the time that is left.
    assert len(shorter) < 30
    assert bool(shorter) == (story_seconds < 10)
    assert all((tmp_path / each.file).is_file() for each in found.defects)


def test_a_defect_names_the_message_the_sentence_and_the_person(sent_twice: Explored) -> None:
    """A reader sees the message, its time in London, and what it breaks, beside all evidence."""
    found, out, _told = sent_twice
    twice = next(each for each in found.defects if each.harm == "duplicated")

    [line] = twice.shown_by
    records = read_evidence([out / twice.evidence])
    assert twice.evidence == twice.file.replace(".json", ".evidence.ndjson")
    assert twice.finding is not None
    sent = [each for each in records if isinstance(each, MessageAccepted)]
    [message] = [each for each in sent if each.at == twice.at and on_one_line(each.body) in line][
        -1:
    ]
    assert line.startswith(f"{message.at.astimezone(LONDON):%a %d %b %H:%M:%S}  {message.channel}")
    assert f"to {message.to}" in line
    assert twice.rests_on == "requirement: ONCE-01"
    assert twice.requirement_words.startswith("ONCE-01 (must): ")
    assert twice.person.endswith(f"({twice.finding.person_id})")
    label = twice.person.partition(", recorded as ")[0]
    assert f"{label} holds" in twice.feature
    assert f"crime {twice.finding.crime_reference}" in twice.feature
    assert twice.timeline
    assert twice.cut_short == ""


def test_an_order_that_cannot_be_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the story's own order fails, neither of two fields that belong together goes."""
    quiet = (
        OrderChange(field="messages.quiet_from", value=None),
        OrderChange(field="messages.quiet_until", value=None),
    )
    failure = Failure(
        fingerprint="late", requirement="", harm="", expected="sooner", observed="later"
    )

    def judged(_tried: Tried, candidate: Story) -> Judged:
        fails = order_of(candidate, order()).messages.quiet_from is None
        return Judged(failures=(failure,) if fails else (), records=(), done=())

    whole = structs.replace(story(*PLAIN), order=quiet)
    monkeypatch.setattr(Tried, "judged", judged)
    found = shorten_story(TARGET, Effort(phase=1), whole, "late", time=ShorteningTime())
    assert found is not None
    assert found.story.order == quiet
    assert len(found.story.steps) < len(PLAIN)
    assert found.failure == failure
    assert found.cut_short == ""


def test_a_replay_says_what_was_judged(tmp_path: Path) -> None:
    """All of its steps, the pages that were seen, and the rules that heard of them."""
    whole = story(*PLAIN)
    write_story(tmp_path / "mine.json", whole)

    judged = replayed(TARGET, tmp_path / "mine.json", out=tmp_path).replay_judged

    assert judged is not None
    assert judged.steps == len(whole.steps)
    assert judged.answers["crimes"] > 0
    assert "listed crimes" in judged.rules
    assert "refused questions" not in judged.rules


def test_only_the_first_stories_say_where_the_judge_decided() -> None:
    """It takes as long as playing several stories: later ones and other users of stories do not."""
    effort = Effort(phase=1)
    every = frozenset(all_edges(tried_of(TARGET).order, 1))
    [first] = play_numbers(TARGET, effort, [0], asked=every)
    [later] = play_numbers(TARGET, effort, [ASKED_STORIES_MAX], asked=every)
    chosen = structs.replace(effort, listed=(ASKED_STORIES_MAX,))
    [as_chosen] = play_numbers(TARGET, chosen, [0], asked=every)
    [unasked] = play_numbers(TARGET, effort, [0])

    assert first.judged
    assert as_chosen.judged
    assert later.judged == unasked.judged == frozenset()
