"""What the contact centre refuses: the error names field, value and fix."""

from datetime import date, datetime, timedelta
from math import nan
from pathlib import Path

import numpy as np
import pytest

from simulator.contact_centre.staffing import base_calls, read_parameters, update_calls
from simulator.errors import BadInput
from tests.simulator.contact_centre.test_staffing import (
    FILE,
    PARAMETERS,
    STREAMS,
    assumed,
    changed,
    london,
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 470_000", "value = -1", r"forces.thames_valley.calls_a_year_101: value is -1"),
        ("value = 0.20", "value = 20", r"update_calls.share_of_101: value is 20.*between 0 and 1"),
        (
            "value = 0.821",
            "value = 0",
            r"forces.thames_valley: occupancy_target is 0; give a share",
        ),
        (
            "value = 6\n",
            "value = 0\n",
            r"forces.thames_valley.handlers_min: value is 0; give a number of 1 or more",
        ),
        ("value = 0.5\n", "value = 1\n", r"emergency.redial: share is 1: callers would ring for"),
        ("value = 0.05\n", "value = 5\n", r"emergency: day_variation is 5.*give at most 1"),
        (
            '600\nunit = "seconds, wrap',
            '0\nunit = "seconds, wrap',
            r"non_emergency.handling.seconds_mean: value is 0; give a number above 0",
        ),
        ("[44, 36,", "[36,", r"emergency.profile.by_hour_of_day: .*length >= 24"),
        ("[0.95, 0.94,", "[-1, 0.94,", r"emergency.profile.by_day_of_week\[0\]: .*>= 0"),
        (
            "by_hour_of_day = [44",
            "by_hour_of_days = [44",
            r"by_hour_of_days: no such key; did you mean 'by_hour_of_day'",
        ),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    """The error names the field, the value and the fix."""
    file = tmp_path / "contact-centre.toml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadInput, match=words):
        read_parameters(file)


@pytest.mark.parametrize(
    ("moments", "words"),
    [
        ([0, -5], "moments: -5.0 at moment 1; give 0 or more"),
        ([nan], "moments: nan at moment 0"),
    ],
)
def test_wrong_moments_are_refused(moments: list[float], words: str) -> None:
    """Moments are seconds from the start."""
    with pytest.raises(BadInput, match=words):
        update_calls(np.array(moments, dtype=np.float64), PARAMETERS, "hampshire", STREAMS)


def test_wrong_spans_and_forces_are_refused() -> None:
    """An end before the start, half an hour, no time zone, and an unknown force have an error."""
    start = london(2026, 1, 5)
    day = timedelta(days=1)
    naive = datetime.combine(date(2026, 1, 6), start.time())
    for end, force, words in (
        (start - day, "hampshire", "end: .* is -24 hours after start"),
        (start + 4000 * day, "hampshire", "give up to ten years"),
        (start + timedelta(minutes=30), "hampshire", "end: .* is not on the hour"),
        (naive, "hampshire", "end: .* has no time zone"),
        (start + day, "kent", "force: 'kent' is not one of"),
    ):
        with pytest.raises(BadInput, match=words):
            base_calls(PARAMETERS, force, start, end, STREAMS)


def test_more_calls_than_any_force_has_are_refused() -> None:
    """A wrong unit is refused before it fills the memory."""
    slip = changed(forces__hampshire__calls_a_year_999=assumed(360_000_000_000))

    with pytest.raises(BadInput, match="calls_a_year: 360,000,000,000 makes over 50,000,000 calls"):
        base_calls(slip, "hampshire", london(2026, 1, 1), london(2027, 1, 1), STREAMS)
