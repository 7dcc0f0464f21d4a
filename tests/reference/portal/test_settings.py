"""What the operator tells the portal: refused in one sentence that names the field."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from reference.portal.settings import read_settings, settings_from
from tests.reference.portal.crimes import NOON
from tests.reference.portal.scene import SECRETS, SETTINGS

ENVIRON = {
    "PORTAL_EVENTS_SECRET": "a",
    "PORTAL_RECEIPTS_TOKEN": "b",
    "PORTAL_GATEWAY_KEY": "c",
    "PORTAL_CRIME_SYSTEM_TOKEN": "d",
    "PORTAL_IDENTITY_KEY": "e",
    "PORTAL_TEST_CLOCK_TOKEN": "f",
}
WITHOUT_ZONE = datetime(2026, 5, 18)  # noqa: DTZ001  what an operator may write
Environment = Callable[..., dict[str, str]]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Write a settings file and give the environment that names it, with changes to both."""

    def make(*without: str, **changes: Any) -> dict[str, str]:
        file = tmp_path / "portal.toml"
        file.write_text(tomli_w.dumps({**SETTINGS, **changes}), encoding="utf-8")
        environ = {**ENVIRON, "PORTAL_SETTINGS": str(file)}
        return {name: value for name, value in environ.items() if name not in without}

    return make


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
        ("quiet_from", "21:00"),
        ("bundle_minutes", "60"),
        ("per_weak_max", 5),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_field(field: str, value: Any) -> None:
    """One sentence says what is wrong and where, whether a value is bad or its name unknown."""
    with pytest.raises(ValueError, match=r"^portal settings: .*") as refused:
        settings_from({**SETTINGS, field: value})

    sentence = str(refused.value)

    assert field in sentence
    assert "\n" not in sentence


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


def test_settings_and_secrets_are_read_from_where_they_belong(environment: Environment) -> None:
    """The file says everything but the secrets, which stand in the environment."""
    settings, secrets = read_settings(environment())

    assert settings == settings_from(SETTINGS)
    assert (secrets.events, secrets.test_clock) == ("a", "f")


@pytest.mark.parametrize("name", sorted(ENVIRON))
def test_a_secret_that_is_missing_is_named(environment: Environment, name: str) -> None:
    """The sentence says which variable to set; an empty one is missing too."""
    with pytest.raises(ValueError, match=name):
        read_settings(environment(name))
    with pytest.raises(ValueError, match=name):
        read_settings({**environment(), name: ""})


def test_without_a_test_clock_no_token_for_it_is_needed(environment: Environment) -> None:
    """A portal that keeps the time of day has nothing for a tester to move."""
    environ = environment("PORTAL_TEST_CLOCK_TOKEN")
    file = Path(environ["PORTAL_SETTINGS"])
    values = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"}
    file.write_text(tomli_w.dumps(values), encoding="utf-8")

    assert read_settings(environ)[1].test_clock == ""


def test_the_database_s_url_is_a_secret_of_the_environment(environment: Environment) -> None:
    """It may hold a password; without it the file of the settings is meant."""
    url = "postgresql://portal:p@db.example/cases"

    assert read_settings({**environment(), "PORTAL_DATABASE_URL": url})[1].database_url == url
    assert read_settings(environment())[1].database_url == ""

    with pytest.raises(ValueError, match="PORTAL_DATABASE_URL"):
        read_settings({**environment(), "PORTAL_DATABASE_URL": "mysql://db.example/cases"})


def test_the_settings_file_must_be_named() -> None:
    """A portal nobody configured does not start."""
    with pytest.raises(ValueError, match="PORTAL_SETTINGS"):
        read_settings({})


def test_secrets_are_never_shown() -> None:
    """A log or a traceback that prints them shows none."""
    secrets = msgspec.structs.replace(
        SECRETS, database_url="postgresql://u:p@db.example/cases", metrics="metrics-token"
    )
    shown = f"{secrets!r} {secrets}"

    assert not any(getattr(secrets, field) in shown for field in type(secrets).__struct_fields__)
