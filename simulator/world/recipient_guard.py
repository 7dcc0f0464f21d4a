"""Makes sure that a run can never send a message to a real person.

Numbers must be Ofcom's drama numbers and mailboxes at reserved domains, or test handsets that a
person vouches for in the target file. Every run is checked before it starts. The world checks each
person again, and each record that the force writes of them.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from reference.contract.events import (
    AnyEvent,
    CrimeRecorded,
    ToldInstead,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.errors import BadInput, CannotVerify, SuiteError
from simulator.evidence.records import PersonKnown
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import Target
from simulator.population.crowd_numbers import is_crowd_number
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.world.readable_addresses import addresses_in, read_address

#: Ofcom: "Telephone numbers for use in TV and radio drama programmes".
_DRAMA = re.compile(
    r"0(?:7700900|1632960|8081570|9098790|3069990|2079460|2896496|2920180|1914980"
    r"|1(?:1[3-8]|[2-6]1)4960)[0-9]{3}"
)
#: Domains that nobody can own: RFC 2606 and RFC 6761.
_RESERVED = re.compile(r"(?:.*\.)?(?:example\.(?:com|net|org)|(?:example|invalid|localhost|test))")

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_WRITTEN = ("mobile_phone", "other_phone", "email")


#: A portal that claims this sends by a gateway of its own, and lists its messages afterwards.
ELSEWHERE = "messages_since"


class CouldBeReal(SuiteError):
    """An address in a run could belong to a real person: the run sends nothing more."""


class Recipients:
    """The addresses that a run may use: the target's `handsets`, or else synthetic ones.

    `comes_to_us` says that every message certainly comes to our gateway, because the run itself
    configured the portal. `crowd_numbers` are taken only where nothing leaves this process.
    """

    def __init__(
        self,
        handsets: Handsets | None = None,
        *,
        comes_to_us: bool = False,
        crowd_numbers: bool = False,
    ) -> None:
        self.handsets = handsets
        self.crowd_numbers = crowd_numbers
        self.comes_to_us = comes_to_us and handsets is None

    @classmethod
    def of(cls, target: Target, *, crowd_numbers: bool = False) -> "Recipients":
        """Make the guard for a target; a portal that we start is configured to send to us.

        Raises BadInput for numbers of a crowd anywhere but in this process.
        """
        access = target.access
        if crowd_numbers and not access.application:
            raise BadInput(
                "numbers: a crowd's numbers are for a portal in this process "
                "(access.application); at a socket give drama"
            )
        return cls(
            access.handsets,
            comes_to_us=bool(access.application or access.command)
            and ELSEWHERE not in target.claims.capabilities,
            crowd_numbers=crowd_numbers,
        )

    def mobile(self, number: int) -> str:
        """Return the `number`-th phone, from 0 ("" when there are no more)."""
        return self._mobiles[number] if number < len(self._mobiles) else ""

    def mailbox(self, name: str, number: int, *, domain: str = "example.com") -> str:
        """Return the `number`-th mailbox, from 0, for a person of this name ("" for no more).

        It is at `domain`, unless the target's handsets have domains of their own.
        """
        local = re.sub("[^a-z0-9]", "", name.lower())
        if self.handsets is None:
            return f"{local}.{number}@{domain}"
        addresses, domains = self.handsets.addresses(), self.handsets.domains()
        if number < len(addresses):
            return addresses[number]
        return f"{local}.{number}@{domains[0]}" if domains else ""

    def is_nobodys(self, address: str) -> bool:
        """Say whether no real person can hold this address, written as the gateway writes it."""
        if "@" in address:
            is_kept = bool(_RESERVED.fullmatch(address.lower().rpartition("@")[2]))
        else:
            is_kept = bool(_DRAMA.fullmatch(address))
            is_kept |= self.crowd_numbers and is_crowd_number(address)
        return is_kept or (self.handsets is not None and self.handsets.has(address))

    def is_synthetic(self, written: str, *, or_unreadable: bool = False) -> bool:
        """Say whether no real person can hold any address that is read in a text.

        A text that is not itself an address counts as synthetic only if `or_unreadable`.
        """
        is_known = or_unreadable or bool(read_address(written))
        return is_known and self._is_all_nobodys(written)

    def refuse_real(self, people: Iterable[PersonKnown]) -> None:
        """Raise CouldBeReal for the first person whose address could be a real one."""
        for person in people:
            for field in ("mobile_phone", "email"):
                held = getattr(person, field)
                if is_crowd_number(held) and not self.crowd_numbers:
                    raise CouldBeReal(
                        f"{person.person_id}: {field} is a crowd's number, {held}: those are for "
                        "files and for runs in which nothing leaves the process; make the people "
                        "with --numbers drama; nothing more is sent"
                    )
                if not held or self._is_nobodys_number(held):
                    continue
                if not self.is_nobodys(read_address(held) or held):
                    raise CouldBeReal(
                        f"{person.person_id}: {field} is not one of Ofcom's drama numbers, the "
                        "reserved mail domains or the target's access.handsets, so a message "
                        "could reach a real person; nothing more is sent"
                    )

    def message_came(self) -> None:
        """Note that our gateway took a message, so this portal's messages come to us."""
        self.comes_to_us = self.handsets is None

    def refuse_to_write(self, event: AnyEvent) -> None:
        """Raise CannotVerify for a record with an address that could be a real person's."""
        if self.comes_to_us:
            return
        for field in filter(None, map(self.could_reach, _people_in(event))):
            raise CannotVerify(
                f"the {field} recorded here could be a real person's, and no message has shown yet "
                "that this portal sends by our gateway only: not verified"
            )

    def could_reach(self, record: VictimRecord | ToldInstead) -> str:
        """Name a field whose address could be a real person's, or is a crowd's ("" for none)."""
        for field in _WRITTEN:
            written = getattr(record, field)
            is_of_crowd = is_crowd_number(written) and not self.crowd_numbers
            if is_of_crowd or not self._is_all_nobodys(written):
                return field
        return ""

    def _is_all_nobodys(self, written: str) -> bool:
        """Say whether nobody real holds any address that some portal could read in a text."""
        return self._is_nobodys_number(written) or all(map(self.is_nobodys, addresses_in(written)))

    def _is_nobodys_number(self, written: str) -> bool:
        """Say whether a text is one whole number that nobody holds: it can be read in no other way.

        Nearly all phones of a crowd are, and reading one in every way takes long.
        """
        return written.isascii() and written.isdigit() and self.is_nobodys(written)

    @cached_property
    def _mobiles(self) -> list[str]:
        if self.handsets is not None:
            return self.handsets.numbers()
        return [mobile_phone(each) for each in ORDINARY_MOBILES]


