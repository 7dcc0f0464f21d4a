"""What a crime's page must show each victim, and how it may say the case stands.

A step is owed once the victim may be told of it. After an appointment was changed or cancelled its
last step will do, and after a reopening the end of the case need not stand there.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeReopened,
    MilestoneReached,
)
from simulator.evidence.records import ChangesSeenAsOne
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.known_crime import STATUS_AFTER, when_happened

_Of = tuple[str, str]
#: A type of event, and what sets it apart from others of its type.
StepKey = tuple[str, str]
_ENDS = ("OutcomeRecorded", "CrimeClosed")


@dataclass(frozen=True)
class Step:
    """One step a page must show from `shown_by` on; the crime system recorded it at `said_at`.

    Where it was taken more than once a page may show any: `last_at` is when the last was taken, or
    recorded.
    """

    event_id: str
    shown_by: datetime
    happened_at: datetime
    said_at: datetime
    last_at: datetime | None = None


@dataclass
class CaseStatus:
    """The statuses a page may show for one victim, by the newest `step` they may be told of."""

    accepted: set[str]
    step: Step
    #: Those that will do as well if that step is owed no more.
    before: set[str]


@dataclass
class PageSteps:
    """The steps and the status owed, by victim and crime."""

    order: Order
    _owed: dict[_Of, dict[StepKey, Step]] = field(default_factory=dict)
    _statuses: dict[_Of, CaseStatus] = field(default_factory=dict)
    _unseen: set[str] = field(default_factory=set)
    #: By what another is told of a person: appointments from before are not theirs to read.
    told_by: dict[str, Received] = field(default_factory=dict)
    #: When the case was last reopened, as recorded.
    _opened_at: dict[_Of, datetime] = field(default_factory=dict)

    def seen_as_one(self, record: ChangesSeenAsOne) -> None:
        """Owe a page no step that the portal itself will never see."""
        self._unseen.add(record.event_id)
        for steps in self._owed.values():
            for step in [key for key, each in steps.items() if each.event_id == record.event_id]:
                del steps[step]

    def excuse(self, person_id: str, crime_reference: str, event_id: str) -> None:
        """Owe one victim's page a step no more; it may show it, and how the case stands by it."""
        steps = self._owed.get((person_id, crime_reference), {})
        for step in [key for key, each in steps.items() if each.event_id == event_id]:
            del steps[step]
        status = self.status(person_id, crime_reference)
        if status is not None and status.step.event_id == event_id:
            status.accepted |= status.before

    def owe(self, person_id: str, crime_reference: str, received: Received) -> None:
        """Owe a victim the sight of a step that they may be told of now."""
        event, of = received.event, (person_id, crime_reference)
        step = self._step(received)
        steps = self._owed.setdefault(of, {})
        for replaced in _replaced_by(event):
            steps.pop(replaced, None)
        if received.event_id not in self._unseen:
            key = (type(event).__name__, _detail(event))
            steps[key] = _taken_again(steps[key], step) if key in steps else step
        self.turn(person_id, crime_reference, received)

    def turn(self, person_id: str, crime_reference: str, received: Received) -> None:
        """Change how a case stands, whether or not a victim may be told of it now."""
        status = STATUS_AFTER.get(type(received.event))
        if status is not None:
            self._turn((person_id, crime_reference), status, self._step(received))

    def may_turn(self, person_id: str, crime_reference: str, received: Received) -> None:
        """Accept the status after a step that a victim may be told of, unless it is older."""
        status = STATUS_AFTER.get(type(received.event))
        known = self._statuses.get((person_id, crime_reference))
        if status is not None and known is not None and received.recorded_at >= known.step.said_at:
            known.accepted.add(status)

    def repeat(self, person_id: str, crime_reference: str, received: Received) -> None:
        """Let a step be dated as an earlier fact that says the same."""
        key = (type(received.event).__name__, _detail(received.event))
        steps = self._owed.get((person_id, crime_reference), {})
        if key in steps:
            happened_at = min(steps[key].happened_at, self._step(received).happened_at)
            steps[key] = replace(steps[key], happened_at=happened_at)

    def owed(self, person_id: str, crime_reference: str) -> dict[StepKey, Step]:
        """Give the steps a victim's page of a crime must show."""
        steps, by = self._owed.get((person_id, crime_reference), {}), self.told_by.get(person_id)
        if by is None:
            return steps
        turned = self._step(by)
        return {
            key: each
            for key, each in steps.items()
            if not key[0].startswith("Appointment")
            or (each.said_at > turned.said_at and each.shown_by > turned.shown_by)
        }

    def status(self, person_id: str, crime_reference: str) -> CaseStatus | None:
        """Give how a victim's page may say a case stands; None before any step changed it."""
        return self._statuses.get((person_id, crime_reference))

    def _step(self, received: Received) -> Step:
        return Step(
            event_id=received.event_id,
            shown_by=received.received_at + timedelta(minutes=self.order.messages.minutes_max),
            happened_at=when_happened(received.event, received.recorded_at),
            said_at=received.recorded_at,
        )

    def _turn(self, of: _Of, status: str, step: Step) -> None:
        """Change a case's status; accept either where the order of two steps is in doubt.

        A charged case is never called closed: after a charge and a closure, either will do, also
        where the charge came later.
        """
        before = self._statuses.get(of)
        accepted = {status}
        if status == "open":
            self._opened_at[of] = max(step.said_at, self._opened_at.get(of, step.said_at))
        was_opened_since = of in self._opened_at and step.said_at <= self._opened_at[of]
        if before is not None:
            if status == "closed":
                accepted |= before.accepted & {"charged"}
            if step.said_at < before.step.said_at:
                if status == "charged" and "closed" in before.accepted and not was_opened_since:
                    before.accepted.add(status)
                return
            is_later = step.said_at > before.step.said_at
            if not is_later or step.happened_at <= before.step.happened_at:
                accepted |= before.accepted
        self._statuses[of] = CaseStatus(accepted, step, before.accepted if before else {"open"})


def _taken_again(before: Step, step: Step) -> Step:
    """Give a step that was taken once more, by whichever of the times comes last."""
    times = (before.last_at, before.happened_at, before.said_at, step.happened_at, step.said_at)
    return replace(before, last_at=max(each for each in times if each is not None))


def _detail(event: AnyEvent) -> str:
    if isinstance(event, AppointmentMade | AppointmentChanged | AppointmentCancelled):
        return event.appointment_id
    return event.milestone if isinstance(event, MilestoneReached) else ""


def _replaced_by(event: AnyEvent) -> list[StepKey]:
    if isinstance(event, AppointmentChanged | AppointmentCancelled):
        kinds = ("AppointmentMade", "AppointmentChanged")
        return [(kind, event.appointment_id) for kind in kinds]
    return [(kind, "") for kind in _ENDS] if isinstance(event, CrimeReopened) else []
