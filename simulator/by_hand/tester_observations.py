"""What a tester saw that our doubles could not: on a test handset or in the test crime system.

It goes to the inbox and the records like everything else, marked as seen by the tester.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import get_args

from reference.contract.events import Channel
from reference.contract.messages import Stamp, Task, TaskKind
from simulator.by_hand.console import Tester
from simulator.by_hand.references import References
from simulator.evidence.records import PersonKnown
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox

#: A tester writes these in place of a link or a code, so that no journal holds a real one.
LINK, CODE = "<link>", "<code>"
_NOTHING = "nothing"


class ObservedByTester:
    """Ask the tester what there is to see, and record it."""

    def __init__(
        self,
        tester: Tester,
        references: References,
        *,
        inbox: Inbox,
        crime_system: CrimeSystem,
        people: Callable[[], Sequence[PersonKnown]],
        now: Callable[[], datetime],
    ) -> None:
        self._tester = tester
        self._references = references
        self._inbox = inbox
        self._crime_system = crime_system
        self._people = people
        self._now = now
        self._numbers = count(1)

    def ask(self, what: Sequence[str], until: str) -> bool:
        """Ask until there is nothing more to see; `what` are text, email, task and stamp.

        Returns whether there was anything.
        """
        question = f"\nLOOK {until}: what has come that you have not reported yet?"
        seen = False
        while True:
            kind = self._tester.ask_which(question, [*what, _NOTHING], default=_NOTHING)
            if kind == _NOTHING:
                return seen
            seen = True
            if kind in ("text", "email"):
                self.message("text" if kind == "text" else "email")
            elif kind == "task":
                self._task()
            else:
                self._stamp()
            question = "What else?"

    def message(self, channel: Channel) -> None:
        """Record a message that the tester reads on a handset or in a mailbox."""
        held = [each for each in self._people() if _address(each, channel)]
        whose = self._who("Whose phone or mailbox is it on?", held)
        address = _address(whose, channel)
        subject = self._tester.ask("Its subject?") if channel == "email" else ""
        lines = self._tester.ask_lines(
            f"Its words, with {LINK} for a sign-in link and {CODE} for a one-time code."
        )
        at = self._tester.ask_time("When did it come?")
        self._inbox.take(
            Accepted(
                message_id=f"by-hand-{next(self._numbers)}",
                channel=channel,
                to=address,
                to_given=address,
                subject=self._references.in_ours(subject),
                body=self._references.in_ours("\n".join(lines)),
                sender="",
                reference="",
                template_id="",
                accepted_at=at,
                how="test handset",
            )
        )

    def _task(self) -> None:
        kinds = {each.replace("_", " "): each for each in get_args(TaskKind)}
        kind = kinds[self._tester.ask_which("What kind of task?", kinds)]
        whose = self._who("Who is it about?", self._people())
        reference = self._crime()
        assignee = self._tester.ask("Who is it for: a collar number or a team? (Enter: nobody)")
        filed = self._crime_system.raise_task(
            Task(
                key=f"task-by-hand-{next(self._numbers)}",
                crime_reference=reference,
                kind=kind,
                person_id=whose.person_id,
                reason=self._tester.ask("What does it say?"),
                for_officer=assignee if assignee.isdigit() else "",
                for_team="" if assignee.isdigit() else assignee,
            ),
            how="by the tester",
        )
        self._check(filed)

    def _stamp(self) -> None:
        whose = self._who("Whose words?", self._people())
        reference = self._crime()
        lines = self._tester.ask_lines("The words in the enquiry log, exactly as shown.")
        stamp = Stamp(
            key=f"stamp-by-hand-{next(self._numbers)}",
            person_id=whose.person_id,
            text="\n".join(lines),
            written_at=self._now(),
        )
        self._check(self._crime_system.stamp(reference, stamp, how="by the tester"))

    def _crime(self) -> str:
        """Ask which crime it is about."""
        given = self._tester.ask_for(
            "Which crime?",
            mistake_in=lambda each: (
                "" if self._references.is_known(each) else "That is not a crime of this run."
            ),
        )
        return self._references.ours(given)

    def _who(self, question: str, people: Sequence[PersonKnown]) -> PersonKnown:
        """Ask for a person by given name, unless there is only one."""
        by_name = {each.given_name.lower(): each for each in people}
        if len(by_name) == 1:
            return next(iter(by_name.values()))
        return by_name[self._tester.ask_which(question, by_name)]

    def _check(self, filed: Filed) -> None:
        if filed is Filed.no_occurrence:
            self._tester.tell("That crime was not recorded in this run, so this is left out.")


def _address(person: PersonKnown, channel: Channel) -> str:
    return person.mobile_phone if channel == "text" else person.email
