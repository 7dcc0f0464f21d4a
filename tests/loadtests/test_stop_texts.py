"""A storm of STOP: who texts, when, and which updates met one on the way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loadtests.bursts import JOURNEYS
from loadtests.stop_texts import StopSent, met_on_the_way, says_stop, stop_texts, without
from simulator.evidence.records import EventDelivered, MessageAccepted, Record
from tests.loadtests.bursts_for_tests import burst

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
PHONE, OTHER = "07700900123", "07700900124"


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _had(event: str, seconds: float) -> EventDelivered:
    return EventDelivered(at=_at(seconds), event_id=event, status=202)


def _told(event: str, seconds: float, to: str = PHONE) -> MessageAccepted:
    return MessageAccepted(
        at=_at(seconds),
        message_id=f"{event} {seconds}",
        channel="text",
        to=to,
        subject="",
        body="",
        sender="",
        reference=event,
    )


STOP = StopSent(phone=PHONE, late_seconds=0.0, sent_at=_at(10), taken_at=_at(12), took_seconds=2.0)


def test_some_telephones_text_once_for_each_victim(tmp_path: Path) -> None:
    """In the first half, at random times; two victims at a telephone text twice; visitors never."""
    small = burst(tmp_path, crimes=2000, stops_share=0.5, visitors=6, closures_per_second=10)
    texts = stop_texts(small, JOURNEYS)
    phones = {each.victim % 994 for each in texts}

    assert [each.due_seconds for each in texts] == sorted(each.due_seconds for each in texts)
    assert 90 < max(each.due_seconds for each in texts) <= small.seconds / 2
    assert not any(says_stop(small, each) for each in range(6))
    assert len(phones) == 494
    assert 980 < len(texts) < 1000
    assert texts == stop_texts(small, JOURNEYS)
    assert stop_texts(small, ("updates",)) == []


@pytest.mark.parametrize(
    ("records", "met"),
    [
        ([_had("e", 5), _told("e", 11)], True),
        ([_had("e", 11), _told("e", 12.5)], True),
        ([_had("e", 5), _told("e", 26.9)], True),
        ([_had("e", 5), _told("e", 9)], False),
        ([_had("e", 5), _told("e", 27.1)], False),
        ([_had("e", 12.1), _told("e", 12.5)], False),
        ([_had("e", 5), _told("e", 11, OTHER)], False),
        ([_had("e", 5), _told("e", 9), _told("e", 11)], False),
    ],
)
def test_what_was_on_its_way_is_not_judged(records: list[Record], met: bool) -> None:  # noqa: FBT001
    """Had before the STOP was taken, and told within seconds of it. All else is judged.

    That is: told before it, told much later, handed over after it, to another phone, or twice.
    """
    found = met_on_the_way(records, [STOP])

    assert found == (frozenset({"e"}) if met else frozenset())
    assert without(records, found) == ([] if met else records)
