"""Reads a vendor's own record of its messages and stamps, if they cannot come to our doubles.

New messages go to the inbox and new stamps to the crime system, marked as the vendor's own record.
The judge takes them as proof of what was sent, never as proof that nothing else was sent.
"""

from collections.abc import Callable
from datetime import datetime

from simulator.drivers.own_record import KeepsOwnRecord, SentMessage
from simulator.errors import PortalNonsense
from simulator.evidence.records import EvidenceLog, How, MessagesSeen
from simulator.inputs.capabilities import Capability
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone

PAGES_MAX = 100
_HOW: How = "vendor's own record"


class VendorRecord:
    """Reads what a portal records of its own messages and stamps, from the start of this run."""

    def __init__(
        self,
        driver: KeepsOwnRecord,
        *,
        capabilities: frozenset[Capability],
        inbox: Inbox,
        crime_system: CrimeSystem,
        evidence: EvidenceLog,
        now: Callable[[], datetime],
    ) -> None:
        """Skip what the record holds from before this run."""
        self._driver = driver
        self._inbox = inbox
        self._crime_system = crime_system
        self._now = now
        self._has_messages = "messages_since" in capabilities
        self._has_stamps = "stamps_since" in capabilities
        self._messages_cursor = self._stamps_cursor = ""
        self._known: set[str] = set()
        self._read(take=False)
        if self._has_messages:
            evidence.append(MessagesSeen(at=now(), how=_HOW))

    def take_in(self) -> None:
        """Take in everything new since the last time."""
        self._read(take=True)

    def _read(self, *, take: bool) -> None:
        if self._has_messages:
            self._page_through("messages_since", self._messages_page, take=take)
        if self._has_stamps:
            self._page_through("stamps_since", self._stamps_page, take=take)

    def _page_through(self, name: str, page: Callable[[bool], bool], *, take: bool) -> None:
        """Ask for pages until one has nothing new; pages may overlap, and ids show what is new."""
        for _page in range(PAGES_MAX):
            if not page(take):
                return
        raise PortalNonsense(
            f"{name} still gives new records after {PAGES_MAX} pages; give only what came after "
            "the cursor, and an empty page when there is nothing more"
        )

    def _messages_page(self, take: bool) -> bool:  # noqa: FBT001  handed on by _page_through
        page = self._driver.messages_since(self._messages_cursor)
        self._messages_cursor = page.cursor
        new = [each for each in page.messages if self._is_new(f"message {each.id}")]
        if take:
            for each in new:
                self._inbox.take(_as_accepted(each, self._now()))
        return bool(new)

    def _stamps_page(self, take: bool) -> bool:  # noqa: FBT001  handed on by _page_through
        page = self._driver.stamps_since(self._stamps_cursor)
        self._stamps_cursor = page.cursor
        stamps = [each for each in page.stamps if self._is_new(f"stamp {each.key}")]
        tasks = [each for each in page.tasks if self._is_new(f"task {each.key}")]
        if take:
            for stamp in stamps:
                filed = self._crime_system.stamp(stamp.crime_reference, stamp, how=_HOW)
                _check_filed(filed, "stamp", stamp.crime_reference)
            for task in tasks:
                filed = self._crime_system.raise_task(task, how=_HOW)
                _check_filed(filed, "task", task.crime_reference)
        return bool(stamps or tasks)

    def _is_new(self, name: str) -> bool:
        is_new = name not in self._known
        self._known.add(name)
        return is_new


def _as_accepted(sent: SentMessage, now: datetime) -> Accepted:
    return Accepted(
        message_id=sent.id,
        channel=sent.channel,
        to=_normal(sent),
        to_given=sent.to,
        subject=sent.subject,
        body=sent.body,
        sender=sent.sender,
        reference=sent.reference,
        template_id="",
        accepted_at=now,
        how=_HOW,
    )


def _normal(sent: SentMessage) -> str:
    """Write an address as our gateway would; leave it as it is if it cannot be read."""
    try:
        return (phone if sent.channel == "text" else mailbox)(sent.to).address
    except InvalidRecipient:
        return sent.to


def _check_filed(filed: Filed, what: str, crime_reference: str) -> None:
    if filed is Filed.no_occurrence:
        raise PortalNonsense(
            f"stamps_since gives a {what} on {crime_reference!r:.80}; there is no such occurrence"
        )
