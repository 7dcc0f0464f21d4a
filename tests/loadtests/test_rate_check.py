"""A burst is not faster than was allowed, and what is advised in its place fits."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from loadtests.bursts import JOURNEYS, Burst, Journey
from loadtests.load_options import LoadOptions, sized
from loadtests.rate_cap import places_needed, usable
from loadtests.rate_check import check_rate, largest_scale
from simulator.errors import BadInput
from simulator.inputs.target import Target, read_target
from tests.examples import examples
from tests.loadtests.bursts_for_tests import burst
from tests.simulator.real_files import ROOT

PATH = Path("burst.toml")
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-for-load.toml")


def without_receipts() -> Target:
    """Give the target of a portal that takes no receipts."""
    left = tuple(each for each in TARGET.claims.capabilities if each != "receipts")
    return structs.replace(TARGET, claims=structs.replace(TARGET.claims, capabilities=left))


def test_receipts_count_under_the_cap(tmp_path: Path) -> None:
    """Ten updates a second in batches of ten are one request, and ten receipts for messages."""
    small = burst(tmp_path, closures_per_second=10, visitors=0)
    check_rate(small, without_receipts(), LoadOptions(rate_max=5.0), PATH)
    check_rate(small, TARGET, LoadOptions(rate_max=15.0), PATH)
    check_rate(small, TARGET, LoadOptions(), PATH)

    with pytest.raises(BadInput, match=r"orders 1\d requests .* more than --rate-max 5 lets thr"):
        check_rate(small, TARGET, LoadOptions(rate_max=5.0), PATH)


def test_where_no_scale_fits_another_cap_is_named(tmp_path: Path) -> None:
    """Watched pages are asked for as often however small the burst: only a larger cap helps."""
    watched = burst(tmp_path, pages_watched=10, visitors=0)

    with pytest.raises(BadInput, match=r"; give --rate-max \d+$"):
        check_rate(watched, TARGET, LoadOptions(rate_max=2.0, users=0), PATH)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crimes=st.integers(20, 3000),
    rate=st.floats(0.5, 400),
    pages=st.integers(0, 10),
    visits=st.floats(0, 60),
    asks=st.sampled_from([0.0, 0.4]),
    stops=st.sampled_from([0.0, 0.5]),
    cap=st.floats(0.5, 300),
    scale=st.floats(0.2, 5),
    workers=st.integers(0, 3),
    users=st.sampled_from([0, 0, 5]),
    journeys=st.sampled_from([JOURNEYS, ("updates",), ("sign-in", "read")]),
)
def test_what_is_advised_fits(tmp_path: Path, journeys: tuple[Journey, ...], **drawn: Any) -> None:
    """Given back, the scale or the cap is accepted: pages, batches and visitors do not scale."""
    seconds = drawn["crimes"] / drawn["rate"]
    if seconds > 3000 or seconds * drawn["visits"] * drawn["scale"] > 50_000:
        return
    small = burst(
        tmp_path,
        crimes=drawn["crimes"],
        closures_per_second=drawn["rate"],
        pages_watched=drawn["pages"],
        visits_per_second=drawn["visits"],
        asks_share=drawn["asks"],
        stops_share=drawn["stops"],
    )
    options = LoadOptions(
        rate_max=drawn["cap"],
        scale=drawn["scale"],
        workers=drawn["workers"],
        users=drawn["users"],
        journeys=journeys,
    )
    try:
        sized(small, options, PATH)
    except BadInput:
        return
    refused = _refused(small, options)
    advised = re.search(r"--scale ([\d.e+-]+)", refused.partition("; ")[2])
    larger = re.search(r"--rate-max (\d+)$", refused)
    if advised:
        assert _refused(small, structs.replace(options, scale=float(advised[1]))) == ""
    if larger:
        assert _refused(small, structs.replace(options, rate_max=float(larger[1]))) == ""
    assert not refused or advised or larger or "no --scale fits" in refused


def _refused(small: Burst, options: LoadOptions) -> str:
    """Say why a burst is refused ("" if it is not)."""
    try:
        check_rate(small, TARGET, options, PATH)
    except BadInput as error:
        return str(error)
    return ""


def test_the_largest_scale_is_what_a_burst_may_have(tmp_path: Path) -> None:
    """50,000 crimes and 100,000 visits are the most, and what was allowed a second."""
    small = burst(tmp_path)
    receipts, users = small.receipts_per_second(), small.requests_per_second()
    allowed = LoadOptions(rate_max=500.0)
    largest = largest_scale(small, allowed, PATH)

    assert largest_scale(small, LoadOptions(), PATH) == 500
    assert largest_scale(burst(tmp_path, visits_per_second=1000), LoadOptions(), PATH) == 100
    needed = places_needed(receipts * largest, users * largest, workers=0)
    assert 0.7 * usable(500.0) < needed <= usable(500.0)
    assert largest_scale(burst(tmp_path, pages_watched=10), LoadOptions(rate_max=2.0), PATH) == 0
