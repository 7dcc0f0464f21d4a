"""What stories can never meet on a portal is listed with its reason."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from simulator.explore.edge_kind import ANOTHER_ORDER, DURATION, MOMENT, RECEIPT, REFUSED
from simulator.explore.edges import AFTER_RESTART, SECOND_WORKER, Edge, all_edges, met_by
from simulator.explore.order_fields import NOT_DRAWN
from simulator.explore.story_drawing import draw_story
from simulator.explore.tried import Tried, tried_of
from simulator.explore.unreachable import Reach, reach_when_fresh, reach_when_running
from simulator.inputs.capabilities import Capability
from tests.simulator.explore.stories import order, reference
from tests.simulator.real_files import ROOT

BY_COMMAND = ROOT / "scenarios" / "targets" / "reference-by-url.toml"
BEGUN = datetime(2026, 10, 12, tzinfo=UTC)
ENDS = datetime(2027, 8, 1, tzinfo=UTC)


def without(capability: Capability, tried: Tried | None = None) -> Tried:
    """Return the reference as if it did not claim this."""
    tried = tried or reference()
    claims = tried.target.claims
    left = tuple(each for each in claims.capabilities if each != capability)
    claims = structs.replace(claims, capabilities=left)
    return replace(tried, target=structs.replace(tried.target, claims=claims))


def by_command() -> Tried:
    """Return the reference as a command starts it, with the order of its target."""
    return without("takes_order", tried_of(BY_COMMAND))


def listed(reach: Reach, phase: int) -> dict[Edge, str]:
    """List the edges that cannot be met, with their reasons."""
    whys = {each: reach.why_unreachable(each) for each in all_edges(order(), phase)}
    return {each: why for each, why in whys.items() if why}


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("another order", "messages.per_week_max", "the portal keeps the order"),
        (AFTER_RESTART, "session", "the suite did not start this portal"),
        (SECOND_WORKER, "session", "the suite can start a second worker only of"),
        ("day", "25 May 2026", "the portal's clock is past it"),
        ("day", "25 December 2026", ""),
        ("day", "27 December 2027", "it does not come before"),
        ("day", "August", "it does not come before"),
        ("day", "October", ""),
        ("day", "29 February", "it does not come before"),
        ("day", "the clocks go back", ""),
        ("day", "a weekend", ""),
        ("offence", "in: Bicycle theft", ""),
        (MOMENT, "the phase goes live: just before", "it comes once"),
        (MOMENT, "a version of the Victims' Code comes into force: just after", "it comes once"),
        (MOMENT, "quiet hours begin: just before", ""),
    ],
)
def test_each_edge_that_a_running_portal_cannot_meet_has_a_reason(
    kind: str, value: str, reason: str
) -> None:
    """Other edges have none."""
    why = reach_when_running(reference(), BEGUN, ENDS).why_unreachable(Edge(kind, value))
    assert bool(why) == bool(reason)
    assert why.startswith(reason)


def test_years_have_every_month_and_a_leap_day() -> None:
    """Then only other processes, other orders and the days before the run are out of reach."""
    ends = datetime(2030, 1, 1, tzinfo=UTC)
    whys = listed(reach_when_running(reference(), BEGUN, ends), 3)
    kinds = {each.kind for each in whys}
    assert kinds == {"another order", "day", DURATION, MOMENT, AFTER_RESTART, SECOND_WORKER}
    assert Edge("day", "29 February") not in whys
    assert Edge("day", "April") not in whys


def test_the_reference_in_process_can_meet_every_edge() -> None:
    """It claims everything, and each story has an order of its own, but for what none draws."""
    whys = listed(reach_when_fresh(reference(), 3), 3)
    fields = {each.value: why for each, why in whys.items() if each.kind == ANOTHER_ORDER}
    assert fields == NOT_DRAWN
    others = {each.value.partition(" ")[0] for each in whys if each.kind != ANOTHER_ORDER}
    assert others == {"records.retention_days"}


@pytest.mark.parametrize(
    ("capability", "edges"),
    [
        (
            "received_texts",
            {
                Edge("step", "TextBack"),
                Edge(AFTER_RESTART, "STOP"),
                Edge(SECOND_WORKER, "STOP"),
                *(each for each in all_edges(order(), 3) if each.kind == "text back"),
            },
        ),
        (
            "not_for_me",
            {
                Edge("step", "SayNotForMe"),
                Edge(AFTER_RESTART, "disowned address"),
                Edge(SECOND_WORKER, "disowned address"),
                *(e for e in all_edges(order(), 3) if e.value.startswith("not for me in an hour")),
            },
        ),
        (
            "receipts",
            {
                Edge("step", "TellReceipt"),
                Edge(AFTER_RESTART, "bounce"),
                Edge(SECOND_WORKER, "bounce"),
                *(each for each in all_edges(order(), 3) if each.kind == RECEIPT),
            },
        ),
        (
            "two_way",
            {
                Edge("step", "Ask"),
                *(each for each in all_edges(order(), 3) if each.value.startswith("question")),
            },
        ),
        (
            "signed_events",
            {
                Edge("step", "SendBeyond"),
                *(each for each in all_edges(order(), 3) if each.value.endswith(REFUSED)),
            },
        ),
        ("restarts", {each for each in all_edges(order(), 3) if each.kind == AFTER_RESTART}),
        ("workers", {each for each in all_edges(order(), 3) if each.kind == SECOND_WORKER}),
    ],
)
def test_what_needs_a_claim_is_not_reachable_without_it(
    capability: Capability, edges: set[Edge]
) -> None:
    """The reason names the claim."""
    whys = listed(reach_when_fresh(without(capability), 3), 3)
    left = {each: why for each, why in whys.items() if why not in NOT_DRAWN.values()}
    assert left == dict.fromkeys(edges, f"the portal does not claim {capability}")


def test_by_command_the_order_and_the_days_are_the_targets() -> None:
    """Phase 3 goes live in October: other orders and the summer are out of reach."""
    whys = listed(reach_when_fresh(by_command(), 3), 3)
    assert {each for each in whys if each.kind == "another order"} == {
        each for each in all_edges(order(), 3) if each.kind == "another order"
    }
    assert whys[Edge("day", "25 May 2026")].startswith("it is before the target's own day")
    assert whys[Edge("day", "July")].startswith("stories begin soon after")
    assert Edge("day", "the clocks go forward") in whys
    near = ("October", "December", "the clocks go back", "the year ends", "25 December 2026")
    assert not whys.keys() & {Edge("day", each) for each in near}


def test_a_command_that_takes_each_order_reaches_all_of_it() -> None:
    """Then only what no story has otherwise is out of reach, and a second worker."""
    whys = listed(reach_when_fresh(tried_of(BY_COMMAND), 3), 3)
    assert not tried_of(BY_COMMAND).order_is_fixed
    assert {each.kind for each in whys} == {"another order", DURATION, SECOND_WORKER}
    assert {whys[each] for each in whys if each.kind == "another order"} <= {*NOT_DRAWN.values()}


def test_stories_from_the_targets_days_meet_nothing_that_is_not_reachable() -> None:
    """Whatever is drawn, the reasons are true."""
    whys = listed(reach_when_fresh(by_command(), 2), 2)
    for number in range(150):
        story = draw_story(order(), phase=2, seed=3, number=number, order_is_fixed=True)
        assert not met_by(story, order()) & {e for e in whys if e.kind in ("day", "another order")}
