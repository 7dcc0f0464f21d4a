"""The test handsets and mailboxes of a target whose messages do not come to our gateway.

A person vouches that only testers hold them. Every person in such a run has one of them.
"""

import re

from simulator.files.checked_toml import Strict
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone

RANGE_NUMBERS_MAX = 1000
_DRAMA_MOBILES = "07700900"
#: Anyone may have a mailbox at these domains, so no one can vouch for the whole domain.
_OPEN_TO_ALL = frozenset(
    {
        "aol.com", "btinternet.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.co.uk",
        "hotmail.com", "icloud.com", "live.co.uk", "live.com", "me.com", "msn.com", "outlook.com",
        "proton.me", "protonmail.com", "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk",
        "yahoo.com",
    }
)  # fmt: skip


class Handsets(Strict, frozen=True, kw_only=True):
    """Phones and mailboxes of testers, and the person who vouches for that.

    Each of `mobiles` is a number, or "FIRST to LAST" of Ofcom's drama numbers; each of `mailboxes`
    an address, or a whole domain as "@tests.police.example".
    """

    vouched_by: str
    mobiles: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.vouched_by.strip():
            raise ValueError(
                "vouched_by is empty; name the person who confirms that only testers hold these"
            )
        if not self.mobiles and not self.mailboxes:
            raise ValueError("there are no mobiles and no mailboxes; give one or both")
        self.numbers()
        for each in self.mailboxes:
            _check_mailbox(each)

    def numbers(self) -> list[str]:
        """List every number in its national form (07…), in the order of the file."""
        found: list[str] = []
        for each in self.mobiles:
            first, _, last = (part.strip() for part in each.partition(" to "))
            found += _numbers(each, _mobile(first), _mobile(last or first))
        return found

    def addresses(self) -> list[str]:
        """List the single mailboxes, in lower case."""
        return [each.lower() for each in self.mailboxes if not each.startswith("@")]

    def domains(self) -> list[str]:
        """List the domains at which every mailbox is a tester's."""
        return [each[1:].lower() for each in self.mailboxes if each.startswith("@")]

    def has(self, address: str) -> bool:
        """Say whether an address, written as the gateway writes it, is one of these."""
        if "@" not in address:
            return address in self.numbers()
        domain = address.lower().rpartition("@")[2]
        return address.lower() in self.addresses() or domain in self.domains()


def _mobile(written: str) -> str:
    try:
        found = phone(written)
    except InvalidRecipient as error:
        raise ValueError(f"mobiles has {written!r:.40}: {error}") from None
    if found.kind != "mobile":
        raise ValueError(
            f"mobiles has {written!r:.40}, which is not a British mobile; give one such "
            "as 07700 900123"
        )
    return found.address


def _numbers(written: str, first: str, last: str) -> list[str]:
    count = int(last) - int(first) + 1
    if not 1 <= count <= RANGE_NUMBERS_MAX:
        raise ValueError(
            f"mobiles has {written!r:.60}, which is {max(count, 0):,} numbers; give first and "
            f"last of at most {RANGE_NUMBERS_MAX:,}"
        )
    if count > 1 and not (first.startswith(_DRAMA_MOBILES) and last.startswith(_DRAMA_MOBILES)):
        raise ValueError(
            f"mobiles has {written!r:.60}: a number between two test handsets may be a stranger's; "
            "list each handset (only Ofcom's drama numbers, 07700 900000 to 900999, may be a range)"
        )
    return [f"{number:011d}" for number in range(int(first), int(last) + 1)]


def _check_mailbox(written: str) -> None:
    address = f"anybody{written}" if written.startswith("@") else written
    try:
        domain = mailbox(address).address.rpartition("@")[2]
    except InvalidRecipient:
        raise ValueError(
            f"mailboxes has {written!r:.60}; give an address, or a domain such as "
            "@tests.police.example"
        ) from None
    if written.startswith("@") and re.sub(r"^.*?([^.]+\.(?:co\.)?[^.]+)$", r"\1", domain) in (
        _OPEN_TO_ALL
    ):
        raise ValueError(
            f"mailboxes has {written!r:.60}, where anyone may have a mailbox; give the addresses"
        )
