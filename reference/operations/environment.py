"""How an operator configures the service: environment variables, and the settings file they name.

docs/running.md has the same table of variables.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from reference.operations.database_url import check_database_url
from reference.operations.setting_errors import checked_settings
from reference.portal.settings import Secrets, Settings
from reference.portal.toml_text import read_toml

SECRET_CHARACTERS_MIN = 16


class Variable(Struct, frozen=True):
    """One variable: what it is for, whether the portal starts without it, and if it is secret."""

    name: str
    meaning: str
    is_required: bool = False
    is_secret: bool = False


VARIABLES = (
    Variable("PORTAL_SETTINGS", "path of the settings file", is_required=True),
    Variable(
        "PORTAL_EVENTS_SECRET",
        "key that crime events are signed with: whsec_ and base64",
        is_required=True,
        is_secret=True,
    ),
    Variable(
        "PORTAL_RECEIPTS_TOKEN",
        "bearer token that the gateway's receipts come with",
        is_required=True,
        is_secret=True,
    ),
    Variable(
        "PORTAL_GATEWAY_KEY",
        "API key of GOV.UK Notify: a name, the service's id, the secret",
        is_required=True,
        is_secret=True,
    ),
    Variable(
        "PORTAL_CRIME_SYSTEM_TOKEN",
        "bearer token for the crime system",
        is_required=True,
        is_secret=True,
    ),
    Variable(
        "PORTAL_IDENTITY_KEY",
        "key that agreed words, dates of birth and tokens are kept under; "
        "the crime system has the same",
        is_required=True,
        is_secret=True,
    ),
    Variable(
        "PORTAL_TEST_CLOCK_TOKEN",
        "bearer token for the test clock; needed only where `test_clock_start` is set",
        is_secret=True,
    ),
    Variable(
        "PORTAL_METRICS_TOKEN",
        "bearer token for `/metrics`; without it there are none",
        is_secret=True,
    ),
    Variable(
        "PORTAL_DATABASE_URL",
        "PostgreSQL, in place of the settings' SQLite file",
        is_secret=True,
    ),
    Variable("PORTAL_LOG_LEVEL", "DEBUG, INFO (the default), WARNING or ERROR"),
)


class Configuration(Struct, frozen=True, kw_only=True):
    """Everything the operator gave: for the portal, and for the service around it."""

    settings: Settings
    secrets: Secrets
    database_url: str = ""
    metrics_token: str = ""

    def __repr__(self) -> str:
        return "Configuration(…)"


def read_configuration(environ: Mapping[str, str] = os.environ) -> Configuration:
    """Read the settings file that PORTAL_SETTINGS names, and the other variables.

    Raises ValueError with one sentence that names the variable or the field, and how to fix it.
    """
    settings = read_settings_file(environ)
    secrets = read_secrets(environ, settings)
    return Configuration(
        settings=settings,
        secrets=secrets,
        database_url=environ.get("PORTAL_DATABASE_URL", ""),
        metrics_token=environ.get("PORTAL_METRICS_TOKEN", ""),
    )


def read_settings_file(environ: Mapping[str, str]) -> Settings:
    """Read the file that PORTAL_SETTINGS names; raises ValueError."""
    path = environ.get("PORTAL_SETTINGS", "")
    if not path:
        raise ValueError("PORTAL_SETTINGS is not set; give the path of the settings file")
    try:
        values = read_toml(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ValueError(
            f"PORTAL_SETTINGS is {path!r}, which cannot be read ({why}); "
            "give the path of the settings file"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8; save it as a text file in UTF-8") from None
    except ValueError as error:
        raise ValueError(f"{path} is not TOML: {error}; fix it there") from None
    return checked_settings(values)


def read_secrets(environ: Mapping[str, str], settings: Settings | None = None) -> Secrets:
    """Read the secrets from the environment; raises ValueError naming one that will not do."""
    names = {
        "events": "PORTAL_EVENTS_SECRET",
        "receipts": "PORTAL_RECEIPTS_TOKEN",
        "gateway": "PORTAL_GATEWAY_KEY",
        "crime_system": "PORTAL_CRIME_SYSTEM_TOKEN",
        "identity": "PORTAL_IDENTITY_KEY",
    }
    missing = [name for name in names.values() if not environ.get(name)]
    if missing:
        raise ValueError(f"not in the environment: {', '.join(missing)}; set them")
    for fault in short_secrets(environ):
        raise ValueError(fault)
    if url := environ.get("PORTAL_DATABASE_URL", ""):
        check_database_url(url)
    test_clock = environ.get("PORTAL_TEST_CLOCK_TOKEN", "")
    if settings is not None and settings.test_clock_start is not None and not test_clock:
        raise ValueError("test_clock_start is set; give PORTAL_TEST_CLOCK_TOKEN too")
    return Secrets(**{field: environ[name] for field, name in names.items()}, test_clock=test_clock)


def short_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """Find the secrets that could be guessed; a sentence each, which does not show it."""
    for each in VARIABLES:
        value = environ.get(each.name, "")
        is_counted = each.is_secret and each.name != "PORTAL_DATABASE_URL"
        if is_counted and value and len(value.removeprefix("whsec_")) < SECRET_CHARACTERS_MIN:
            yield f"{each.name} has fewer than {SECRET_CHARACTERS_MIN} characters; give more"
