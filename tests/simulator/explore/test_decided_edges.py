"""An edge of the order is judged only where another value of its field would make a difference."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from simulator.explore.decided_edges import decided_edges
from simulator.explore.edges import Edge, met_by
from simulator.explore.steps import Ask, Close, Deploy, Guess, Step, Wait
from simulator.explore.story import OrderChange, Story
from simulator.inputs.order import Order
from tests.simulator.explore.stories import CRIME, PLAIN, order, reference, story

BAIL = Edge("another order", "deadlines.bail_views_hours")
QUESTIONS = Edge("another order", "two_way.reply_working_days")


def decided(told: Story) -> frozenset[Edge]:
    """Play a story on the reference, and say about which of its edges the judge decided."""
    judged = reference().judged(told)
    return decided_edges(met_by(told, order()), told, judged, order())


def with_order(told: Story, field: str, value: object) -> Story:
    """Give a story an order with one field otherwise."""
    return structs.replace(told, order=(OrderChange(field=field, value=value),))


def test_a_field_that_no_rule_needed_is_not_judged() -> None:
    """Nobody is on bail, so it makes no difference within how many hours a victim is asked."""
    told = with_order(story(*PLAIN, phase=3), BAIL.value, 4)
    assert BAIL in met_by(told, order())
    assert BAIL not in decided(told)


@pytest.mark.parametrize(
    ("field", "value"), [("messages.minutes_max", 5), ("messages.quiet_from", "20:00:00")]
)
def test_a_field_by_which_a_message_is_due_is_judged(field: str, value: object) -> None:
    """News would be due at another time by the force's own value."""
    told = with_order(story(*PLAIN, phase=1), field, value)
    if field == "messages.quiet_from":
        told = structs.replace(told, begins_at=told.begins_at.replace(hour=19, minute=5))
    assert Edge("another order", field) in decided(told)


def test_a_field_is_judged_by_what_happened() -> None:
    """How soon questions are answered matters where one was asked."""
    asked: tuple[Step, ...] = (*PLAIN[:3], Ask(person="Sam", crime=CRIME, text="?"))
    without, after = (
        with_order(
            structs.replace(story(*steps, phase=3), ends_after_seconds=12 * 86_400),
            QUESTIONS.value,
            2,
        )
        for steps in (PLAIN[:3], asked)
    )
    assert QUESTIONS not in decided(without)
    assert QUESTIONS in decided(after)


def test_an_offence_is_judged_by_who_is_invited() -> None:
    """Sam is invited by the offence; who is not safe to contact is not, whatever the offence."""
    assert Edge("offence", "in: Bicycle theft") in decided(story(*PLAIN))
    unsafe = structs.replace(
        story().people[0], record=structs.replace(story().people[0].record, safe_to_contact=False)
    )
    assert Edge("offence", "in: Bicycle theft") not in decided(story(*PLAIN, people=(unsafe,)))


def test_a_limit_that_nobody_came_near_is_not_judged() -> None:
    """As many wrong words as the order allows lock a person out; one is allowed by any order."""
    told = story(*PLAIN, Guess(person="Sam", by="text", wrong="proof", times=5, then_right=True))
    limit = Edge("limit", "wrong proofs in one sign-in: the limit")
    assert limit in decided(told)


def test_where_no_edge_is_asked_about_nothing_is_judged_again() -> None:
    """The judge was asked once for the verdict: that is all that most stories of a run need."""
    asked: list[Order] = []
    judged = structs.replace(reference().judged(story(*PLAIN)), judged_by=asked.append)
    assert decided_edges((), story(*PLAIN), judged, order()) == frozenset()
    assert asked == []


def test_nothing_is_judged_without_a_message_or_a_page() -> None:
    """There was nothing for the judge to look at."""
    unheard = structs.replace(PLAIN[0], offence_subgroup="Homicide")
    assert decided(story(unheard)) == frozenset()


@pytest.mark.parametrize("waits", [False, True])
def test_a_night_is_judged_if_something_waited_over_it(*, waits: bool) -> None:
    """The clocks go back: news of that evening waits for the morning, and nothing else does."""
    went_back = Edge("day", "the clocks go back")
    news = (Deploy(crime=CRIME, event="e3"),) if waits else ()
    told = structs.replace(
        story(*PLAIN, Wait(seconds=8 * 3_600), *news, Wait(seconds=12 * 3_600), phase=1),
        begins_at=datetime(2026, 10, 24, 10, tzinfo=UTC),
    )
    assert went_back in met_by(told, order())
    assert (went_back in decided(told)) is waits


def test_an_edge_of_the_contract_is_judged_by_what_came_of_its_step() -> None:
    """The crime of which nobody is told is closed: that another was told of says nothing."""
    closed = Edge("outcome", "18: Investigation complete: no suspect identified")
    other = structs.replace(PLAIN[0], crime="other", event="e8", offence_subgroup="Homicide")
    for crime in (CRIME, "other"):
        end = Close(crime=crime, event="e9", outcome=18)
        told = story(*PLAIN, other, end, Wait(seconds=7_200), phase=1)
        assert closed in met_by(told, order())
        assert (closed in decided(told)) is (crime == CRIME)
