"""A fault is made good when everything that was due by its end has been told."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from loadtests.faults import Fault, FaultTimes, fault_outcomes

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


FAULT = FaultTimes(kind="portal killed", began_at=_at(4), ended_at=_at(9))
SCHEDULED = {"before": _at(1), "during": _at(5), "after": _at(10)}


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"before": 1.1, "during": 12.5, "after": 30.0}, 3.5),
        ({"before": 1.1, "during": 8.0, "after": 30.0}, 0.0),
        ({"before": 20.0, "during": 12.5}, 11.0),
        ({"before": 1.1, "after": 11.0}, None),
    ],
)
def test_the_recovery_is_from_the_end_of_the_fault(
    told: dict[str, float], seconds: float | None
) -> None:
    """What was due after it does not count; what was never told is never made good."""
    [found] = fault_outcomes(
        [FAULT], SCHEDULED, {event: _at(each) for event, each in told.items()}, START
    )

    assert found.recovery_seconds == seconds
    assert (found.began_seconds, found.ended_seconds) == (4, 9)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "gateway slowed"}, "give seconds"),
        ({"kind": "gateway slowed", "seconds": -1}, "give more than 0"),
        ({"kind": "portal killed", "seconds": 3}, "leave seconds out"),
        ({"for_seconds": 0}, "for_seconds"),
        ({"at_seconds": -1}, "at_seconds"),
        ({"kind": "flood"}, "flood"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(changes: dict[str, object], said: str) -> None:
    """The mistake is named."""
    values = {"kind": "portal killed", "at_seconds": 1, "for_seconds": 1, **changes}
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(values, Fault)
