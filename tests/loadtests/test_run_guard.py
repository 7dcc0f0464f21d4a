"""A burst stops by itself when the portal is down, or when it has sent what it may."""

import pytest

from loadtests.run_guard import RunGuard


def _guard(requests_max: int = 100) -> RunGuard:
    return RunGuard(requests_max=requests_max, down_seconds_max=10)


@pytest.mark.parametrize("status", [0, 429, 502, 503, 504])
def test_a_portal_that_answers_nothing_ends_the_burst(status: int) -> None:
    """No answer, and "not now", for as long as was agreed."""
    guard = _guard()
    guard.answered(status, lambda: 5.0)
    guard.answered(status, lambda: 14.0)

    assert guard.why_stop(15.0) == ""
    assert guard.why_stop(15.1) == "the portal answered nothing for 10 s"


@pytest.mark.parametrize("status", [200, 202, 401, 404, 500])
def test_any_answer_shows_that_it_is_there(status: int) -> None:
    """A refusal is an answer, and the count begins anew."""
    guard = _guard()
    guard.answered(0, lambda: 5.0)
    guard.answered(status, lambda: 14.0)
    guard.answered(0, lambda: 15.0)

    assert guard.why_stop(24.0) == ""
    assert guard.why_stop(25.1)


def test_a_portal_has_all_its_time_after_a_fault_of_ours() -> None:
    """While we keep it down it need not answer; after that it has as long as without."""
    guard = RunGuard(requests_max=100, down_seconds_max=10, faults=[(4.0, 20.0), (90.0, 95.0)])
    guard.answered(200, lambda: 4.0)
    guard.answered(0, lambda: 5.0)

    assert guard.why_stop(29.9) == ""
    assert guard.silent_since(29.9) is None
    assert guard.why_stop(30.1) == "the portal answered nothing for 10 s"
    assert (guard.silent_since(30.1), guard.answered_at) == (20.0, 4.0)


def test_a_burst_that_waits_for_its_next_update_is_not_down() -> None:
    """Silence without a failure is no failure."""
    assert _guard().why_stop(1e6) == ""


def test_no_more_is_sent_than_was_agreed() -> None:
    """The number is told."""
    guard = _guard(requests_max=2)
    guard.begin_request()
    assert guard.why_stop(0.0) == ""
    guard.begin_request()
    assert guard.why_stop(0.0) == "2 requests are the most that this burst may send"
