"""`check`: check a target, its portal and its surroundings before anything is judged.

Each check runs once, with synthetic people. A check that fails does not stop the others.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import structs

from reference.contract.events import Channel
from simulator.check import capabilities, deliveries, stopped_portal, surroundings
from simulator.check.people import SyntheticPeople
from simulator.check.table import CheckTable
from simulator.clock import LONDON, WorldClock, wall_now
from simulator.drivers.base import Session
from simulator.drivers.http import by_http
from simulator.errors import BadInput, CannotVerify
from simulator.files.paths import ROOT
from simulator.inputs.capabilities import Capability
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import (
    SecretValues,
    Target,
    UnusableSecret,
    order_name_of,
    read_target,
    secret_values,
    way_of,
)
from simulator.inputs.vocabulary import check_vocabulary
from simulator.population.identity import Identity
from simulator.results.values import CheckResult
from simulator.streams import Streams
from simulator.verdicts import worst
from simulator.world.builder import world_around
from simulator.world.recipient_guard import check_recipients
from simulator.world.victims import Victim, latest_link
from simulator.world.world import World

#: Within the quiet hours of an order that has any.
_NIGHT_HOUR = 22
_REST = "messages, tasks, sign-in and other claims"
_CHANNELS: tuple[Channel, ...] = ("text", "email")


def check(path: Path) -> CheckResult:
    """Check what a target claims, and what is needed to judge it.

    Raises BadInput for what the tester can correct, before anything is sent.
    """
    target = read_target(path)
    check_recipients(target, path)
    order = read_order(ROOT / target.order).staying_in(max(target.claims.phases))
    check_vocabulary(order, target.order)
    rows = CheckTable()
    surroundings.note_recipients(rows, target)
    try:
        secrets = secret_values(target, path)
    except UnusableSecret as error:
        rows.add("secrets", "sign with the events secret", str(error), "FAIL")
        return _result(target, rows)
    surroundings.check_secrets(rows, target, secrets)
    if target.access.by_hand:
        seen = "not tried: portal-suite accept tries it with a tester"
        rows.add("portal", "what a tester keys in and sees", seen, "SKIP")
        return _result(target, rows)
    with ExitStack() as stack:
        entered: list[World] = []

        def enter() -> str:
            entered.append(stack.enter_context(_around(target, order, secrets)))
            return "it answers by the contract"

        try:
            is_there = rows.try_check("portal", "ask one question: is it a portal?", enter)
        except BadInput as error:
            # The code that starts the portal knows the field, but not its file.
            raise BadInput(f"{path}: {error}") from None
        if is_there:
            identity = Identity(order.sign_in.proof, secrets.identity)
            _check_portal(
                rows, target, SyntheticPeople(entered[0], identity=identity, run=wall_now())
            )
    capabilities.note_unclaimed(rows, target.claims.capabilities)
    return _result(target, rows)


def _result(target: Target, rows: CheckTable) -> CheckResult:
    return CheckResult(
        portal=target.claims.name,
        portal_version=target.claims.version,
        order=order_name_of(target),
        reached=way_of(target),
        verdict=worst(each.verdict for each in rows.rows if each.verdict != "OMIT"),
        rows=rows.rows,
    )


@contextmanager
def _around(target: Target, order: Order, secrets: SecretValues) -> Iterator[World]:
    """Put a world around the portal that sends no receipts: the check sends them itself."""
    claims = target.claims
    left = tuple(each for each in claims.capabilities if each != "receipts")
    virtual = "test_clock" in left
    with world_around(
        structs.replace(target, claims=structs.replace(claims, capabilities=left)),
        order,
        name=f"check-{wall_now():%y%m%d%H%M%S}",
        clock=WorldClock(order.go_live_at(1) - timedelta(days=1) if virtual else wall_now()),
        secrets=secrets,
        streams=Streams(0),
        phase=max(claims.phases),
    ) as world:
        yield world


def _check_portal(rows: CheckTable, target: Target, people: SyntheticPeople) -> None:
    """Run every check on a portal that answers."""
    world, claims = people.world, target.claims
    claimed = claims.capabilities
    channels: tuple[Channel, ...] = tuple(each for each in _CHANNELS if each in claimed)
    driver = by_http(world.portal)
    if driver is not None and not target.access.application:
        surroundings.check_clock(rows, driver.check(), wall_now())
    if not channels:
        rows.add("channels", "is text or email claimed?", "neither, so nobody can be told", "FAIL")
        return
    people.channels = channels
    if not _enter_phase(rows, world, max(claims.phases)):
        rows.add("the rest", _REST, "not tried: the portal is not in the phase", "SKIP")
        return
    anna, crime = people.meet("Anna", channels)
    event_id = deliveries.check_taken(rows, people, crime)
    if not event_id:
        deliveries.check_forged(rows, people, "")
        rows.add("the rest", _REST, "not tried: no crime can be recorded", "SKIP")
        return
    if "test_clock" in claimed:
        capabilities.check_test_clock(rows, people, anna)
    for channel in channels:
        capabilities.check_channel(rows, people, anna, channel)
    if "correlates" in claimed:
        capabilities.check_correlates(rows, people, anna, event_id)
    if "carries_correlation_id" in claimed:
        capabilities.check_carries_correlation_id(rows, people, anna, event_id)
    deliveries.check_again(rows, people, anna, event_id)
    deliveries.check_forged(rows, people, event_id)
    capabilities.check_gateway(rows, people, surroundings.goes_elsewhere(target))
    capabilities.check_crime_system(rows, people)
    session = _check_responses(rows, people, anna, claimed)
    capabilities.check_own_record(rows, world.evidence.records, claimed)
    # The last check: there is no portal afterwards.
    stopped_portal.note_driver(rows, target, world, session, latest_link(world, anna))


def _check_responses(
    rows: CheckTable, people: SyntheticPeople, anna: Victim, claimed: Collection[Capability]
) -> Session | None:
    """Check what the portal does with receipts, and with what victims and strangers send it.

    Return the victim's session, if they could sign in.
    """
    if "receipts" in claimed:
        capabilities.check_receipts(rows, people)
    session = capabilities.check_sign_in(rows, people, anna)
    if "two_way" in claimed:
        capabilities.check_two_way(rows, people, anna, session)
    if "withdraw_support" in claimed:
        capabilities.check_withdraw_support(rows, people, anna, session)
    if "received_texts" in claimed:
        capabilities.check_received_texts(rows, people, anna)
    if "not_for_me" in claimed:
        capabilities.check_not_for_me(rows, people)
    return session


def _enter_phase(rows: CheckTable, world: World, phase: int) -> bool:
    """Go to the latest claimed phase, at night. Without a test clock it must be live already."""
    tried = f"enter phase {phase}, the latest claimed"
    virtual = "test_clock" in world.portal.capabilities

    def look() -> str:
        live = world.order.phase_at(world.now)
        if not virtual and live < phase:
            raise CannotVerify(
                f"by the order, phase {live} is live today: move the days in its go_live"
            )
        world.enter_phase(phase)
        if virtual:
            world.advance(_night(world.order.working_days.next_morning(world.now)))
        return "live by the order"

    return rows.try_check("phase", tried, look)


def _night(day: datetime) -> datetime:
    local = day.astimezone(LONDON)
    return local.replace(hour=_NIGHT_HOUR, minute=0).astimezone(day.tzinfo)
