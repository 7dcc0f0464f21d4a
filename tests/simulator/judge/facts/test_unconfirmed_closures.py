"""Unconfirmed closures: whether anybody knows the end of a crime for certain."""

from collections.abc import Iterator

from simulator.judge.case_book import CaseBook
from tests.simulator.judge.force_story import ORDER


class _NeverRead(set[str]):
    """Every crime that is closed, which is not gone through while no closure waits."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("read every closed crime of the run for one of them")


def test_a_long_run_is_not_gone_through_where_no_closure_waits() -> None:
    """A year of a force has a hundred thousand closures, and none waits for a supervisor."""
    unconfirmed = CaseBook(ORDER, correlates=True).unconfirmed
    unconfirmed._closed = _NeverRead({"43260000001"})

    assert not unconfirmed.is_waiting("43260000001")
