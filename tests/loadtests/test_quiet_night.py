"""The quiet hours of a burst end shortly after it began, and span midnight as the order's do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from loadtests.quiet_night import check_night, from_the_end, order_by_night, too_late_for_night
from simulator.errors import BadInput
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from tests.loadtests.bursts_for_tests import burst
from tests.simulator.real_files import ROOT

ORDER = read_order(ROOT / "scenarios" / "orders" / "burst.toml")
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-for-load.toml")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 7, 1, 11, 30, 15, 5, tzinfo=UTC),
        datetime(2026, 1, 1, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 1, 2, 0, 0, 0, tzinfo=UTC),
    ],
)
def test_it_is_night_until_the_end_and_day_after_it(now: datetime) -> None:
    """Also around midnight, and in summer, when London is an hour ahead of UTC."""
    order, ends = order_by_night(ORDER, now, 90)

    assert timedelta(seconds=89) <= ends - now <= timedelta(seconds=90)
    for second in (0, 45, 88):
        assert order.quiet_until(now + timedelta(seconds=second)) == ends
    assert order.quiet_until(ends) == ends
    assert order.quiet_until(ends + timedelta(minutes=5)) == ends + timedelta(minutes=5)


def test_times_are_counted_from_the_end() -> None:
    """What was recorded in the night could not go before; what came later could at once."""
    ends = datetime(2026, 7, 1, 12, tzinfo=UTC)
    later = ends + timedelta(seconds=3)
    scheduled = {"night": ends - timedelta(minutes=1), "day": later}

    assert from_the_end(scheduled, ends) == {"night": ends, "day": later}
    assert from_the_end(scheduled, None) == scheduled
    assert too_late_for_night([ends - timedelta(seconds=1)], ends) == ""
    assert too_late_for_night([later], None) == ""
    assert "1 updates when the quiet hours had ended" in too_late_for_night([later], ends)


def test_a_portal_with_settings_of_its_own_is_refused(tmp_path: Path) -> None:
    """Its quiet hours are not ours to move."""
    path = ROOT / "burst.toml"
    night = burst(tmp_path, update="recorded", visitors=0, quiet_seconds=60)
    runs_already = structs.replace(
        TARGET,
        access=structs.replace(TARGET.access, command=(), portal_url="http://127.0.0.1:8080"),
    )

    check_night(night, TARGET, path)
    with pytest.raises(BadInput, match="the suite has to start the portal"):
        check_night(night, runs_already, path)
