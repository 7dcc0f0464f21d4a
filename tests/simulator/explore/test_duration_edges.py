"""A duration is met where it ends, after what it runs from; a wait alone is no edge."""

import pytest
from msgspec import structs

from simulator.explore.duration_edges import DURATIONS, why_no_story
from simulator.explore.edge_kind import DURATION
from simulator.explore.edges import all_edges, met_by
from simulator.explore.steps import (
    Ask,
    Close,
    Deploy,
    EnterCode,
    ReachMilestone,
    Read,
    SignIn,
    Step,
    UseSession,
    Wait,
)
from simulator.explore.story import OrderChange
from simulator.judge.text.danger_sentences import danger_sentences
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, order, story

ASKED = Ask(person="Sam", crime=CRIME, text="?")
IN_DANGER = Ask(person="Sam", crime=CRIME, text=danger_sentences().certain[0])
ON_BAIL = ReachMilestone(crime=CRIME, event="e2", milestone="suspect_on_bail")
SIGNED_IN = SignIn(person="Sam", by="link")
CLOSED = Close(crime=CRIME, event="e2", outcome=18)


def met(*steps: Step, phase: int = 3) -> set[str]:
    """Name the edges of durations that a story meets."""
    found = met_by(story(RECORDED, *steps, phase=phase), order())
    return {each.value for each in found if each.kind == DURATION}


@pytest.mark.parametrize(
    ("beside", "how"), [(-60, "less"), (-1, "less"), (0, "exactly"), (1, "more"), (30, None)]
)
def test_a_question_after_a_closure_is_met_one_unit_either_side(
    beside: int, how: str | None
) -> None:
    """A closed case takes questions for 28 days from its closing, not from anything else."""
    name = "two_way.closed_case_days since the case closed, to a question"
    wait = Wait(seconds=28 * DAY + beside)
    after = {each for each in met(CLOSED, wait, ASKED) if each.startswith(name)}
    assert after == ({f"{name}: {how}"} if how else set())
    assert not [each for each in met(wait, ASKED) if each.startswith(name)]
    assert not [each for each in met(CLOSED, wait) if each.startswith(name)]


def test_several_waits_are_one_duration() -> None:
    """What happens in between does not matter."""
    name = "two_way.closed_case_days since the case closed, to a question: exactly"
    waits = (Wait(seconds=10 * DAY), Deploy(crime=CRIME, event="e3"), Wait(seconds=18 * DAY))
    assert name in met(CLOSED, *waits, ASKED)


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ((IN_DANGER, Wait(seconds=3_600)), "two_way.danger_minutes since words of danger"),
        ((ON_BAIL, Wait(seconds=DAY)), "deadlines.bail_views_hours since a suspect was released"),
        ((SIGNED_IN, Wait(seconds=1_800), Read(person="Sam")), "sign_in.session_minutes since"),
        ((CLOSED, Wait(seconds=46 * DAY), Wait(seconds=46 * DAY), ASKED), "two_way.review_days"),
        ((EnterCode(person="Sam", by="text", after_seconds=600),), "sign_in.code_minutes since"),
        # Of a question on Monday the fifth working day ends at midnight after the next Monday.
        ((ASKED, Wait(seconds=7 * DAY + 14 * 3_600)), "two_way.reply_working_days since"),
    ],
)
def test_each_duration_runs_from_its_event(steps: tuple[Step, ...], name: str) -> None:
    """With its event it is met exactly; without it, it is not met."""
    found = [each for each in met(*steps) if each.startswith(name)]
    assert [each.rpartition(": ")[2] for each in found] == ["exactly"]
    if len(steps) > 1:
        assert not [each for each in met(*steps[1:]) if each.startswith(name)]


def test_a_duration_that_begins_again_is_an_edge_of_its_own() -> None:
    """A portal may count from the first time: only before that is over, and of the same crime."""
    name = "two_way.closed_case_days since the case closed, to a question"
    again, rest = structs.replace(CLOSED, event="e3"), Wait(seconds=28 * DAY)

    def found(*steps: Step) -> set[str]:
        return {each for each in met(*steps) if each.startswith(name)}

    assert found(CLOSED, Wait(seconds=DAY), again, rest, ASKED) == {f"{name}, begun again: exactly"}
    assert found(CLOSED, Wait(seconds=29 * DAY), again, rest, ASKED) == {f"{name}: exactly"}
    other = structs.replace(again, crime="0004712")
    assert f"{name}, begun again: exactly" not in found(CLOSED, other, rest, ASKED)


def test_words_of_no_danger_begin_nothing() -> None:
    """An hour after another question is no edge of danger."""
    found = met(ASKED, Wait(seconds=3_600))
    assert not [each for each in found if each.startswith("two_way.danger_minutes")]


def test_another_persons_session_is_not_this_one() -> None:
    """Half an hour after Sam signed in, Sam's session may be over, and nobody else's."""
    found = met(SIGNED_IN, Wait(seconds=1_800), UseSession(person="Robin"))
    assert not [each for each in found if each.startswith("sign_in.session_minutes")]


def test_what_is_held_back_begins_nothing() -> None:
    """The portal does not know of it yet."""
    held = structs.replace(CLOSED, carriage="held back")
    found = met(held, Wait(seconds=28 * DAY), ASKED)
    assert not [each for each in found if each.startswith("two_way.closed_case_days")]


def test_a_duration_is_that_of_the_storys_own_order() -> None:
    """With seven days, the edge is at seven, and a limit that an order has not has no edge."""
    told = story(RECORDED, CLOSED, Wait(seconds=7 * DAY), ASKED, phase=3)
    other = OrderChange(field="two_way.closed_case_days", value=7)
    name = "two_way.closed_case_days since the case closed, to a question: exactly"
    values = {each.value for each in met_by(structs.replace(told, order=(other,)), order())}
    assert name in values
    no_limit = OrderChange(field="deadlines.bail_views_hours", value=None)
    told = story(RECORDED, ON_BAIL, Wait(seconds=DAY))
    values = {each.value for each in met_by(structs.replace(told, order=(no_limit,)), order())}
    assert not [each for each in values if each.startswith("deadlines.bail_views_hours since")]


def test_every_duration_is_listed_in_its_phases() -> None:
    """Less, exactly and more, and what no story reaches has its reason."""
    for phase in (1, 2, 3):
        listed = [each.value for each in all_edges(order(), phase) if each.kind == DURATION]
        known = [each for each in DURATIONS if each.phase <= phase]
        begun_again = [each for each in listed if ", begun again: " in each]
        assert len(listed) - len(begun_again) == 3 * (len(known) + 2)
        # All but those that run from a crime's being recorded.
        once = 1 if phase == 1 else 2
        assert len(begun_again) == 3 * (len(known) - once)
        without = {each.partition(" since")[0] for each in listed if why_no_story(each)}
        assert without == {"records.retention_days"}
