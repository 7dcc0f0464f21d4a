"""Before the burst: the crimes are recorded, their victims invited, and the visitors registered."""

from collections.abc import Callable

from loadtests.bursts import Burst
from loadtests.crowd import Crowd
from loadtests.doubles import Surroundings
from loadtests.visit import come_in
from loadtests.watch import Watch
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.clock import wall_now
from simulator.drivers.base import Delivery, Refused
from simulator.errors import SuiteError
from simulator.evidence.records import EventDelivered, SignedIn, SigningIn, VictimRefused


def prepare(
    burst: Burst,
    crowd: Crowd,
    scene: Surroundings,
    watch: Watch,
    *,
    identity_key: str,
    show: Callable[[str], None],
) -> bool:
    """Bring the crowd into the portal; says whether every victim was invited."""
    invited_by = []
    for first in range(0, crowd.count, BATCH_EVENTS_MAX):
        numbers = range(first, min(first + BATCH_EVENTS_MAX, crowd.count))
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
    for number in range(burst.visitor_count):
        _register(crowd, number, scene.handsets.links.get(invited_by[number], ""), scene)
        show(f"{number + 1:,} of {burst.visitor_count:,} visitors registered")
    watch.collect()
    return True


def _record(crowd: Crowd, numbers: range, scene: Surroundings, identity_key: str) -> list[str]:
    """Record a batch of crimes and hand it over; answers the ids of the events."""
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
            "anything else happened; the contract says 202 (try portal-suite accept first)"
        )
    return [each.event_id for each in outgoing]


def _register(crowd: Crowd, number: int, link: str, scene: Surroundings) -> None:
    """Come through the whole sign-in from the invitation, so that the address will do later."""
    person_id, address = crowd.person_id(number), crowd.mobile_phone(number)
    try:
        step = scene.driver.open_invitation(link)
        scene.evidence.append(SigningIn(at=wall_now(), person_id=person_id))
        session = come_in(
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
