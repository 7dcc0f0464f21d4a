"""The operator's environment: read into one configuration, or refused in one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from reference.operations.environment import Configuration, read_configuration
from reference.portal.settings import settings_from
from tests.reference.portal.scene import SECRETS, SETTINGS

ENVIRON = {
    "PORTAL_EVENTS_SECRET": "a-long-enough-secret",
    "PORTAL_RECEIPTS_TOKEN": "b-long-enough-secret",
    "PORTAL_GATEWAY_KEY": "c-long-enough-secret",
    "PORTAL_CRIME_SYSTEM_TOKEN": "d-long-enough-secret",
    "PORTAL_IDENTITY_KEY": "e-long-enough-secret",
    "PORTAL_TEST_CLOCK_TOKEN": "f-long-enough-secret",
}
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


def test_settings_and_secrets_are_read_from_where_they_belong(environment: Environment) -> None:
    """The file says everything but the secrets, which stand in the environment."""
    given = read_configuration(environment())

    assert given.settings == settings_from(SETTINGS)
    assert (given.secrets.events, given.secrets.test_clock) == (
        "a-long-enough-secret",
        "f-long-enough-secret",
    )


@pytest.mark.parametrize("name", sorted(ENVIRON))
def test_a_secret_that_is_missing_is_named(environment: Environment, name: str) -> None:
    """The sentence says which variable to set; an empty one is missing too."""
    with pytest.raises(ValueError, match=name):
        read_configuration(environment(name))
    with pytest.raises(ValueError, match=name):
        read_configuration({**environment(), name: ""})


@pytest.mark.parametrize("name", sorted(ENVIRON))
def test_a_short_secret_does_not_start(environment: Environment, name: str) -> None:
    """It could be guessed; the sentence names it, and does not show it."""
    with pytest.raises(ValueError, match=f"{name} has fewer than 16 characters") as refused:
        read_configuration({**environment(), name: "fifteen-letters"})

    assert "fifteen" not in str(refused.value)
    read_configuration({**environment(), name: "sixteen-letters-"})


def test_the_label_of_a_key_is_none_of_its_characters(environment: Environment) -> None:
    """`whsec_` stands before every key: eight bytes in base64 are too few."""
    with pytest.raises(ValueError, match="PORTAL_EVENTS_SECRET has fewer than 16"):
        read_configuration({**environment(), "PORTAL_EVENTS_SECRET": "whsec_AAAAAAAAAAA="})


def test_without_a_test_clock_no_token_for_it_is_needed(environment: Environment) -> None:
    """A portal that keeps the time of day has nothing for a tester to move."""
    environ = environment("PORTAL_TEST_CLOCK_TOKEN")
    file = Path(environ["PORTAL_SETTINGS"])
    values = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"}
    file.write_text(tomli_w.dumps(values), encoding="utf-8")

    assert read_configuration(environ).secrets.test_clock == ""


def test_the_database_s_url_is_a_secret_of_the_environment(environment: Environment) -> None:
    """It may hold a password; without it the file of the settings is meant."""
    url = "postgresql://portal:p@db.example/cases"

    given = read_configuration({**environment(), "PORTAL_DATABASE_URL": url})

    assert given.database_url == url
    assert read_configuration(environment()).database_url == ""

    with pytest.raises(ValueError, match="PORTAL_DATABASE_URL"):
        read_configuration({**environment(), "PORTAL_DATABASE_URL": "mysql://db.example/cases"})


def test_the_settings_file_must_be_named() -> None:
    """A portal nobody configured does not start."""
    with pytest.raises(ValueError, match="PORTAL_SETTINGS"):
        read_configuration({})


def test_a_configuration_is_never_shown() -> None:
    """A log or a traceback that prints it shows no secret of the service or of the portal."""
    given = Configuration(
        settings=settings_from(SETTINGS),
        secrets=SECRETS,
        database_url="postgresql://u:p@db.example/cases",
        metrics_token="metrics-token",
    )
    shown = f"{given!r} {given}"

    assert not any(each in shown for each in ("db.example", "metrics-token", SECRETS.events))
