"""Rules of the operator: the portal's settings say what the order says, and nothing is left out."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from msgspec import structs

from reference.portal.settings import settings_from
from simulator.drivers.operator import reference_settings, write_settings
from simulator.inputs.order import Order, read_order
from tests.simulator.real_files import ORDER, ROOT, parsed, spoiled

TWO_FORCES = read_order(ORDER)
START = datetime(2026, 6, 1, tzinfo=UTC)


def settings_of(order: Order, *, test_clock_start: datetime | None = START) -> dict[str, Any]:
    """Turn an order into settings."""
    return reference_settings(
        order,
        public_url="https://portal.example",
        gateway_url="http://gateway.invalid",
        crime_system_url="http://crime-system.invalid",
        database=":memory:",
        test_clock_start=test_clock_start,
    )


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "orders").glob("*.toml")))
def test_the_portal_takes_its_settings(path: Path, tmp_path: Path) -> None:
    """For every order the settings are fit for TOML, and the portal reads them."""
    values = settings_of(read_order(path))
    file = tmp_path / "settings.toml"
    file.write_text(tomli_w.dumps(values))

    assert settings_from(parsed(file)) == settings_from(values)


def test_the_settings_say_what_the_order_says() -> None:
    """Days, offences, triggers, hours and limits are the force's."""
    values = settings_of(TWO_FORCES)

    assert values["go_live"] == [TWO_FORCES.go_live_at(phase) for phase in (1, 2, 3)]
    assert values["eligible_subgroups"] == list(TWO_FORCES.eligibility.offence_subgroups)
    assert values["announcements"]["CrimeClosed"] == {"notice": "update", "phase": 1}
    assert values["announcements"]["OfficerReplied"] == {"notice": "reply", "phase": 3}
    assert (values["quiet_from"], values["quiet_until"]) == (time(21), time(8))
    assert values["forces"]["hampshire"]["non_emergency"] == "101"


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ("bundle_minutes = 60", "bundle_minutes = 30", "bundle_minutes"),
        ("per_week_max = 5", "per_week_max = 4", "per_week_max"),
        ('week = "rolling"', 'week = "calendar"', "week"),
        ("still_with_us_days = 28", "still_with_us_days = 14", "still_with_us_days"),
        ("advice_after_days = 2", "advice_after_days = 3", "advice_after_days"),
        ('proof = "agreed_word"', 'proof = "date_of_birth"', "proof"),
        ("invitation_days = 14", "invitation_days = 7", "invitation_days"),
        ("code_minutes = 10", "code_minutes = 5", "code_minutes"),
        ("attempts_max = 5", "attempts_max = 3", "attempts_max"),
        ("session_minutes = 30", "session_minutes = 10", "session_minutes"),
        ("session_hours_max = 12", "session_hours_max = 8", "session_hours_max"),
        ("Valley Victim Contact Supervisors", "Valley Sergeants", "supervisors"),
        ("age_min_years = 18", "age_min_years = 16", "age_min_years"),
        ("phase_2 = 2026-07-27", "phase_2 = 2026-07-28", "go_live"),
        ('"Bicycle theft", ', "", "eligible_subgroups"),
        ('"sexual", ', "", "safeguarding_exclusions"),
        ('_abuse", "trafficking"]', '_abuse"]', "safeguarding_of_the_person"),
        ('"Bicycle theft" = "keep-your-bicycle-safe"', "", "advice_for"),
        ("quiet_from = 21:00:00", "quiet_from = 20:00:00", "quiet_from"),
        ("quiet_until = 08:00:00", "quiet_until = 07:00:00", "quiet_until"),
        ('name = "Thames Valley Police"', 'name = "TVP"', "forces"),
        ('announces = "reply"', 'announces = "update"', "announcements"),
        ("outcomes = [5, 13]", "outcomes = [5]", "sensitive_outcomes"),
        ('["Robbery of personal property"]', "[]", "sensitive_subgroups"),
        ("reply_working_days = 5 ", "reply_working_days = 4 ", "answer_working_days"),
        ("\nworking_days = 5", "\nworking_days = 4", "working_days"),
        ("working_days_enhanced = 1", "working_days_enhanced = 2", "working_days_enhanced"),
        ("breach_hours = 72", "breach_hours = 24", "breach_hours"),
        ("  2024-01-01, ", "  ", "bank_holidays"),
        ("closed_case_days = 28", "closed_case_days = 14", "closed_case_days"),
        ('["suspect_released", ', "[", "sensitive_if_enhanced"),
        ('markers = ["hate_crime"]', "markers = []", "rights_check"),
        ('person = ["honour_based_abuse"]', "person = []", "through_a_person"),
        ("bail_views_hours = 24", "bail_views_hours = 12", "bail_views_hours"),
        ("approved_channels = true", "approved_channels = false", "approved_channels"),
        ("supervisor_confirms = [14, 16]", "supervisor_confirms = [14]", "supervisor_confirms"),
        ("review_days = 92", "review_days = 60", "review_days"),
        ("danger_minutes = 60", "danger_minutes = 30", "danger_minutes"),
        ('"Thames Valley Contact Management"', '"Control Room"', "forces"),
        ("people_per_address_max = 4", "people_per_address_max = 3", "people_per_address_max"),
        ('["101", ', "[", "not_a_victims"),
        ("client_max = 5", "client_max = 4", "not_for_me_per_client_max"),
        ("hour_max = 60", "hour_max = 6", "not_for_me_per_hour_max"),
        ("retention_days = 365", "retention_days = 100", "retention_days"),
        ('website = "https://www.hampshire', 'website = "https://hampshire', "forces"),
        ('"Thames Valley Witness Care Unit"', '"Witness Care"', "forces"),
    ],
)
def test_a_change_of_the_order_is_a_change_of_one_setting(
    tmp_path: Path, old: str, new: str, setting: str
) -> None:
    """A change in the order changes only its own setting."""
    before = settings_of(TWO_FORCES)
    after = settings_of(read_order(spoiled(tmp_path, ORDER, (old, new))))

    # The versions of the Victims' Code repeat its days.
    changed = {name for name in before if before[name] != after[name]} - {"code"}
    assert changed == {setting}


