"""Each piece of news that the Victims' Code names: when it was recorded, received and told.

The Code counts from when it happened. The lateness is of the one that held it up: the force that
recorded it late, the integration that delivered it late, the gateway that took no messages, or the
portal. News for which the force had recorded no address that can be used is late by its contact
data: the portal owes it to nobody until the details are mended.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from simulator.judge.facts.deadlines import due
from simulator.judge.facts.obligations import Ledger, Obligation
from simulator.verdicts import Owner


class CodeNews(NamedTuple):
    """One thing that one victim is told under the Code, and who held it up (None for nobody).

    `told_at` is when the first message told it; None when none did by the end. It happened, and the
    portal had it, at `happened_at` and `received_at`.
    """

    person_id: str
    crime_reference: str
    event_id: str
    recorded_at: datetime
    told_by: datetime
    told_at: datetime | None
    held_up_by: Owner | None
    happened_at: datetime
    received_at: datetime


def code_news(ledger: Ledger, end: datetime) -> Iterator[CodeNews]:
    """List the news that the Code names, if it was told or its time was over by the end."""
    found: dict[tuple[str, str], list[Obligation]] = {}
    for each in ledger.opened:
        is_named = each.clock is not None and each.clock.is_named
        if is_named and (each.told_at is not None or (each.is_owed and not each.is_void)):
            found.setdefault((each.person_id, each.event_id), []).append(each)
    for same in found.values():
        told = [each.told_at for each in same if each.told_at is not None]
        first = same[0]
        assert first.clock is not None
        assert first.no_later_than is not None
        if not told and first.no_later_than > end:
            continue
        yield CodeNews(
            first.person_id,
            first.crime_reference,
            first.event_id,
            first.clock.recorded_at,
            first.no_later_than,
            min(told, default=None),
            _held_up_by(ledger, same, min(told, default=None)),
            first.clock.happened_at,
            min(each.received_at for each in same),
        )


def _held_up_by(
    ledger: Ledger, same: Sequence[Obligation], told_at: datetime | None
) -> Owner | None:
    news = same[0]
    assert news.clock is not None
    assert news.no_later_than is not None
    if told_at is not None and told_at <= news.no_later_than:
        return None
    if told_at is None or told_at > ledger.allowed_until(news):
        return "portal" if any(each.is_owed or each.is_usable for each in same) else "contact data"
    if news.hastened_until is not None and news.hastened_until > news.no_later_than:
        return "force"  # which recorded the victim's rights late
    if due(ledger.order, news.clock.recorded_at, "reply") > news.no_later_than:
        return "force"
    is_delivered_late = due(ledger.order, news.received_at, "reply") > news.no_later_than
    return "integration" if is_delivered_late else "gateway"
