"""When messages are sent: not in quiet hours, and no more a week than the order allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from simulator.clock import LONDON, ZONE, in_london
from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.deadlines import due, informed_by
from simulator.judge.facts.left_by_replies import oldest_left_by_replies
from simulator.judge.facts.sent_message import SentMessage, one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class MessageTiming(Rule):
    """Judges the time of every message but codes and answers, which may be needed at any time."""

    requirements = frozenset({"MSG-03", "JOUR-02"})
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        if sent.kind in ("one_time_code", "answer") or not sent.readers:
            return ()
        return self._timed(record, sent, book)

    def _timed(
        self, message: MessageAccepted, sent: SentMessage, book: CaseBook
    ) -> Iterator[Finding]:
        meant, order = sent.readers[0].meant, self.order
        if order.quiet_until(message.at) != message.at:
            yield failure(
                "noise",
                "MSG-03",
                meant,
                "nothing is sent in quiet hours",
                f"{one(message.channel)} at {message.at.astimezone(LONDON):%H:%M} London time",
                at=message.at,
                rests_on="order: messages.quiet_from",
            )
        if sent.kind not in ("update", "journey"):
            return
        if len(book.reachability.address_book.written_for(message.to)) > 1:
            # Of two who share a phone it cannot be told who got how many.
            return
        of_week = book.ledger.week.counted(meant.person_id, message.channel, message.at)
        others = of_week[:-1]
        # News of before phase 2 waits for the morning, and not for a place in the week.
        came_at = max((each.received_at for each in sent.told), default=message.at)
        if book.phases.owed_at(came_at) < 2 or not order.messages.fill_a_week(len(others)):
            return
        if not self._is_needed_sooner(message, sent, book):
            yield failure(
                "noise",
                "JOUR-02",
                meant,
                f"at most {order.messages.per_week_max} messages a week by {message.channel}",
                f"this is number {len(others) + 1}: {_when_the_others_went(order, others)}",
                at=message.at,
                rests_on="order: messages.per_week_max",
            )

    def _is_needed_sooner(
        self, message: MessageAccepted, sent: SentMessage, book: CaseBook
    ) -> bool:
        """Say whether the weekly limit would have delayed a message for longer than it may.

        News comes by the Victims' Code's deadline, counted from when it happened, even if there was
        much that week.
        """
        meant, victim = sent.readers[0]
        if victim is None:
            return False
        about = (meant.person_id, message.channel, message.at)
        is_enhanced = victim.record.enhanced_rights or victim.was_enhanced
        told_by = partial(informed_by, self.order, is_enhanced=is_enhanced)
        since = book.ledger.oldest_told(*about)
        times = [since, *_happened_beside(sent, book)]
        # News that nothing could carry for a while may wait still, until it is late.
        dropped = book.ledger.dropped(meant.person_id, message.channel, sent.crime_reference)
        times += [each for each in dropped if message.at <= told_by(each)]
        if sent.kind == "update" or _is_first_to_name(message, sent, book):
            # A message that told other news may have said this too, or not.
            of = (meant.person_id, message.channel)
            times.append(since or book.ledger.happened_at(*of, meant.event_id))
            replied = (book.messages, book.ledger, sent.at, sent, sent.crime_reference)
            times.append(oldest_left_by_replies(*replied))
        since = min((each for each in times if each is not None), default=None)
        if since is None:
            return False
        return due(self.order, book.ledger.week.limited_until(*about), "reply") > told_by(since)


def _when_the_others_went(order: Order, others: list[datetime]) -> str:
    """Say when the messages before one too many went, and when there was room for it."""
    room = order.quiet_until(order.counts_until(others[-order.messages.per_week_max]))
    went = ", ".join(in_london(at).removesuffix(ZONE) for at in others)
    return f"the others of that week went on {went}; there was room from {in_london(room)}"


def _is_first_to_name(message: MessageAccepted, sent: SentMessage, book: CaseBook) -> bool:
    """Say whether no message to the person by this channel has named what this one names."""
    event_id = sent.readers[0].meant.event_id
    return book.ledger.announced_by(sent.person_id, message.channel, event_id) == "update" and all(
        (each.person_id, each.channel) != (sent.person_id, sent.channel)
        or each is sent
        or not each.readers
        or each.readers[0].meant.event_id != event_id
        for each in book.messages.sent
    )


def _happened_beside(sent: SentMessage, book: CaseBook) -> Iterator[datetime]:
    """Give when news of a message's crime happened that other crimes' messages may have told.

    A portal that tells of each crime by itself has it still to tell. So has one that invites anew,
    and tells the news that waited in a message of its own.
    """
    for each in reversed(book.messages.sent):
        if (each.person_id, each.channel) != (sent.person_id, sent.channel) or each is sent:
            continue
        of_it = [o for o in each.told if o.crime_reference == sent.crime_reference]
        if each.crime_reference != sent.crime_reference:
            yield from (o.happened_at for o in of_it)
            continue
        if each.kind == "invitation":
            yield from (o.happened_at for o in of_it if o.announces != "invitation")
        return
