"""A world in real time that asks a tester for what our doubles do not see.

Our doubles record what comes to them as always, while the tester keys in or looks.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import structs

from simulator.by_hand.console import Tester
from simulator.by_hand.keyed_crime_system import KeyedCrimeSystem
from simulator.by_hand.limits import duration
from simulator.by_hand.references import References
from simulator.by_hand.tester_observations import CODE, LINK, ObservedByTester
from simulator.clock import LONDON, wall_now
from simulator.errors import CannotVerify
from simulator.evidence.records import MessagesSeen
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.message_secrets import MessageSecrets
from simulator.world.world import World

#: Steps about what only the test crime system shows.
_IN_THE_CRIME_SYSTEM = re.compile(r"\b(?:the force|a? ?task|supervisor|crime system|unit)\b")


class SecretsByHand(MessageSecrets):
    """Find real links and codes, and what the tester wrote in place of them."""

    def link_in(self, message: Accepted) -> str:
        """Find the invitation's link, or name the message it is in."""
        return super().link_in(message) or (
            f"the link in {message.message_id}" if LINK in message.body else ""
        )

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code, or its placeholder."""
        return super().code_in(message) or (CODE if CODE in message.body else "")


@dataclass(kw_only=True, eq=False)
class MessagesByHand(ArrivedMessages):
    """Takes a message in by our references, and no earlier than what it can be about."""

    references: References
    crime_system: CrimeSystem

    def _take(self, message: Accepted) -> None:
        records, ours = self.crime_system, self.references.in_ours
        keyed_at = records.keyed_at if isinstance(records, KeyedCrimeSystem) else None
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
    observed: ObservedByTester
    reads_handsets: bool
    sentence: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.breakdowns.crime_system_is_ours = False
        if self.reads_handsets:
            self.evidence.append(MessagesSeen(at=self.now, how="test handset"))

    def advance(self, to: datetime) -> None:
        """Wait until `to`, and ask what has come."""
        within = to - self.now
        self._refuse_long(within)
        if within > timedelta(0):
            self.tester.tell(f"\nWAIT until {to.astimezone(LONDON):%H:%M:%S} ({duration(within)}).")
        super().advance(to)
        if within > timedelta(0):
            self._ask("until now")

    def wait_for(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Wait until our doubles or the tester see something, at most `within`."""
        if not self._what_to_look_for():
            return super().wait_for(condition, within)
        end = wall_now() + min(within, timedelta(seconds=self.wait_seconds_max))
        until = f"until {end.astimezone(LONDON):%H:%M:%S}"
        if self.is_met_by(end, condition, pause=lambda: self._ask(until)):
            return True
        self._refuse_long(within)
        return False

    def _refuse_long(self, within: timedelta) -> None:
        if within.total_seconds() > self.wait_seconds_max:
            raise CannotVerify(
                f"this takes {duration(within)} of real time, but access.wait_seconds_max is "
                f"{self.wait_seconds_max:g}: not verified"
            )

    def _ask(self, until: str) -> None:
        what = self._what_to_look_for()
        if what:
            self.observed.ask(what, until)
            self.clock.run_to(wall_now())
            self.settle()

    def _what_to_look_for(self) -> list[str]:
        """Return what the tester must look for at this step."""
        messages = ["text", "email"] if self.reads_handsets else []
        is_of_crime_system = _IN_THE_CRIME_SYSTEM.search(self.sentence)
        return messages + (["task", "stamp"] if is_of_crime_system else [])
