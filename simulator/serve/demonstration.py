"""A demonstration in real time: the user tries the portal, and types what the force does.

Everything that happens is read from the evidence and shown as it arrives.
"""

from collections.abc import Callable
from datetime import timedelta

from msgspec import structs

from reference.contract.events import AnyEvent, CrimeClosed
from simulator.errors import CannotVerify, PortalNonsense
from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageRefused,
    NotForMeSaid,
    Record,
    Stamped,
    TaskRaised,
    TextReceived,
)
from simulator.inputs.order import Order
from simulator.serve.crimes import Caseload, Crime, NotPossible
from simulator.serve.keyboard import Keyboard
from simulator.serve.screen import Screen
from simulator.serve.typed_commands import NUMBER, ROWS, Command, NotUnderstood, parse_line
from simulator.world.world import World

_LOOK_EVERY = timedelta(seconds=1)


class Demonstration:
    """One portal, its world, and the user."""

    def __init__(
        self, world: World, caseload: Caseload, *, screen: Screen, keyboard: Keyboard
    ) -> None:
        self._world = world
        self._caseload = caseload
        self._screen = screen
        self._keyboard = keyboard
        self._shown = 0
        self._kinds: dict[str, str] = {}
        self._whose: dict[str, str] = {}
        self._has_quit = False
        self._crime = self._report()

    def run(self, *, is_over: Callable[[], bool]) -> None:
        """Run until it is over or the user quits; raises PortalUnreachable."""
        while not self._has_quit and not is_over():
            self._screen.ask()
            try:
                self._world.wait_for(lambda: self._has_news() or is_over(), _LOOK_EVERY)
            except PortalNonsense as error:
                self._screen.say(str(error), style="bold red")
            self._show_news()
            for line in self._keyboard.lines():
                self._screen.was_typed()
                self._obey(line)
            if self._keyboard.has_ended and self._keyboard.is_terminal:
                self._has_quit = True

    def show_who(self) -> None:
        """Show every crime and its victim."""
        for crime in self._caseload.crimes:
            self._screen.show_crime(crime, in_hand=crime is self._crime)

    def _has_news(self) -> bool:
        return self._keyboard.is_waiting() or self._shown < len(self._world.evidence.records)

    def _show_news(self) -> None:
        records = self._world.evidence.records
        while self._shown < len(records):
            self._show(records[self._shown])
            self._shown += 1

    def _show(self, record: Record) -> None:
        match record:
            case EventRecorded():
                self._kinds[record.event_id] = record.event_type
            case EventDelivered(status=202):
                kind = self._kinds[record.event_id]
                self._screen.show_news(record.at, f"the portal has {kind}", style="dim")
            case EventDelivered():
                kind = self._kinds[record.event_id]
                answer = f"answered {record.status}" if record.status else "did not answer"
                words = f"the portal {answer} to {kind}; it is delivered again later"
                self._screen.show_news(record.at, words, style="red")
            case MessageAccepted():
                self._show_message(record)
            case MessageRefused():
                words = f"the gateway refused a message to {record.to}: {record.reason}"
                self._screen.show_news(record.at, words, style="red")
            case Stamped():
                words = f"STAMP on {record.crime_reference}: {record.text}"
                self._screen.show_news(record.at, words, style="yellow")
            case TaskRaised():
                whose = record.assignee or "the officer in charge"
                kind = record.task_kind.replace("_", " ")
                words = f"TASK for {whose} on {record.crime_reference}: {kind}, {record.reason}"
                self._screen.show_news(record.at, words, style="yellow")
            case TextReceived():
                words = f"TEXT BACK from {record.number}: {record.words}"
                self._screen.show_news(record.at, words, style="yellow")
            case NotForMeSaid():
                who = "the holder of" if record.by == "message" else "somebody, of"
                words = f"NOT FOR ME, says {who} {record.address}"
                self._screen.show_news(record.at, words, style="yellow")
            case _:
                pass

    def _show_message(self, record: MessageAccepted) -> None:
        """Show the message itself: the evidence strikes out its link and its code."""
        for message in self._world.messages_at(record.to):
            if message.message_id == record.message_id:
                self._screen.show_message(message, self._whose.get(record.to.lower(), ""))

    def _obey(self, line: str) -> None:
        command = parse_line(line)
        if isinstance(command, NotUnderstood):
            self._screen.say(command.sentence)
            return
        try:
            self._do(command)
        except (NotPossible, CannotVerify) as reason:
            self._screen.say(str(reason))

    def _do(self, command: Command) -> None:
        row = ROWS[command.name]
        given = command.given
        other = self._caseload.numbered(int(given)) if row.takes is NUMBER else None
        if row.records is not None:
            self._record(row.records(self._crime, self._world.now, other or given))
            return
        match command.name:
            case "note":
                self._note(str(given))
            case "text":
                mobile = self._crime.victim.known.mobile_phone
                self._world.inbound.by_text(mobile, str(given))
            case "new":
                self._crime = self._report()
                self._screen.show_crime(self._crime, in_hand=True)
            case "incident":
                self._crime = self._report(is_crime=False)
                self._screen.show_crime(self._crime, in_hand=True)
            case "record":
                self._record_as_crime()
            case "crime" if other is not None:
                self._crime = other
                self._screen.show_crime(other, in_hand=True)
            case "who":
                self.show_who()
            case "help":
                self._screen.show_help()
            case "quit":
                self._has_quit = True

    def _record(self, event: AnyEvent) -> None:
        self._world.crime_system.record(event)
        order, now = self._world.order, self._world.now
        if hint := why_silent(event, self._crime, order, phase=order.phase_at(now)):
            self._screen.say(hint)

    def _note(self, text: str) -> None:
        officer = self._crime.officer
        author = officer.name if officer else "an officer"
        self._world.crime_system.write_note(self._crime.reference, text, author=author)
        self._screen.say("Noted for the force only: the portal must never show it.")

    def _record_as_crime(self) -> None:
        """Record the report in hand as a crime, by the same reference."""
        now = self._world.now
        recorded = structs.replace(self._crime.recorded, recorded_at=now)
        self._world.crime_system.record(recorded)

    def _report(self, *, is_crime: bool = True) -> Crime:
        """Report a crime of the next victim, or an incident, and add the victim to the world."""
        crime = self._caseload.report(self._world.now)
        known = crime.victim.known
        self._world.meet(known)
        for address in crime.victim.addresses:
            self._whose[address.lower()] = f"{known.given_name} {known.family_name}"
        self._world.crime_system.record(crime.recorded if is_crime else crime.reported)
        return crime


def why_silent(event: AnyEvent, crime: Crime, order: Order, *, phase: int) -> str:
    """Explain why no message follows an event at once, or return "" if one should."""
    kind = type(event).__name__
    if order.is_switched_off(event):
        return "The order has switched this milestone off: no message comes of it."
    if order.trigger_for(kind, phase) is None:
        later = [each.phase for each in order.triggers if each.event == kind]
        when = f" before phase {min(later)}" if later else ""
        return f"The order has no message for {kind}{when}."
    if isinstance(event, CrimeClosed):
        sensitive = order.sensitive_closures
        subgroup = crime.recorded.offence_subgroup
        if event.outcome in sensitive.outcomes or subgroup in sensitive.offence_subgroups:
            return (
                "An officer must tell the victim first: the message waits until you type contacted."
            )
    return ""
