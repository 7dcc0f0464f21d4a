"""Phase 2: news of one crime within the hour that came in two messages, and not in one.

The order says how long news waits for more (`messages.bundle_minutes`). News that the Victims' Code
or quiet hours send sooner need not wait, nor does what an outage of the gateway held up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.clock import LONDON
from simulator.evidence.records import MessageAccepted, PortalRestarted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.deadlines import informed_by
from simulator.judge.facts.left_by_replies import oldest_left_by_replies
from simulator.judge.facts.obligations import Obligation
from simulator.judge.facts.sent_message import SentMessage, one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: How long before its deadline a portal may send news at once.
_NEAR = timedelta(days=1)
#: A person, a crime and a channel.
_Of = tuple[str, str, str]


@dataclass
class BundledNews(Rule):
    """Judges each update by the one before it about the same crime."""

    requirements = frozenset({"JOUR-02"})
    hears = (MessageAccepted, PortalRestarted)

    #: The first news of a crime that the last update told, and that update.
    _last: dict[_Of, tuple[Obligation, SentMessage]] = field(default_factory=dict)
    _restarted_at: datetime | None = None

    def hear(self, record: MessageAccepted | PortalRestarted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        if isinstance(record, PortalRestarted):
            self._restarted_at = record.at
            return ()
        sent = book.messages.of(record)
        if sent.kind != "update" or len(book.reachability.address_book.written_for(record.to)) > 1:
            return ()
        since = self._last_open(record.at - timedelta(minutes=self.order.messages.bundle_minutes))
        if not book.correlates and self._may_be_automatic(record, sent, since, book):
            # It names nothing, and may be advice or "still with us": they wait for no news.
            return ()
        return self._apart(record, sent, book)

    def _may_be_automatic(
        self, message: MessageAccepted, sent: SentMessage, since: datetime, book: CaseBook
    ) -> bool:
        """Say whether a message without news fell due since then, or its reader came in since."""
        meant = sent.readers[0].meant
        was_invited = any(
            each.kind == "invitation" and each.person_id == meant.person_id and each.at >= since
            for each in book.messages.sent
        )
        is_due = book.automatic.is_due(meant, message)
        return book.automatic.fell_due(meant, message, since) or (was_invited and is_due)

    def _last_open(self, at: datetime) -> datetime:
        """Give this moment, or when the quiet hours began that it is in."""
        quiet_from = self.order.messages.quiet_from
        if quiet_from is None or (opens := self.order.quiet_until(at)) == at:
            return at
        day = opens.astimezone(LONDON).date() - timedelta(days=1)
        return datetime.combine(day, quiet_from, LONDON)

    def _apart(
        self, message: MessageAccepted, sent: SentMessage, book: CaseBook
    ) -> Iterator[Finding]:
        bundle = timedelta(minutes=self.order.messages.bundle_minutes)
        for reference in self._surely_about(sent, book):
            news = [each for each in sent.told if each.crime_reference == reference]
            news.sort(key=lambda each: each.received_at)
            of = (sent.person_id, reference, sent.channel)
            last = self._last.get(of)
            self._last[of] = (news[0], sent)
            if last is None:
                continue
            before, sent_before = last
            first, sent_at = news[0], sent_before.at
            # It may have joined a message whose first news a reply told meanwhile.
            left_at = oldest_left_by_replies(book.messages, book.ledger, sent_at, sent, reference)
            began_at = min(before.received_at, left_at or before.received_at)
            is_within = first.received_at < began_at + bundle
            # What the weekly limit held back comes later.
            if not is_within or not sent_at < message.at <= first.due_at:
                continue
            # One piece of news that cannot wait takes the rest of its message with it.
            is_hurried = any(self._is_hurried(each, book) for each in sent_before.told)
            # So does news of another crime that had waited for as long as it may.
            is_hurried |= any(
                each.crime_reference != reference and each.received_at + bundle <= sent_at
                for each in sent_before.told
            )
            # Two crimes are one since: the first word of the other had a message of its own.
            is_hurried |= any(
                each.crime_reference != reference
                and book.register.current(each.crime_reference) == reference
                for each in sent.told
            )
            # An automatic message that fell due with the news, and had its time to be sent, may be
            # one of the two: it waits for no more.
            meant, since = sent.readers[0].meant, before.received_at - book.ledger.outages.allowance
            is_hurried |= book.automatic.fell_due(meant, message, since)
            waits = not is_hurried and all(self._waits(each, book) for each in (before, *news))
            if waits and self._is_plain(before, sent_at, book):
                yield failure(
                    "noise",
                    "JOUR-02",
                    sent.readers[0].meant,
                    f"news within {self.order.messages.bundle_minutes} minutes makes one message",
                    f"{one(sent.channel)} came for each piece of it",
                    at=message.at,
                    rests_on="order: messages.bundle_minutes",
                )

    def _surely_about(self, sent: SentMessage, book: CaseBook) -> list[str]:
        """List the crimes that a message surely tells of.

        One that names an event is about its crime: of others it may tell, or leave that to theirs.
        """
        crimes = list(dict.fromkeys(each.crime_reference for each in sent.told))
        if not book.correlates:
            return crimes
        named = book.register.current(sent.readers[0].meant.crime_reference)
        return [each for each in crimes if book.register.current(each) == named]

    def _waits(self, each: Obligation, book: CaseBook) -> bool:
        crime = book.register.crimes.get(each.crime_reference)
        was_merged = crime is None or crime.merged_at is not None or crime.into != ""
        is_news = each.announces == "update" and each.is_owed and not each.is_first_word
        is_bundled = book.phases.owed_at(each.received_at) >= 2
        return is_news and is_bundled and not (self._is_hurried(each, book) or was_merged)

    def _is_hurried(self, each: Obligation, book: CaseBook) -> bool:
        """Say whether a deadline of the Victims' Code is near, or enhanced rights came late."""
        bundled_at = each.received_at + timedelta(minutes=self.order.messages.bundle_minutes)
        # A portal may count the days of the Victims' Code from when it happened.
        victims = book.register.victims_of(each.person_id)
        is_enhanced = any(one.record.enhanced_rights or one.was_enhanced for one in victims)
        by = informed_by(self.order, each.happened_at, is_enhanced=is_enhanced)
        is_near = by <= bundled_at + _NEAR
        return is_near or each.hastened_until is not None

    def _is_plain(self, before: Obligation, sent_at: datetime, book: CaseBook) -> bool:
        """Say whether nothing but the bundle set the time of the first of two messages."""
        bundled_at = before.received_at + timedelta(minutes=self.order.messages.bundle_minutes)
        latest = max(sent_at, bundled_at)
        is_quiet = self.order.quiet_until(bundled_at) != bundled_at
        restarted_at = self._restarted_at
        was_up = restarted_at is None or not before.received_at <= restarted_at <= latest
        is_through = book.ledger.outages.put_off(before.received_at, latest) == latest
        return was_up and is_through and not is_quiet
