"""Prepare a burst: record the crimes, wait for the invitations, and register the visitors.

Where records have faults, some victims cannot be told of anything: the judge says who can be. What
fails is tried again, and counted.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.doubles import PortalWithDoubles
from loadtests.gateway_watch import GatewayWatch
from loadtests.visitor import finish_sign_in
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.clock import wall_now, wall_sleep
from simulator.drivers.base import Delivery, Refused
from simulator.errors import NOT_AVAILABLE, PortalNonsense, PortalUnreachable, SuiteError
from simulator.evidence.records import EventDelivered, SignedIn, SigningIn, VictimRefused
from simulator.inputs.order import Order
from simulator.judge.fold import judge
from simulator.neighbours.crime_system.outgoing import Outgoing

#: After thousands of invitations a portal was seen to send no code for a while (503).
_CODE_PATIENCE_SECONDS = 120.0
_AGAIN_SECONDS = 0.5
#: A visitor who cannot be registered in so many tries is left to be turned away in the burst.
_TRIES_MAX = 5
_ERRORS = (PortalNonsense, PortalUnreachable)


class Failed(Counter[str]):
    """What failed before the burst and was tried again, by what it was; ends what never works.

    Raises SuiteError once everything has failed for `seconds_max`.
    """

    def __init__(self, seconds_max: float) -> None:
        super().__init__()
        self._seconds_max = seconds_max
        self.worked()

    def worked(self) -> None:
        """Say that the portal did what was asked."""
        self._worked_at = time.monotonic()

    def note(self, what: str) -> None:
        """Count a failure, and wait before the next try; raises SuiteError."""
        self[f"before the burst: {what}"] += 1
        if time.monotonic() - self._worked_at > self._seconds_max:
            raise SuiteError(
                f"the portal did nothing right for {self._seconds_max:g} s before the burst; last: "
                f"{what} (run portal-suite accept first)"
            )
        wall_sleep(_AGAIN_SECONDS)


def prepare(
    burst: Burst,
    crowd: BurstVictims,
    scene: PortalWithDoubles,
    watch: GatewayWatch,
    *,
    order: Order,
    identity_key: str,
    show: Callable[[str], None],
    failed: Failed,
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
        events |= _record(crowd, numbers, scene, identity_key, failed)
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
        link = scene.handsets.links.get(invited_by.get(number, ""), "")
        _register(crowd, number, link, scene, failed)
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
    crowd: BurstVictims, numbers: range, scene: PortalWithDoubles, identity_key: str, failed: Failed
) -> dict[str, int]:
    """Record and deliver a batch of crimes; return the victims' numbers by the ids of events."""
    for number in numbers:
        _know(crowd, number, scene)
        at = crowd.recorded_at(number, wall_now())
        scene.crime_system.record(crowd.recorded(number, at, identity_key))
    outgoing = [scene.crime_system.outgoing.popleft() for _ in numbers]
    while (status := _delivered(outgoing, scene)) != 202:
        answered = f"was answered {status}" if status else "was not answered"
        failed.note(f"a batch of CrimeRecorded {answered}, and delivered again")
    failed.worked()
    return {each.event_id: number for each, number in zip(outgoing, numbers, strict=True)}


def _delivered(outgoing: Sequence[Outgoing], scene: PortalWithDoubles) -> int:
    """Hand a batch over once; return the status, 0 for no answer."""
    sent_at = wall_now()
    try:
        status = scene.driver.deliver(
            Delivery(outgoing[0].event_id, [each.body for each in outgoing])
        )
    except PortalUnreachable:
        status = 0
    for each in outgoing:
        scene.evidence.append(EventDelivered(at=sent_at, event_id=each.event_id, status=status))
    return status


def _register(
    crowd: BurstVictims, number: int, link: str, scene: PortalWithDoubles, failed: Failed
) -> None:
    """Sign in by the invitation, so that the address is enough later."""
    person_id = crowd.person_id(number)
    for tried in range(_TRIES_MAX):
        try:
            _sign_in(crowd, number, link, scene, is_again=tried > 0)
        except Refused as refused:
            if refused.status != NOT_AVAILABLE:
                break
            failed.note(f"a registration was refused, {refused}")
        except _ERRORS as error:
            failed.note(f"a registration failed, {type(error).__name__}: {error}"[:200])
        else:
            failed.worked()
            return
    scene.evidence.append(VictimRefused(at=wall_now(), person_id=person_id, step="registration"))


def _sign_in(
    crowd: BurstVictims, number: int, link: str, scene: PortalWithDoubles, *, is_again: bool
) -> None:
    person_id, address = crowd.person_id(number), crowd.mobile_phone(number)
    try:
        step = scene.driver.open_invitation(link)
    except Refused:
        if not is_again:
            raise
        # It was used up by a try whose answer was lost: then the address is enough already.
        step = scene.driver.begin_sign_in(address)
    scene.evidence.append(SigningIn(at=wall_now(), person_id=person_id))
    session = finish_sign_in(
        scene.driver,
        step,
        crowd.proof(number),
        lambda since: scene.handsets.code(address, since),
        patience_seconds=_CODE_PATIENCE_SECONDS,
    )
    scene.evidence.append(SignedIn(at=wall_now(), person_id=person_id))
    scene.driver.sign_out(session)
