"""A sender that is too fast, or sends too much in a day, gets 429 until time has passed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.inbox import MessageKind
from simulator.neighbours.gateway.notify_errors import NotifyError
from simulator.neighbours.gateway.notify_limits import BURST_MAX, NotifyLimits
from simulator.neighbours.gateway.notify_service import DOCUMENTED_LIMITS, Limits

START = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def _count_until_refused(limits: NotifyLimits) -> int:
    count = 0
    while True:
        try:
            limits.count_request("live")
        except NotifyError:
            return count
        count += 1


def test_a_burst_is_a_thousand_at_the_documented_rate() -> None:
    """3,000 a minute lets 1,000 through at once, then 50 a second."""
    clock = _Clock()
    limits = NotifyLimits(DOCUMENTED_LIMITS, clock)

    assert _count_until_refused(limits) == BURST_MAX
    clock.now += timedelta(seconds=2)
    assert _count_until_refused(limits) == 100


def test_the_refusal_is_in_notifys_words() -> None:
    """The error names the kind of key, the rate and the window."""
    limits = NotifyLimits(Limits(requests_a_minute_max=3), _Clock())
    for _ in range(2):
        limits.count_request("team")
    with pytest.raises(NotifyError) as caught:
        limits.count_request("team")

    assert caught.value.status == 429
    assert caught.value.errors == (
        ("RateLimitError", "Exceeded rate limit for key type TEAM of 3 requests per 60 seconds"),
    )
    limits.count_request("live")  # each kind of key has its own


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=60), st.integers(1, 90))
def test_no_minute_takes_more_than_the_rate_and_a_burst(waits: list[float], rate: int) -> None:
    """Whatever the pauses, a minute never lets through more than the rate and one burst."""
    clock = _Clock()
    limits = NotifyLimits(Limits(requests_a_minute_max=rate), clock)
    taken: list[datetime] = []
    for wait in waits:
        clock.now += timedelta(seconds=wait)
        for _ in range(3):
            try:
                limits.count_request("live")
            except NotifyError:
                break
            taken.append(clock.now)
    burst = min(-(-rate // 3) + 1, BURST_MAX)
    for begin in taken:
        within = [at for at in taken if begin <= at <= begin + timedelta(seconds=60)]
        assert len(within) <= rate + burst


@pytest.mark.parametrize(("kind", "name"), [("text", "sms"), ("email", "email")])
def test_a_day_has_so_many_messages_and_then_a_new_day_begins(kind: MessageKind, name: str) -> None:
    """Above the day's number the answer is 429; after midnight UTC it counts anew."""
    clock = _Clock()
    limits = NotifyLimits(Limits(texts_a_day_max=2, emails_a_day_max=2), clock)
    for _ in range(2):
        limits.count_message("live", kind)
    with pytest.raises(NotifyError) as caught:
        limits.count_message("live", kind)

    assert caught.value.status == 429
    assert caught.value.errors == (
        ("TooManyRequestsError", f"Exceeded send limits ({name}: 2) for today"),
    )
    limits.count_message("test", kind)
    clock.now += timedelta(minutes=2)
    limits.count_message("live", kind)


def test_without_limits_nothing_is_refused() -> None:
    """A world's own gateway never gets in the way."""
    limits = NotifyLimits(Limits(), _Clock())
    for _ in range(5000):
        limits.count_request("live")
        limits.count_message("live", "text")

    # Nothing is counted, so nothing can come to an end.
    assert (limits._tokens, limits._sent) == ({}, {})
