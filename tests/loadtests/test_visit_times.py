"""What visits took is measured from when they were due; failures are counted, not timed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from loadtests.stop_texts import StopSent
from loadtests.visit_times import (
    VisitCounts,
    VisitTimes,
    late_p99_seconds,
    merged,
    page_measures,
    percentile,
    stop_measures,
    visit_measures,
)


def _visit(signed_in: float | None, failed: str = "") -> VisitTimes:
    read = None if signed_in is None or failed else signed_in + 1
    return VisitTimes(
        due_seconds=0.0,
        late_seconds=0.01,
        signed_in_seconds=signed_in,
        all_read_seconds=read,
        failed=failed,
    )


def test_steps_are_measured_of_the_visits_that_reached_them() -> None:
    """A visit that failed after the sign-in counts for the sign-in alone."""
    counts = VisitCounts(visits=[_visit(1.0), _visit(2.0), _visit(9.0, "503"), _visit(None, "503")])
    measures = visit_measures(counts)

    assert measures["sign_in_p50_seconds"] == 2.0
    assert measures["sign_in_p99_seconds"] == 9.0
    assert measures["all_read_p99_seconds"] == 3.0
    assert measures["failed_visits_share"] == 0.5
    assert counts.failed == {"503": 2}


def test_a_burst_without_visits_measures_none() -> None:
    """Nothing is said of what nobody did."""
    assert visit_measures(VisitCounts()) == {}
    assert late_p99_seconds(VisitCounts()) == 0.0


def test_if_every_visit_failed_only_that_is_measured() -> None:
    """There is no time of a sign-in that nobody made."""
    assert visit_measures(VisitCounts(visits=[_visit(None, "503")])) == {"failed_visits_share": 1.0}


def test_the_generators_delay_counts_updates_and_visits() -> None:
    """One late thing in a hundred is what the planner sees."""
    counts = VisitCounts(visits=[_visit(1.0)] * 50, sent_late_seconds=[0.0] * 48 + [5.0, 5.0])

    assert late_p99_seconds(counts) == 5.0


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200).map(sorted), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(
    values: list[float], share: float
) -> None:
    """At least that share of the values is no larger, and no smaller value has that property."""
    found = percentile(values, share)

    assert found in values
    assert sum(each <= found for each in values) >= share * len(values)
    assert sum(each < found for each in values) < share * len(values)


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)]
)
def test_percentiles_of_a_known_list(share: float, wanted: float) -> None:
    """Nearest rank, worked by hand: of 1 to 100 the 95th is 95; of nothing there is none."""
    assert percentile([float(each) for each in range(1, 101)], share) == wanted
    assert percentile([7.0], share) == 7.0
    assert percentile([], share) is None


def test_the_parts_of_workers_are_put_together() -> None:
    """Lists are joined, counts are added, and a worker without a part was lost."""
    first = VisitCounts(visits=[_visit(1.0)], not_made=1, requests=5, clock_offset_seconds=-2.0)
    second = VisitCounts(visits=[_visit(2.0)] * 2, sent_in_seconds=9.0, stopped="time")
    whole = merged([first, second], workers=3)

    assert len(whole.visits) == 3
    assert (whole.not_made, whole.requests, whole.sent_in_seconds) == (1, 5, 9.0)
    assert (whole.workers, whole.workers_lost, whole.stopped) == (3, 1, "time")
    assert whole.clock_offset_seconds == 2.0


def test_a_page_that_never_showed_the_update_is_the_longest() -> None:
    """It has no time, takes its place at the end, and is counted."""
    measures = page_measures(VisitCounts(page_seconds=[0.5, None, 0.25, 0.75]))

    assert measures == {"update_to_page_p50_seconds": 0.5, "pages_never_shown_share": 0.25}
    assert page_measures(VisitCounts(page_seconds=[None])) == {"pages_never_shown_share": 1.0}
    assert page_measures(VisitCounts(page_seconds=[0.5]))["update_to_page_max_seconds"] == 0.5
    assert page_measures(VisitCounts()) == {}


def test_each_step_of_a_visit_has_its_longest_time() -> None:
    """Signed in, all read, and the question taken, where one was asked: p50, p95, p99, longest."""
    asked = structs.replace(_visit(2.0), asked_seconds=5.0)
    measures = visit_measures(VisitCounts(visits=[_visit(1.0), asked]))

    for step, longest in (("sign_in", 2.0), ("asked", 5.0)):
        names = [f"{step}_{each}_seconds" for each in ("p50", "p95", "p99", "max")]
        assert set(names) <= measures.keys()
        assert measures[names[-1]] == longest  # type: ignore[index]
    assert "asked_max_seconds" not in visit_measures(VisitCounts(visits=[_visit(1.0)]))


def test_a_stop_is_timed_until_it_was_taken() -> None:
    """One that never was has no time, and is counted."""
    at = datetime(2026, 7, 1, tzinfo=UTC)
    lost = StopSent(phone="07700900123", late_seconds=0.0, sent_at=at)
    taken = structs.replace(lost, taken_at=at, took_seconds=0.5)
    measures = stop_measures(VisitCounts(stops=[taken, lost]))

    assert (measures["stop_taken_max_seconds"], measures["stops_not_taken_share"]) == (0.5, 0.5)
    assert stop_measures(VisitCounts()) == {}
