"""The news that replies may have left to the next message, which may be over the weekly limit.

A reply may tell the news that waits, or leave it. The rules on timing ask since when it waited.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from reference.contract.events import Channel
from simulator.judge.facts.obligations import Ledger, Obligation
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.facts.sent_messages import SentMessages

_NOT_YET = datetime.max.replace(tzinfo=UTC)


def left_by_replies(
    messages: SentMessages,
    ledger: Ledger,
    at: datetime,
    *,
    of: tuple[str, Channel],
    crime_reference: str,
) -> Iterator[Obligation]:
    """Give the news that the replies before a message at `at` may have left to it.

    They are the replies to a person and channel since the last message with news of the crime. One
    about another crime may leave what waits of this one. News that the Victims' Code had told
    earlier than `at` hurries nothing any longer.
    """
    is_apart = False
    for each in reversed(messages.sent_to(*of)):
        if each.at >= at:
            continue
        if each.kind == "reply":
            yield from (
                news
                for news in each.told
                if news.announces != "reply"
                and not (is_apart and news.crime_reference != crime_reference)
                and at <= _may_wait_until(news, ledger)
            )
        elif each.kind in ("update", "invitation"):
            if each.crime_reference == crime_reference:
                break
            is_apart = True


def oldest_left_by_replies(
    messages: SentMessages, ledger: Ledger, at: datetime, sent: SentMessage, crime_reference: str
) -> datetime | None:
    """Find when the oldest news happened that replies may have left to a message as `sent`."""
    of = (sent.person_id, sent.channel)
    left = left_by_replies(messages, ledger, at, of=of, crime_reference=crime_reference)
    return min((news.happened_at for news in left), default=None)


def _may_wait_until(news: Obligation, ledger: Ledger) -> datetime:
    """Find until when the Victims' Code lets news wait, or the gateway makes it wait."""
    by = (news.due_at, news.no_later_than, news.hastened_until)
    latest = max(each for each in by if each is not None)
    return ledger.outages.put_off(news.received_at, latest) or _NOT_YET
