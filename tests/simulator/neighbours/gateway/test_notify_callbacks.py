"""A callback is tried as often as Notify tries it, and never again after a plain refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.neighbours.gateway.notify_callbacks import (
    RETRIES_MAX,
    RETRY_SECONDS,
    Callback,
    Callbacks,
)

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
RECEIPT = Callback(kind="receipt", body=b"{}")


def _tries(status: int | None) -> int:
    """Count how often a callback is made to a portal that always answers the same."""
    callbacks, now, tries = Callbacks(), NOW, 0
    callbacks.add(RECEIPT, now)
    while callbacks:
        for each in callbacks.take_due(now):
            tries += 1
            callbacks.tried(each, status, now)
        now += timedelta(seconds=RETRY_SECONDS)
    return tries


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_a_callback_that_failed_is_tried_five_times_more(status: int | None) -> None:
    """No connection, too many requests and a server's error are tried again."""
    assert _tries(status) == 1 + RETRIES_MAX


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 404, 410])
def test_any_other_answer_ends_it(status: int) -> None:
    """A portal that refuses a callback loses it, as at Notify."""
    assert _tries(status) == 1


def test_a_callback_waits_until_it_is_due() -> None:
    """Nothing is made before its time; those due come in order."""
    callbacks = Callbacks()
    later = Callback(kind="received text", body=b"later")
    callbacks.add(later, NOW + timedelta(seconds=2))
    callbacks.add(RECEIPT, NOW + timedelta(seconds=1))

    assert callbacks.take_due(NOW) == []
    assert callbacks.take_due(NOW + timedelta(seconds=2)) == [RECEIPT, later]
    assert len(callbacks) == 0


def test_five_minutes_lie_between_two_tries() -> None:
    """A second try is not made a moment earlier."""
    callbacks = Callbacks()
    callbacks.tried(RECEIPT, None, NOW)
    again = NOW + timedelta(seconds=RETRY_SECONDS)

    assert callbacks.take_due(again - timedelta(seconds=1)) == []
    assert [each.tries for each in callbacks.take_due(again)] == [1]
