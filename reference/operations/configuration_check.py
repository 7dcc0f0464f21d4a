"""Checks everything an operator gave the service before it starts, and lists every mistake."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from reference.catalogue_check.check import check_catalogue
from reference.operations.database import check_database
from reference.operations.environment import (
    VARIABLES,
    read_secrets,
    read_settings_file,
    short_secrets,
)
from reference.operations.logs import check_level
from reference.portal.settings import Settings
from reference.portal.words import advice

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GATEWAY_KEY = re.compile(f".+-{_UUID}-{_UUID}", re.IGNORECASE)


class Finding(NamedTuple):
    """One line: "ok", "note" (it works, but look) or "problem"."""

    kind: str
    text: str


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Check everything; no text shows a secret."""
    settings = None
    try:
        settings = read_settings_file(environ)
    except ValueError as error:
        yield Finding("problem", str(error))
    if settings is not None:
        yield from _settings(settings, environ)
    yield from _secrets(settings, environ)
    for what, load in (("catalogue", check_catalogue), ("advice", advice.load_advice)):
        yield _tried(what, load)
    yield _tried("PORTAL_LOG_LEVEL", lambda: check_level(environ.get("PORTAL_LOG_LEVEL", "")))
    known = {each.name for each in VARIABLES}
    for name in sorted(environ.keys() - known):
        if name.startswith("PORTAL_"):
            yield Finding("note", f"{name} is set, and the portal does not know it")


def _settings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    forces = ", ".join(force.name for force in settings.forces.values())
    yield Finding("ok", f"settings: {environ['PORTAL_SETTINGS']}, for {forces}")
    for field in ("public_url", "gateway_url", "crime_system_url"):
        url = getattr(settings, field)
        is_open = url.startswith("http:")
        yield Finding("note" if is_open else "ok", f"{field}: {url}" + _OPEN * is_open)
    if settings.test_clock_start is not None:
        yield Finding("note", "test_clock_start is set: the time is a tester's, and no victim's")
    url = environ.get("PORTAL_DATABASE_URL", "")
    found = _tried("database", lambda: check_database(settings.database, url))
    is_for_a_trial = settings.database == ":memory:" and not url
    yield found._replace(kind="note") if is_for_a_trial else found
    pages = {page.slug for page in advice.load_advice().pages()}
    for subgroup, slug in settings.advice_for.items():
        if slug not in pages:
            known = ", ".join(sorted(pages))
            text = f"advice_for.{subgroup} is {slug!r}; give one of {known}"
            yield Finding("problem", text)


_OPEN = ", where anybody on the way can read and change what is sent; give https://"


def _secrets(settings: Settings | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    found = (*_missing(settings, environ), *_unfit(environ), *short_secrets(environ))
    faults = list(dict.fromkeys(found))  # what keeps it from starting is the first of them
    for fault in faults:
        yield Finding("problem", fault)
    if not faults:
        yield Finding("ok", "secrets: all that are needed are set, and look as they should")
    if not environ.get("PORTAL_METRICS_TOKEN"):
        yield Finding("note", "PORTAL_METRICS_TOKEN is not set: there is no /metrics to watch")


def _missing(settings: Settings | None, environ: Mapping[str, str]) -> Iterator[str]:
    try:
        read_secrets(environ, settings)
    except ValueError as error:
        yield str(error)


def _unfit(environ: Mapping[str, str]) -> Iterator[str]:
    for each in VARIABLES:
        value = environ.get(each.name, "")
        if not each.is_secret or not value or each.name == "PORTAL_DATABASE_URL":
            continue
        if not re.fullmatch(r"[!-~]+", value):
            yield f"{each.name} has a space, a line end or an odd letter in it; give plain letters"
    if (key := environ.get("PORTAL_EVENTS_SECRET")) and not _is_webhook_key(key):
        yield "PORTAL_EVENTS_SECRET is not base64 after whsec_; give the key as it was agreed"
    if (key := environ.get("PORTAL_GATEWAY_KEY")) and not _GATEWAY_KEY.fullmatch(key):
        yield "PORTAL_GATEWAY_KEY is not a name and two UUIDs; copy the whole key from Notify"


def _is_webhook_key(key: str) -> bool:
    try:
        return bool(base64.b64decode(key.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        return False


def _tried(what: str, look: Callable[[], object]) -> Finding:
    try:
        found = look()
    except (ValueError, OSError) as error:
        return Finding("problem", str(error))
    return Finding("ok", f"{what}: {found}" if isinstance(found, str) else what)