def test_what_is_not_ordered_is_not_set() -> None:
    """Without quiet hours or a test clock the settings do not mention them."""
    messages = structs.replace(TWO_FORCES.messages, quiet_from=None, quiet_until=None)
    order = structs.replace(TWO_FORCES, messages=messages)

    values = settings_of(order, test_clock_start=None)

    assert not {"quiet_from", "quiet_until", "test_clock_start"} & set(values)


def test_a_crowd_without_a_limit_has_none() -> None:
    """If the order has no limit of people at one address, the settings have none."""
    contact = structs.replace(TWO_FORCES.contact, people_per_address_max=None)
    values = settings_of(structs.replace(TWO_FORCES, contact=contact))

    assert "people_per_address_max" in settings_of(TWO_FORCES)
    assert "people_per_address_max" not in values


def test_quiet_hours_may_end_at_midnight() -> None:
    """Midnight is a time like any other: quiet hours until then are quiet hours."""
    messages = structs.replace(TWO_FORCES.messages, quiet_from=time(21), quiet_until=time(0))

    values = settings_of(structs.replace(TWO_FORCES, messages=messages))

    assert (values["quiet_from"], values["quiet_until"]) == (time(21), time(0))


def test_settings_are_written_as_toml(tmp_path: Path) -> None:
    """What the portal reads is what the operator said, dates and times included."""
    values = {
        "public_url": "http://127.0.0.1:1",
        "go_live": [datetime(2026, 5, 17, 23, tzinfo=UTC)],
        "quiet_from": time(21),
        "forces": {"thames_valley": {"name": "Thames Valley Police"}},
    }

    path = write_settings(tmp_path, values)

    assert path.parent == tmp_path
    assert parsed(path) == values
