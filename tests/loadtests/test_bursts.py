"""The burst file is checked, and its schedule is the right one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from loadtests.bursts import Burst, Shape, batches, page_watches, read_burst, visits
from simulator.errors import BadInput
from simulator.evidence.files import write_evidence
from simulator.evidence.records import EventRecorded
from tests.loadtests.bursts_for_tests import burst as small_burst
from tests.loadtests.bursts_for_tests import burst_values, write_burst
from tests.simulator.real_files import ROOT

SCHEDULED = st.builds(
    lambda **values: msgspec.convert(burst_values(**values), Burst),
    crimes=st.integers(20, 3000),
    closures_per_second=st.floats(1, 5000),
    batch_events=st.integers(1, 100),
    visitors=st.integers(0, 20),
    visits_per_second=st.floats(0, 30),
)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "bursts").glob("*.toml")))
def test_every_burst_that_we_ship_can_be_read(path: Path) -> None:
    """Every burst file in scenarios is valid, and its target exists."""
    assert (ROOT / read_burst(path).target).is_file()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"crimes": 0}, "crimes.value is 0; give a whole number from 1 to 50000"),
        ({"crimes": 50_001}, "crimes.value is 50001"),
        ({"crimes": 1.5}, "crimes.value is 1.5"),
        ({"crimes": -5}, "crimes"),
        ({"visitors": 101}, "visitors.value is 101; give a whole number from 0 to 100"),
        ({"crimes": 2000, "visitors": 995}, "visitors.value is 995"),
        ({"closures_per_second": 0}, "closures_per_second.value is 0; give a rate above 0"),
        ({"closures_per_second": 0.001}, "a burst takes 3,600 s at most"),
        ({"visits_per_second": 1e6}, "visits_per_second.value is 1e+06: more than 100,000 visits"),
        ({"batch_events": 101}, "batch_events"),
        ({"senders": 0}, "senders"),
        ({"silence_seconds": 0.0}, "silence_seconds"),
        ({"drain_seconds_max": 4000.0}, "drain_seconds_max"),
        ({"crime": 3}, "did you mean 'crimes'?"),
        ({"crimes": {"value": 10, "unit": "crimes"}}, "give either source or assumed"),
        ({"slo": {"level": "may"}}, "slo"),
        ({"pages_watched": 98}, "visitors.value is 5; give a whole number from 0 to 2"),
        ({"pages_watched": 3, "update": "recorded"}, "pages_watched"),
        ({"shape": "curve"}, 'give curve with shape = "curve", and only with it'),
        ({"curve": [0.0, 1.0]}, "give curve with"),
        ({"shape": "curve", "curve": [0.5, 0.2]}, "curve needs two or more"),
        ({"shape": "curve", "curve": [0.5]}, "curve needs two or more"),
        ({"shape": "trace", "trace": "no/such.ndjson"}, "trace: "),
        ({"quiet_seconds": 60}, "a crime is closed after its victim was invited"),
        ({"update": "recorded", "stops_share": 0.5}, "who is not known yet gets no texts to stop"),
        ({"faults": [{"kind": "rain", "at_seconds": 1, "for_seconds": 1}]}, "faults"),
        ({"faults": [{"kind": "portal killed", "at_seconds": 9, "for_seconds": 1}]}, "after the"),
        (
            {"faults": [{"kind": "clock jump", "at_seconds": 0, "for_seconds": 1}]},
            "clock jump: give seconds",
        ),
    ],
)
def test_a_wrong_value_is_named_with_the_fix(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    """Whatever is wrong in a burst file is one sentence with file and field."""
    path = write_burst(tmp_path, **changes)

    with pytest.raises(BadInput) as caught:
        read_burst(path)

    assert named in str(caught.value)
    assert str(path) in str(caught.value)


@given(SCHEDULED)
def test_every_crime_is_closed_once_and_in_order(burst: Burst) -> None:
    """The batches together close each crime once, none holding more than it may."""
    scheduled = batches(burst)

    closed = [number for batch in scheduled for number in batch.crimes]
    assert sorted(closed) == list(range(burst.crime_count))
    assert max(len(batch.crimes) for batch in scheduled) <= burst.batch_events


@given(SCHEDULED)
def test_closures_keep_to_the_rate(burst: Burst) -> None:
    """A batch is due when the rate reaches its first crime: never early, never late."""
    before = 0
    for batch in batches(burst):
        reached = batch.due_seconds * burst.closures_per_second.value
        assert reached == pytest.approx(before)
        assert batch.due_seconds < burst.seconds
        before += len(batch.crimes)


@given(SCHEDULED)
def test_visits_keep_to_the_rate(burst: Burst) -> None:
    """Visits are spread over the burst, and nobody asks who was not ordered to."""
    scheduled = visits(burst)

    wanted = burst.seconds * burst.visits_per_second.value if burst.visitor_count else 0
    assert wanted - 1 < len(scheduled) <= wanted
    assert all(0 <= visit.due_seconds < burst.seconds for visit in scheduled)
    for first, second in pairwise(scheduled):
        assert second.due_seconds >= first.due_seconds
    assert not any(visit.asks for visit in scheduled)


def test_visits_come_by_chance(tmp_path: Path) -> None:
    """As a Poisson process: the gaps vary as much as they are long; or evenly, if so ordered."""
    changes = {"crimes": 3000, "visits_per_second": 50}
    by_chance, even = (
        np.diff([each.due_seconds for each in visits(small_burst(tmp_path, **changes, **shape))])
        for shape in ({}, {"visits_shape": "even"})
    )

    assert by_chance.mean() == pytest.approx(1 / 50, rel=0.01)
    assert by_chance.std() == pytest.approx(by_chance.mean(), rel=0.1)
    assert even.std() == pytest.approx(0, abs=1e-9)
    assert visits(small_burst(tmp_path)) == visits(small_burst(tmp_path))


def test_so_many_visitors_ask_as_were_ordered(tmp_path: Path) -> None:
    """Questions are spread over the visits."""
    scheduled = visits(small_burst(tmp_path, crimes=1000, visits_per_second=20, asks_share=0.25))

    assert len(scheduled) == 200
    assert sum(visit.asks for visit in scheduled) == 50
    assert all(sum(visit.asks for visit in scheduled[n : n + 4]) == 1 for n in range(0, 200, 4))


def test_all_updates_are_due_at_once_after_an_outage(tmp_path: Path) -> None:
    """The shape `at once` has every batch due at the start."""
    assert {each.due_seconds for each in batches(small_burst(tmp_path, shape="at once"))} == {0.0}


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_a_scaled_burst_takes_as_long(tmp_path: Path, scale: float) -> None:
    """So many times as many crimes and visits, in the same time."""
    once = small_burst(tmp_path)
    scaled = once.scaled(scale)

    assert scaled.crime_count == round(once.crime_count * scale)
    assert scaled.seconds == pytest.approx(once.seconds)
    assert len(visits(scaled)) == pytest.approx(len(visits(once)) * scale, abs=1)


def test_a_burst_cannot_be_scaled_beyond_its_limits(tmp_path: Path) -> None:
    """More crimes than a burst may have is an error that names them."""
    with pytest.raises(ValueError, match="value is 100000"):
        small_burst(tmp_path).scaled(1000)


@given(SCHEDULED, st.sampled_from(["random", "ramp", "at once"]), st.integers(0, 9))
def test_every_shape_has_every_update_within_the_burst(
    burst: Burst, shape: Shape, seed: int
) -> None:
    """Batches are due in order, none before the burst and none after it; by the seed alone."""
    shaped = structs.replace(burst, shape=shape, seed=seed)
    due = [each.due_seconds for each in batches(shaped)]

    assert due == sorted(due)
    assert all(0 <= each <= burst.seconds for each in due)
    assert batches(shaped) == batches(shaped)


def test_a_ramp_has_a_quarter_of_the_updates_in_the_first_half(tmp_path: Path) -> None:
    """It goes faster and faster."""
    due = [each.due_seconds for each in batches(small_burst(tmp_path, shape="ramp", crimes=1000))]

    assert sum(each < 5 for each in due) == pytest.approx(25, abs=1)


def test_updates_follow_a_curve(tmp_path: Path) -> None:
    """Half of them come in the last tenth, as the file says."""
    burst = small_burst(tmp_path, shape="curve", curve=[0.0, 0.9, 1.0], crimes=1000)
    due = [each.due_seconds for each in batches(burst)]

    assert sum(each < 9 for each in due) == 50


def test_a_trace_becomes_a_curve(tmp_path: Path) -> None:
    """The busiest hour of a run is played in the time of the burst."""
    start = datetime(2026, 6, 1, 9, tzinfo=UTC)
    minutes = [0, 300, 301, 302, 330, 359]
    records = [
        EventRecorded(
            at=start + timedelta(minutes=each),
            event_id=str(each),
            event_type="CrimeClosed",
            crime_reference="43",
            happened_at=start,
            data=msgspec.Raw(b"{}"),
        )
        for each in minutes
    ]
    with (tmp_path / "evidence.ndjson").open("wb") as file:
        write_evidence(file, records, process="rehearsal", wall=start)
    burst = small_burst(tmp_path, shape="trace", trace=str(tmp_path / "evidence.ndjson"))

    assert burst.curve[0] == 0.0
    assert burst.curve[-1] == 1.0
    assert burst.curve[60] == pytest.approx(2 / 59 + 0.4 * 28 / 59)


def test_pages_are_watched_all_over_the_burst(tmp_path: Path) -> None:
    """Each watched page is of another victim, who is no visitor, and their updates are apart."""
    burst = small_burst(tmp_path, crimes=1000, pages_watched=10, closures_per_second=10)
    watches = page_watches(burst)

    assert sorted(each.crime for each in watches) == list(range(5, 15))
    assert watches[0].due_seconds < 40
    assert watches[-1].due_seconds > 60
    assert page_watches(burst, ("sign-in",)) == []


def test_only_the_journeys_that_were_asked_for_are_scheduled(tmp_path: Path) -> None:
    """Without updates there are visits alone, and without asking nobody asks."""
    burst = small_burst(tmp_path, asks_share=1.0, crimes=1000)

    assert batches(burst, ("read",)) == []
    assert visits(burst, ("updates",)) == []
    assert not any(each.asks for each in visits(burst, ("read",)))
    assert burst.requests_per_second(("updates",)) == pytest.approx(10)
    assert burst.requests_per_second() == pytest.approx(10 + 5 * 7)
    assert burst.requests_max() > 5 * 45 * 10


def test_the_order_may_be_waited_for(tmp_path: Path) -> None:
    """A search for the knee waits as long as the order allows, and never less than the burst."""
    burst = small_burst(tmp_path, drain_seconds_max=20.0)

    assert burst.waiting(900).drain_seconds_max == 900
    assert burst.waiting(5).drain_seconds_max == 20


def test_a_soak_goes_on_at_the_same_rate(tmp_path: Path) -> None:
    """So many seconds of the same burst; more than it may have is refused."""
    burst = small_burst(tmp_path)

    assert burst.lasting(60).seconds == pytest.approx(60)
    assert burst.lasting(60).closures_per_second == burst.closures_per_second
    with pytest.raises(ValueError, match=r"crimes\.value is 60000"):
        burst.lasting(600)
