"""What a tester saw that our doubles could not: on a test handset, in the test crime system.

It goes the way of everything else, to the inbox and the records, marked as what it is.
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

#: What a tester writes in place of what only the victim may know; no journal holds the real one.
LINK, CODE = "<link>", "<code>"
_NOTHING = "nothing"


class Observed:
    """Asks the tester what there is to see, and takes it in."""

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
        """Ask until nothing more is to be seen; `what` are text, email, task and stamp.

        Says whether anything was.
        """
        question = f"\nLOOK {until}: what has come that you have not told yet?"
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
        """Take in a message that the tester reads off a handset or in a mailbox."""
        held = [each for each in self._people() if _address(each, channel)]
        whose = self._who("On whose phone or in whose mailbox is it?", held)
        address = _address(whose, channel)
        subject = self._tester.ask("Its subject?") if channel == "email" else ""
        lines = self._tester.ask_lines(
            f"Its words, with {LINK} in place of a link to sign in and {CODE} of a one-time code."
        )
        at = self._tester.done_at("It came at?")
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
        kind = kinds[self._tester.ask_which("A task of what kind?", kinds)]
        whose = self._who("About whom?", self._people())
        reference = self._crime()
        assignee = self._tester.ask("For whom: a collar number, or a team? (Enter: nobody)")
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
        lines = self._tester.ask_lines("The words in the enquiry log, just as they stand there.")
        stamp = Stamp(
            key=f"stamp-by-hand-{next(self._numbers)}",
            person_id=whose.person_id,
            text="\n".join(lines),
            written_at=self._now(),
        )
        self._check(self._crime_system.stamp(reference, stamp, how="by the tester"))

    def _crime(self) -> str:
        """Ask on which crime."""
        given = self._tester.ask_for(
            "On which crime?",
            needed=lambda each: (
                "" if self._references.is_known(each) else "That is no crime of this run."
            ),
        )
        return self._references.ours(given)

    def _who(self, question: str, people: Sequence[PersonKnown]) -> PersonKnown:
        """Ask for one of some people by their given name; where there is one, nobody asks."""
        by_name = {each.given_name.lower(): each for each in people}
        if len(by_name) == 1:
            return next(iter(by_name.values()))
        return by_name[self._tester.ask_which(question, by_name)]

    def _check(self, filed: Filed) -> None:
        if filed is Filed.no_occurrence:
            self._tester.tell("That crime was not recorded in this run: it is left out.")


def _address(person: PersonKnown, channel: Channel) -> str:
    return person.mobile_phone if channel == "text" else person.email
