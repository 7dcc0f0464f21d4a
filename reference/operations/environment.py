"""Every variable of the environment that this portal reads; docs/running.md has the same table."""

from msgspec import Struct


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
        "bearer token for `/metrics`; without it anybody may read them",
        is_secret=True,
    ),
    Variable(
        "PORTAL_DATABASE_URL",
        "PostgreSQL, in place of the settings' SQLite file",
        is_secret=True,
    ),
    Variable("PORTAL_LOG_LEVEL", "DEBUG, INFO (the default), WARNING or ERROR"),
)