def check_recipients(target: Target, path: Path) -> None:
    """Refuse a run that could reach a real person, before it starts; raises BadInput.

    A run that takes every message itself needs no handsets, so naming them is a mistake.
    """
    access = target.access
    for domain in target.people.mail_domains:
        if not (_DOMAIN.fullmatch(domain) and _RESERVED.fullmatch(domain)):
            raise BadInput(
                f"{path}: people.mail_domains has {domain!r}, which a person could own; give "
                "domains that nobody can, in small letters: example.com, or any name under "
                ".example or .test"
            )
    goes_elsewhere = ELSEWHERE in target.claims.capabilities
    if goes_elsewhere and access.handsets is None:
        raise BadInput(
            f"{path}: access.handsets is missing: with {ELSEWHERE} the portal's messages do not "
            "come to our gateway; name the test handsets, and in vouched_by the person who "
            "confirms that only testers hold them"
        )
    if (
        access.handsets is not None
        and not goes_elsewhere
        and (access.application or access.command)
    ):
        raise BadInput(
            f"{path}: access.handsets: the run starts this portal and takes every message itself; "
            "leave handsets out"
        )


def _people_in(event: AnyEvent) -> Iterable[VictimRecord | ToldInstead]:
    """List every record in an event that holds addresses."""
    victims: tuple[VictimRecord, ...] = ()
    if isinstance(event, CrimeRecorded):
        victims = event.victims
    elif isinstance(event, VictimDetailsChanged):
        victims = (event.victim,)
    for each in victims:
        yield each
        if each.told_instead is not None:
            yield each.told_instead
