"""Who may be invited and told about a crime, and if not, why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from reference.contract.events import VictimRecord
from reference.portal.rules import eligibility
from reference.portal.settings import settings_from
from tests.reference.portal import crimes
from tests.reference.portal.scene import SETTINGS

ALL = settings_from(SETTINGS)


def why_excluded(victim: VictimRecord, **changes: Any) -> str:
    """Find why a victim is not invited for a bicycle theft, or for what the changes say."""
    usual: dict[str, Any] = {
        "offence_subgroup": "Bicycle theft",
        "safeguarding": (),
        "recorded_at": crimes.NOON,
    }
    return eligibility.exclusion(**{**usual, **changes}, victim=victim, settings=ALL)


def test_the_victim_of_an_eligible_crime_is_invited() -> None:
    """There is no reason against it."""
    assert why_excluded(crimes.alex()) == ""


@pytest.mark.parametrize(
    ("victim", "changes", "reason"),
    [
        ({}, {"recorded_at": datetime(2026, 5, 17, 23, 59, tzinfo=UTC)}, "before the portal"),
        ({}, {"offence_subgroup": "Residential burglary"}, "offence not in the portal"),
        ({}, {"safeguarding": ("repeat", "domestic_abuse")}, "domestic_abuse"),
        ({"safe_to_contact": None}, {}, "safe to contact"),
        ({"safe_to_contact": False}, {}, "safe to contact"),
        ({"born": date(2008, 6, 4)}, {}, "under 18"),
        ({"born": date(2030, 1, 1)}, {}, "under 18"),
    ],
)
def test_a_reason_not_to_invite(
    victim: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    """Each exclusion has a reason of its own, in words."""
    assert reason in why_excluded(crimes.alex(**victim), **changes)


@pytest.mark.parametrize(
    ("born", "at", "is_excluded"),
    [
        (date(2008, 6, 3), crimes.NOON, False),  # eighteen on the day
        (date(2008, 6, 4), crimes.NOON, True),  # eighteen tomorrow
        # Eighteen in London, where it is already the 4th, though not yet in UTC.
        (date(2008, 6, 4), datetime(2026, 6, 3, 23, 30, tzinfo=UTC), False),
        (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), True),
        (date(2008, 2, 29), datetime(2026, 3, 1, 12, tzinfo=UTC), False),
        (None, crimes.NOON, False),  # not known is not a child
    ],
)
def test_age_is_counted_on_the_london_day_of_the_record(
    born: date | None, at: datetime, *, is_excluded: bool
) -> None:
    """A victim is of age from the first minute of their birthday in London."""
    reason = eligibility.exclusion(
        offence_subgroup="Bicycle theft",
        safeguarding=(),
        recorded_at=at,
        victim=crimes.alex(born=born),
        settings=settings_from(
            {**SETTINGS, "go_live": [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]}
        ),
    )

    assert bool(reason) == is_excluded
