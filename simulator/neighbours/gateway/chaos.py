"""Faults of the mail server that a tester switches on: codes refused at a given probability.

The three triggers and their names are Mailpit's, so that its clients can set them. The draws come
from one seed, so that a run repeats.
"""

from random import Random
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

TriggerName: TypeAlias = Literal["Authentication", "Recipient", "Sender"]
ErrorCode: TypeAlias = Annotated[int, Meta(ge=400, le=599)]
Percent: TypeAlias = Annotated[int, Meta(ge=0, le=100)]


class Trigger(Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """One fault: the SMTP code, and how often of 100 times."""

    error_code: ErrorCode = 451
    probability: Percent = 0


class Triggers(Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    """The faults of the mail server; one that is not given does not happen."""

    authentication: Trigger = field(default_factory=Trigger)
    recipient: Trigger = field(default_factory=Trigger)
    sender: Trigger = field(default_factory=Trigger)


class Chaos:
    """Draws faults; `triggers` may be replaced at any time."""

    def __init__(self, seed: int = 0) -> None:
        self.triggers = Triggers()
        self._random = Random(seed)  # noqa: S311  not a secret

    def code(self, name: TriggerName) -> int:
        """Draw the code that a command is refused with; 0 if it is not."""
        match name:
            case "Authentication":
                trigger = self.triggers.authentication
            case "Recipient":
                trigger = self.triggers.recipient
            case "Sender":
                trigger = self.triggers.sender
        return trigger.error_code if self._random.randrange(100) < trigger.probability else 0
