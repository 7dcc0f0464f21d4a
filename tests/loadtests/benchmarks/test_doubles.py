"""The benchmark of the doubles asks what they answer, and says so where it cannot measure."""

import re

import pytest

from loadtests.benchmarks import doubles, wrk
from loadtests.benchmarks.served_doubles import DOUBLES
from simulator.processes.loopback import free_port, serving


@pytest.mark.parametrize("double", sorted(DOUBLES))
def test_each_call_is_answered(double: str) -> None:
    """A call that is refused would be quick, and no measure."""
    with serving(DOUBLES[double](), free_port()) as url:
        calls = list(doubles._calls(double, url))
        sizes = [doubles._answer_bytes(url, each) for each in calls]

    assert calls
    assert min(sizes) > 20


def test_a_double_that_cannot_be_measured_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without wrk there is a note for each call, and no ratio; the inbox is measured still."""
    monkeypatch.setattr(wrk, "bring", lambda: "")
    monkeypatch.setattr(doubles, "DOUBLES", {"inspection": DOUBLES["inspection"]})
    lines = list(doubles.measure(seconds=1, rounds=1, messages=2000))

    assert [line.split()[:2] for line in lines] == [
        ["note", "double_inspection_search"],
        ["rate", "inbox_of_2000_find_by_recipient_slowest"],
        ["rate", "inbox_of_2000_find_by_reference_slowest"],
    ]
    assert all(re.search(r"(ms|Debian's package wrk)$", line) for line in lines)


def test_a_message_is_found_at_once_among_twenty_thousand() -> None:
    """By recipient or reference, whatever the number of others: there is an index."""
    found = [float(line.split()[2]) for line in doubles.searches(20_000)]

    assert max(found) < 1.0
