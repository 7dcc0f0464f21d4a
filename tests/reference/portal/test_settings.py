"""What the operator tells the portal: refused in one sentence that names the field."""

from datetime import datetime
from typing import Any

import pytest

from reference.operations.setting_errors import checked_settings
from reference.portal.settings import settings_from
from tests.reference.portal.crimes import NOON
from tests.reference.portal.scene import SECRETS, SETTINGS

WITHOUT_ZONE = datetime(2026, 5, 18)  # noqa: DTZ001  what an operator may write


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("public_url", 7),
        ("forces", {}),
        ("forces", {"kent": {"name": "Kent Police"}}),
        ("go_live", [NOON, NOON]),
        ("go_live", [WITHOUT_ZONE] * 3),
        ("go_live", ["soon"] * 3),
        ("test_clock_start", WITHOUT_ZONE),
        ("eligible_subgroups", "Bicycle theft"),
        ("announcements", {"CrimeRecordd": {"notice": "invitation", "phase": 1}}),
        ("announcements", {"CrimeRecorded": {"notice": "letter", "phase": 1}}),
        ("announcements", {"CrimeRecorded": {"notice": "invitation", "phase": 4}}),
        ("per_week_max", 0),
        ("attempts_max", 0),
        ("session_minutes", -1),
        ("code_minutes", 11),
        ("quiet_from", "21:00"),
        ("bundle_minutes", "60"),
        ("per_weak_max", 5),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_field(field: str, value: Any) -> None:
    """One sentence says what is wrong and where, whether a value is bad or its name unknown."""
    with pytest.raises(ValueError, match=r"^portal settings: .*") as refused:
        checked_settings({**SETTINGS, field: value})

    sentence = str(refused.value)

    assert field in sentence
    assert "\n" not in sentence


def test_a_crowds_numbers_are_for_a_rehearsal() -> None:
    """A portal whose clock is the wall's takes none of them."""
    live = {name: each for name, each in SETTINGS.items() if name != "test_clock_start"}

    assert settings_from({**live, "test_clock_start": NOON, "crowd_numbers": True}).crowd_numbers
    with pytest.raises(ValueError, match="crowd_numbers: only a rehearsal has them"):
        checked_settings({**live, "crowd_numbers": True})


@pytest.mark.parametrize(
    "field", sorted(SETTINGS.keys() - {"test_clock_start", "people_per_address_max"})
)
def test_what_is_missing_is_named(field: str) -> None:
    """Nothing that the operator must decide has a value that nobody chose."""
    values = {name: value for name, value in SETTINGS.items() if name != field}

    with pytest.raises(ValueError, match=f"`{field}`"):
        settings_from(values)


@pytest.mark.parametrize("given", ["quiet_from", "quiet_until"])
def test_quiet_hours_have_a_beginning_and_an_end(given: str) -> None:
    """Half of the quiet hours is a mistake, and would else mean none."""
    values = {**SETTINGS, given: NOON.time()}

    with pytest.raises(ValueError, match="quiet_"):
        settings_from(values)


def test_the_phases_follow_one_another() -> None:
    """Phase 2 cannot go live before phase 1."""
    with pytest.raises(ValueError, match="go_live"):
        settings_from({**SETTINGS, "go_live": SETTINGS["go_live"][::-1]})


def test_the_phase_changes_at_the_moment_it_goes_live() -> None:
    """Until then it is the phase before, and before the first it is none."""
    settings = settings_from(SETTINGS)
    before_and_at = [
        settings.phase_at(moment)
        for live in settings.go_live
        for moment in (live.replace(year=live.year - 1), live)
    ]

    assert before_and_at == [0, 1, 0, 2, 0, 3]


def test_secrets_are_never_shown() -> None:
    """A log or a traceback that prints them shows none."""
    shown = f"{SECRETS!r} {SECRETS}"

    assert not any(getattr(SECRETS, field) in shown for field in type(SECRETS).__struct_fields__)
