"""A named moment is met where news comes within a minute of it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.explore.decided_edges import decided_edges
from simulator.explore.edge_kind import MOMENT
from simulator.explore.edges import Edge, all_edges, beside, met_by
from simulator.explore.order_changes import changed
from simulator.explore.steps import ChangeDetails, Deploy, Read, Step, Wait
from simulator.explore.story import OrderChange
from simulator.explore.tried import tried_of
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, SAM, order, story
from tests.simulator.real_files import TARGET

NEWS = Deploy(crime=CRIME, event="e2")
BEGINS_AT = story(RECORDED).begins_at
#: 21:00 in London.
QUIET_FROM = datetime(2026, 6, 1, 20, tzinfo=UTC)
SIDES = [(-60, "just before"), (-1, "just before"), (0, "in that moment"), (1, "just after")]
SIDES += [(60, "just after"), (61, ""), (-61, "")]


def met(*steps: Step, phase: int = 3, changes: tuple[OrderChange, ...] = ()) -> set[str]:
    """Name the moments at which a story has news."""
    told = structs.replace(story(RECORDED, *steps, phase=phase), order=changes)
    return {each.value for each in met_by(told, order()) if each.kind == MOMENT}


def until(moment: datetime, beside_seconds: int = 0) -> Wait:
    """Wait until so many seconds after a moment."""
    return Wait(seconds=int((moment - BEGINS_AT).total_seconds()) + beside_seconds)


def details(**changes: object) -> ChangeDetails:
    """Have the force record something else of Sam."""
    record = structs.replace(SAM.record, **changes)
    return ChangeDetails(crime=CRIME, event="e9", person="Sam", record=record)


@pytest.mark.parametrize(("beside_seconds", "how"), SIDES)
def test_news_as_quiet_hours_begin_is_on_one_side(beside_seconds: int, how: str) -> None:
    """As the order has it in London; in June that is an hour less in UTC."""
    assert order().messages.quiet_from == QUIET_FROM.astimezone(LONDON).time()

    found = met(until(QUIET_FROM, beside_seconds), NEWS)

    assert found == ({f"quiet hours begin: {how}"} if how else set())
    assert met(until(QUIET_FROM, beside_seconds), Read(person="Sam")) == set()


@pytest.mark.parametrize(("beside_seconds", "how"), SIDES)
def test_news_as_an_approval_runs_out_is_on_one_side(beside_seconds: int, how: str) -> None:
    """It runs out for one channel; without an end it never does."""
    at = BEGINS_AT + timedelta(hours=3)
    ends = details(safe_channel="text", safe_until=at)

    found = met(ends, until(at, beside_seconds), NEWS)

    assert found == ({f"an approval runs out: {how}"} if how else set())
    assert met(details(safe_channel="text"), until(at, beside_seconds), NEWS) == set()


def test_the_days_that_a_victim_agreed_on_run_from_news() -> None:
    """It is enough that the clock stands there; another's days are not this one's."""
    name = "the days that a victim agreed on are over: in that moment"
    week = Wait(seconds=7 * DAY)

    assert name in met(details(update_frequency_days=7), NEWS, week)
    assert name not in met(details(update_frequency_days=7), week)
    assert name not in met(details(update_frequency_days=6), NEWS, week)
    assert name not in met(details(update_frequency_days=7), NEWS, week, phase=1)


def test_the_phase_goes_live_at_midnight_in_london() -> None:
    """Only that of the story, and in phases before which there is another."""
    live = order().go_live_at(2)
    told = structs.replace(story(RECORDED, NEWS, phase=2), begins_at=live - timedelta(days=1))
    waits = Wait(seconds=DAY)
    days = structs.replace(
        told.go_live,
        phase_1=order().go_live.phase_1,
        phase_2=order().go_live.phase_2,
        phase_3=order().go_live.phase_3,
    )
    told = structs.replace(told, go_live=days, steps=(RECORDED, waits, NEWS))

    values = {each.value for each in met_by(told, order()) if each.kind == MOMENT}

    assert "the phase goes live: in that moment" in values
    assert not [e for e in all_edges(order(), 1) if e.value.startswith("the phase goes live")]


def test_a_version_of_the_code_comes_into_force_at_midnight_in_london() -> None:
    """The story's own order says when."""
    versions = [
        {"version": "first", "in_force_from": "2020-01-01"},
        {"version": "second", "in_force_from": "2026-06-02"},
    ]
    change = OrderChange(field="deadlines.code", value=versions)
    midnight = datetime(2026, 6, 1, 23, tzinfo=UTC)

    found = met(until(midnight, 1), NEWS, changes=(change,))

    assert "a version of the Victims' Code comes into force: just after" in found


@pytest.mark.parametrize(
    "name", ["quiet hours begin", "quiet hours end", "the phase goes live", "a version of the"]
)
def test_a_moment_of_the_order_has_orders_beside_it(name: str) -> None:
    """Each is possible, and differs: so it can be found out whether the judge decided there."""
    told = story(RECORDED, NEWS, phase=3)
    [edge, *_others] = [
        each
        for each in all_edges(order(), 3)
        if each.kind == MOMENT and each.value.startswith(name)
    ]

    changes = list(beside(edge, told, order()) or ())

    assert len(changes) == 2
    assert all(changed(order(), each) != order() for each in changes)


def test_the_judge_decides_as_quiet_hours_begin() -> None:
    """News a second before and after them is due at other times."""
    told = story(RECORDED, until(QUIET_FROM, -1), NEWS, Wait(seconds=DAY))
    tried = tried_of(TARGET, "")
    edge = Edge(MOMENT, "quiet hours begin: just before")

    assert edge in met_by(told, tried.order)
    assert decided_edges([edge], told, tried.judged(told), tried.order) == {edge}
