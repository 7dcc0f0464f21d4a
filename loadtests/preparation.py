"""Prepare a burst: record the crimes, wait for the invitations, and register the visitors.

Where records have faults, some victims cannot be told of anything: the judge says who can be.
"""

from collections.abc import Callable, Mapping

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
from simulator.inputs.order import Order
from simulator.judge.fold import judge

#: After thousands of invitations a portal was seen to send no code for a while (503).
_CODE_PATIENCE_SECONDS = 120.0


def prepare(
    burst: Burst,
    crowd: BurstVictims,
    scene: PortalWithDoubles,
    watch: GatewayWatch,
    *,
    order: Order,
    identity_key: str,
    show: Callable[[str], None],
) -> frozenset[str] | None:
    """Bring the victims into the portal; None if one who can be told was not invited.

    Returns the references of the crimes whose victim can be told. Crimes that the burst itself
    records are left out, so that nobody visits.
    """
    events: dict[str, int] = {}
    known = 0 if burst.update == "recorded" else crowd.count
    if not known:
        for number in range(crowd.count):
            _know(crowd, number, scene)
        references = frozenset(map(crowd.crime_reference, range(crowd.count)))
        # The burst records them in another process; here the portal raises its tasks about them.
        scene.crime_system.know_again(references)
        return references
    for first in range(0, known, BATCH_EVENTS_MAX):
        numbers = range(first, min(first + BATCH_EVENTS_MAX, known))
        events |= _record(crowd, numbers, scene, identity_key)
        watch.collect()
        show(f"{numbers.stop:,} of {crowd.count:,} crimes recorded")
    reached = _reached(events, burst, scene, order)
    ended = watch.wait_for(
        reached,
        silence_seconds=burst.silence_seconds,
        seconds_max=burst.drain_seconds_max,
    )
    if ended != "all":
        return None
    invited_by = {number: event_id for event_id, number in reached.items()}
    for number in range(burst.registered_count):
        _register(crowd, number, scene.handsets.links.get(invited_by.get(number, ""), ""), scene)
        show(f"{number + 1:,} of {burst.registered_count:,} visitors registered")
    watch.collect()
    return frozenset(map(crowd.crime_reference, reached.values()))


def _reached(
    events: Mapping[str, int], burst: Burst, scene: PortalWithDoubles, order: Order
) -> dict[str, int]:
    """Choose the crimes whose victim an invitation is due to, by the record that there is."""
    if not burst.data_quality:
        return dict(events)
    judgement = judge(order, scene.evidence.records, correlates=True, end=wall_now())
    owed = {each.event_id for each in judgement.obligations}
    return {event_id: number for event_id, number in events.items() if event_id in owed}


def _know(crowd: BurstVictims, number: int, scene: PortalWithDoubles) -> None:
    """Write down the truth about a victim."""
    for known in crowd.known_records(number, wall_now()):
        scene.evidence.append(known)


def _record(
    crowd: BurstVictims, numbers: range, scene: PortalWithDoubles, identity_key: str
) -> dict[str, int]:
    """Record and deliver a batch of crimes; return the victims' numbers by the ids of events."""
    for number in numbers:
        _know(crowd, number, scene)
        at = crowd.recorded_at(number, wall_now())
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
    return {each.event_id: number for each, number in zip(outgoing, numbers, strict=True)}


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
            patience_seconds=_CODE_PATIENCE_SECONDS,
        )
    except Refused:
        scene.evidence.append(
            VictimRefused(at=wall_now(), person_id=person_id, step="registration")
        )
        return
    scene.evidence.append(SignedIn(at=wall_now(), person_id=person_id))
    scene.driver.sign_out(session)
