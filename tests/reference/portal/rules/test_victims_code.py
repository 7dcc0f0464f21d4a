"""By when the Victims' Code has a victim told: from when it happened, by the version of then."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from reference.contract.events import ToldInstead, VictimRecord
from reference.portal.rules import victims_code
from reference.portal.settings import CodePeriods, settings_from
from tests.reference.portal.scene import SETTINGS

MONDAY = datetime(2026, 6, 1, 11, tzinfo=UTC)
TUESDAY_ENDS = datetime(2026, 6, 2, 23, tzinfo=UTC)
NEXT_MONDAY_ENDS = datetime(2026, 6, 8, 23, tzinfo=UTC)
ORDERED = structs.replace(
    settings_from(SETTINGS),
    code={date(2020, 1, 1): CodePeriods(9, 9), date(2026, 1, 1): CodePeriods(5, 1)},
)


def test_the_version_in_force_when_it_happened_counts() -> None:
    """Before the first version, the settings' own days do."""
    own = structs.replace(ORDERED, working_days=2, code={date(2026, 6, 2): CodePeriods(1, 1)})
    record = VictimRecord(person_id="alex")

    assert victims_code.informed_within(MONDAY, record, ORDERED) == NEXT_MONDAY_ENDS
    assert victims_code.informed_within(MONDAY, record, own) == datetime(2026, 6, 3, 23, tzinfo=UTC)
    tuesday = MONDAY + timedelta(days=1)
    assert victims_code.informed_within(tuesday, record, own) == datetime(
        2026, 6, 3, 23, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({}, NEXT_MONDAY_ENDS),
        ({"enhanced_rights": True}, TUESDAY_ENDS),
        ({"has_died": True}, TUESDAY_ENDS),
        ({"born": date(2010, 1, 1)}, TUESDAY_ENDS),
        ({"born": date(1990, 1, 1)}, NEXT_MONDAY_ENDS),
        ({"who_is_told": "another", "told_instead": ToldInstead()}, TUESDAY_ENDS),
        ({"who_is_told": "another", "kind": "organisation"}, NEXT_MONDAY_ENDS),
    ],
)
def test_an_officer_has_one_day_for_a_guardian_or_a_bereaved_family(
    changes: dict[str, Any], ends: datetime
) -> None:
    """Their rights are enhanced, recorded or not; what is overdue is due now."""
    record = VictimRecord(person_id="alex", **changes)
    long_after = MONDAY + timedelta(days=30)

    assert victims_code.told_in_person_by(MONDAY, record, MONDAY, ORDERED) == ends
    assert victims_code.told_in_person_by(MONDAY, record, long_after, ORDERED) == long_after
