"""The Notify service of a team, as a file: keys, templates, guest list, senders and limits.

So every answer that Notify documents can be met: a key that was revoked, a service in trial mode or
archived, a template that was deleted, a recipient who is not on the guest list, a small limit.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from uuid import uuid4

from msgspec import Meta

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, Template, Templates
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.neighbours.gateway.notify_schema import UUID_PATTERN, is_uuid
from simulator.neighbours.gateway.notify_service import (
    DOCUMENTED_LIMITS,
    TRIAL_MESSAGES_A_DAY_MAX,
    ApiKey,
    KeyKind,
    Limits,
    NotifyService,
    parts_of_key,
)

Uuid: TypeAlias = Annotated[str, Meta(pattern=UUID_PATTERN)]
Count: TypeAlias = Annotated[int, Meta(ge=0)]
_LIVE = "PORTAL_GATEWAY_KEY"


class KeyEntry(Strict, frozen=True, kw_only=True):
    """A key of the service, which is in the environment, or is made up and shown."""

    kind: KeyKind
    variable: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{0,60}$")]
    is_revoked: bool = False


class TemplateEntry(Strict, frozen=True, kw_only=True):
    """A template of the service."""

    id: Uuid
    channel: Literal["text", "email", "letter"]
    name: str
    content: str
    subject: str = ""
    contact_block: str = ""
    is_deleted: bool = False


class LimitEntry(Strict, frozen=True, kw_only=True):
    """How much the service may send; 0 is no limit."""

    requests_a_minute_max: Count = DOCUMENTED_LIMITS.requests_a_minute_max
    texts_a_day_max: Count = DOCUMENTED_LIMITS.texts_a_day_max
    emails_a_day_max: Count = DOCUMENTED_LIMITS.emails_a_day_max
    letters_a_day_max: Count = DOCUMENTED_LIMITS.letters_a_day_max


class ServiceFile(Strict, frozen=True, kw_only=True):
    """The file. `live_key` is that of PORTAL_GATEWAY_KEY; `senders` left out takes any."""

    live_key: Literal["valid", "revoked", "none"] = "valid"
    is_in_trial: bool = False
    is_archived: bool = False
    sends_texts: bool = True
    sends_emails: bool = True
    sends_letters: bool = True
    senders: tuple[Uuid, ...] | None = None
    guest_list: tuple[str, ...] = ()
    limits: LimitEntry | None = None
    keys: tuple[KeyEntry, ...] = ()
    templates: tuple[TemplateEntry, ...] = ()


def read_service(
    path: Path, live_key: str, *, has_limits: bool
) -> tuple[NotifyService, Templates, dict[str, str]]:
    """Read the service of a file, its templates, and the keys that were made up for it.

    Raises BadInput naming file, field and value.
    """
    found = checked_toml.read(path, ServiceFile)
    service_id, secret = parts_of_key(live_key)
    keys, made_up = _keys(path, found, service_id)
    if found.live_key != "none":
        keys.insert(0, ApiKey(secret=secret, is_revoked=found.live_key == "revoked"))
    service = NotifyService(
        id=service_id,
        keys=tuple(keys),
        senders=None if found.senders is None else frozenset(map(str.lower, found.senders)),
        guest_list=frozenset(_recipient(path, each) for each in found.guest_list),
        is_in_trial=found.is_in_trial,
        is_archived=found.is_archived,
        sends_texts=found.sends_texts,
        sends_emails=found.sends_emails,
        sends_letters=found.sends_letters,
        limits=_limits(found, has_limits=has_limits),
    )
    own = (
        Template(**{name: getattr(each, name) for name in each.__struct_fields__})
        for each in found.templates
    )
    return service, Templates.of(*DEFAULT_TEMPLATES.by_id.values(), *own), made_up


def _keys(path: Path, found: ServiceFile, service_id: str) -> tuple[list[ApiKey], dict[str, str]]:
    keys, made_up = [], {}
    for number, each in enumerate(found.keys):
        given = os.environ.get(each.variable, "")
        if not given:
            given = made_up[each.variable] = f"{each.kind}-{service_id}-{uuid4()}"
        its_service, secret = parts_of_key(given)
        if each.variable == _LIVE or its_service != service_id or not is_uuid(secret):
            raise BadInput(
                f"{path}: keys[{number}].variable: {each.variable} holds no other key of the "
                f"service {service_id}; give name-{service_id}-UUID, or leave it out"
            )
        keys.append(ApiKey(secret=secret, kind=each.kind, is_revoked=each.is_revoked))
    return keys, made_up


def _limits(found: ServiceFile, *, has_limits: bool) -> Limits:
    if found.limits is not None:
        given = found.limits
        return Limits(**{name: getattr(given, name) for name in given.__struct_fields__})
    if found.is_in_trial:
        a_day = TRIAL_MESSAGES_A_DAY_MAX
        return Limits(
            requests_a_minute_max=DOCUMENTED_LIMITS.requests_a_minute_max,
            texts_a_day_max=a_day,
            emails_a_day_max=a_day,
        )
    return DOCUMENTED_LIMITS if has_limits else Limits()


def _recipient(path: Path, given: str) -> str:
    try:
        return (mailbox if "@" in given else phone)(given).address
    except InvalidRecipient as wrong:
        raise BadInput(
            f"{path}: guest_list: {given!r:.60}: {wrong}; give a mobile or a mailbox"
        ) from None
