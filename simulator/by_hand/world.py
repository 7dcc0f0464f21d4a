"""A world in which time is real, and a tester is asked for what our doubles do not see.

Whatever does come to our doubles is taken in as always, while the tester keys in or looks.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import structs

from simulator.by_hand.console import Tester
from simulator.by_hand.feasible import shown
from simulator.by_hand.keyed_in import KeyedIn
from simulator.by_hand.observed import CODE, LINK, Observed
from simulator.by_hand.references import References
from simulator.clock import LONDON, wall_now
from simulator.errors import CannotVerify
from simulator.evidence.records import MessagesSeen
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.message_secrets import MessageSecrets
from simulator.world.world import World

#: Sentences about what only the test crime system shows.
_IN_THE_CRIME_SYSTEM = re.compile(r"\b(?:the force|a? ?task|supervisor|crime system|unit)\b")


class SecretsByHand(MessageSecrets):
    """Finds what the tester wrote in place of a link or a code, besides what is one."""

    def link_in(self, message: Accepted) -> str:
        """Find the invitation's link, or say which message it is in."""
        return super().link_in(message) or (
            f"the link in {message.message_id}" if LINK in message.body else ""
        )

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code, or what stands for it."""
        return super().code_in(message) or (CODE if CODE in message.body else "")


@dataclass(kw_only=True, eq=False)
class MessagesByHand(ArrivedMessages):
    """Takes a message in by our references, and no earlier than what it can be about."""

    references: References
    crime_system: CrimeSystem

    def _take(self, message: Accepted) -> None:
        records, ours = self.crime_system, self.references.in_ours
        keyed_at = records.keyed_at if isinstance(records, KeyedIn) else None
        super()._take(
            structs.replace(
                message,
                subject=ours(message.subject),
                body=ours(message.body),
                accepted_at=max(message.accepted_at, keyed_at or message.accepted_at),
            )
        )


@dataclass(kw_only=True, eq=False)
class WorldByHand(World):
    """A world around a portal into whose crime system a tester keys.

    `sentence` is the one that the scenario is at. With `reads_handsets` messages do not come to
    our gateway, and the tester reads them off the handsets.
    """

    tester: Tester
    observed: Observed
    reads_handsets: bool
    sentence: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.breakdowns.crime_system_is_ours = False
        if self.reads_handsets:
            self.evidence.append(MessagesSeen(at=self.now, how="test handset"))

    def advance(self, to: datetime) -> None:
        """Wait until it is `to`, and ask what came meanwhile."""
        within = to - self.now
        self._refuse_long(within)
        if within > timedelta(0):
            self.tester.tell(f"\nWAIT until {to.astimezone(LONDON):%H:%M:%S} ({shown(within)}).")
        super().advance(to)
        if within > timedelta(0):
            self._ask("until now")

    def wait_for(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Wait for what our doubles or the tester see, at most `within`."""
        if not self._what():
            return super().wait_for(condition, within)
        end = wall_now() + min(within, timedelta(seconds=self.wait_seconds_max))
        while True:
            self.clock.run_to(wall_now())
            self.settle()
            if condition():
                return True
            if wall_now() >= end:
                break
            self._ask(f"until {end.astimezone(LONDON):%H:%M:%S}")
        self._refuse_long(within)
        return False

    def _refuse_long(self, within: timedelta) -> None:
        if within.total_seconds() > self.wait_seconds_max:
            raise CannotVerify(
                f"this takes {shown(within)} of real time, and access.wait_seconds_max is "
                f"{self.wait_seconds_max:g}: not verified"
            )

    def _ask(self, until: str) -> None:
        what = self._what()
        if what:
            self.observed.ask(what, until)
            self.clock.run_to(wall_now())
            self.settle()

    def _what(self) -> list[str]:
        """Say what the tester is to look for at this sentence."""
        messages = ["text", "email"] if self.reads_handsets else []
        is_of_crime_system = _IN_THE_CRIME_SYSTEM.search(self.sentence)
        return messages + (["task", "stamp"] if is_of_crime_system else [])
