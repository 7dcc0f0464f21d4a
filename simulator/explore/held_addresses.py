"""Follows which phone and mailbox each person and stranger of a story holds, step by step."""

from collections.abc import Iterable

from simulator.explore.steps import Move, SayNotForMe, SignIn, Step
from simulator.explore.story import Person, Stranger
from simulator.judge.facts.contact_fields import as_email, as_mobile


class HeldAddresses:
    """The phone and mailbox that each holds by now ("" for none), by label."""

    def __init__(self, everyone: Iterable[Person | Stranger]) -> None:
        self._held = {each.label: (each.phone, each.mailbox) for each in everyone}

    def take(self, step: Step) -> None:
        """Have a person get another phone or mailbox, and a stranger the old one."""
        if not isinstance(step, Move):
            return
        phone, mailbox = self._held[step.person]
        self._held[step.person] = (step.phone or phone, step.mailbox or mailbox)
        if step.other:
            given_up = (phone if step.phone else "", mailbox if step.mailbox else "")
            self._held[step.other] = given_up

    def meant_by(self, step: SignIn | SayNotForMe) -> str:
        """Give the address that a step types, or may write in another way."""
        channel = step.by if isinstance(step, SignIn) else step.channel
        phone, mailbox = self._held[step.person]
        return phone if channel == "text" else mailbox

    def are_written_in(self, step: Step) -> bool:
        """Say whether what a step types is a spelling of what its person holds, or the usual."""
        if not isinstance(step, SignIn | SayNotForMe) or not step.written:
            return True
        channel = step.by if isinstance(step, SignIn) else step.channel
        read = as_mobile(step.written) if channel == "text" else as_email(step.written)
        return channel == "link" or read == self.meant_by(step).lower()
