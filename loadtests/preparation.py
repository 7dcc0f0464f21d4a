"""Prepare a burst: record the crimes, wait for the invitations, and register the visitors."""

from collections.abc import Callable

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.doubles import PortalWithDoubles
from loadtests.gateway_watch import GatewayWatch
from loadtests.visitor import finish_sign_in
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.clock import wall_now
from simulator.drivers.base import Delivery, Refused
from simulator.errors import SuiteError
from simulator.evidence.records import EventDelivered, SignedIn, SigningIn, VictimRefused


def prepare(
    burst: Burst,
    crowd: BurstVictims,
    scene: PortalWithDoubles,
    watch: GatewayWatch,
    *,
    identity_key: str,
    show: Callable[[str], None],
) -> bool:
    """Bring the victims into the portal; return whether every victim was invited.

    Crimes that the burst itself records are left out, so that nobody visits.
    """
    invited_by: list[str] = []
    known = 0 if burst.update == "recorded" else crowd.count
    if not known:
        for number in range(crowd.count):
            scene.evidence.append(crowd.known(number, wall_now()))
        return True
    for first in range(0, known, BATCH_EVENTS_MAX):
        numbers = range(first, min(first + BATCH_EVENTS_MAX, known))
        invited_by += _record(crowd, numbers, scene, identity_key)
        watch.collect()
        show(f"{numbers.stop:,} of {crowd.count:,} crimes recorded")
    ended = watch.wait_for(
        invited_by,
        silence_seconds=burst.silence_seconds,
        seconds_max=burst.drain_seconds_max,
    )
    if ended != "all":
        return False
    for number in range(burst.registered_count):
        _register(crowd, number, scene.handsets.links.get(invited_by[number], ""), scene)
        show(f"{number + 1:,} of {burst.registered_count:,} visitors registered")
    watch.collect()
    return True


def _record(
    crowd: BurstVictims, numbers: range, scene: PortalWithDoubles, identity_key: str
) -> list[str]:
    """Record and deliver a batch of crimes; return the ids of the events."""
    for number in numbers:
        at = wall_now()
        scene.evidence.append(crowd.known(number, at))
        scene.crime_system.record(crowd.recorded(number, at, identity_key))
    outgoing = [scene.crime_system.outgoing.popleft() for _ in numbers]
    sent_at = wall_now()
    delivery = Delivery(outgoing[0].event_id, [each.body for each in outgoing])
    status = scene.driver.deliver(delivery)
    for each in outgoing:
        scene.evidence.append(EventDelivered(at=sent_at, event_id=each.event_id, status=status))
    if status != 202:
        raise SuiteError(
            f"the portal answered {status} to a batch of {len(outgoing)} CrimeRecorded before "
            "the burst; the contract says 202 (run portal-suite accept first)"
        )
    return [each.event_id for each in outgoing]


def _register(crowd: BurstVictims, number: int, link: str, scene: PortalWithDoubles) -> None:
    """Sign in by the invitation, so that the address is enough later."""
    person_id, address = crowd.person_id(number), crowd.mobile_phone(number)
    try:
        step = scene.driver.open_invitation(link)
        scene.evidence.append(SigningIn(at=wall_now(), person_id=person_id))
        session = finish_sign_in(
            scene.driver,
            step,
            crowd.proof(number),
            lambda since: scene.handsets.code(address, since),
        )
    except Refused:
        scene.evidence.append(
            VictimRefused(at=wall_now(), person_id=person_id, step="registration")
        )
        return
    scene.evidence.append(SignedIn(at=wall_now(), person_id=person_id))
    scene.driver.sign_out(session)
