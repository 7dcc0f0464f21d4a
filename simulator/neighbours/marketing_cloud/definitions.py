"""The definitions of a business unit: each kind of text or email that it may send."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import msgspec
from msgspec import Struct, structs

from simulator.neighbours.marketing_cloud.errors import Refused, fault_of
from simulator.neighbours.marketing_cloud.types import (
    DEFINITIONS,
    Channel,
    Definition,
    EmailDefinition,
)
from simulator.neighbours.marketing_cloud.unit_settings import ANY_EMAIL, UnitSettings

#: Two definitions that hold a portal's own words unchanged.
ANY_TEXT_KEY, ANY_EMAIL_KEY = "any-text", "any-email"
DEFINITIONS_MAX = 1000
_STATUSES = {"active": "Active", "inactive": "Inactive"}
_CLASSIFICATIONS = frozenset({"Default Transactional"})


class Held(Struct, frozen=True, kw_only=True):
    """A definition with when it was made and changed."""

    channel: Channel
    definition: Definition
    definition_id: str
    created: str
    modified: str

    @property
    def is_active(self) -> bool:
        """Whether what is sent with it goes at once."""
        return self.definition.status == "Active"

    @property
    def summary(self) -> dict[str, Any]:
        """How a list shows it."""
        return {
            "name": self.definition.name,
            "definitionKey": self.definition.definition_key,
            "status": self.definition.status,
            "createdDate": self.created,
            "modifiedDate": self.modified,
        }

    @property
    def whole(self) -> dict[str, Any]:
        """How it is shown by itself."""
        body = msgspec.to_builtins(self.definition)
        return {
            "requestId": str(uuid4()),
            **self.summary,
            "definitionId": self.definition_id,
            **body,
        }


class Definitions:
    """All definitions, by channel and key; `on_change` is told of each, None for one removed."""

    def __init__(self, now: Callable[[], datetime], settings: UnitSettings) -> None:
        self.on_change: Callable[[str, dict[str, Any] | None], None] = lambda _key, _value: None
        self._now = now
        self.emails = {each.customer_key: each for each in (ANY_EMAIL, *settings.emails)}
        self._held: dict[tuple[Channel, str], Held] = {}
        at = _written(now())
        for channel, body in _FIRST.items():
            self._keep(channel, self._read(channel, body), at, uuid=str(uuid4()))

    def find(self, channel: Channel, key: str) -> Held | None:
        """Find one by its key."""
        return self._held.get((channel, key))

    def get(self, channel: Channel, key: str) -> Held:
        """Give one; raises Refused."""
        found = self.find(channel, key)
        if found is None:
            raise Refused(404, 30003, f"no {channel} definition has the key {key:.100}")
        return found

    def page(self, channel: Channel, page: int, size: int) -> dict[str, Any]:
        """List a page of them; `count` is of this page, as in what Salesforce answers."""
        found = [each.summary for (kind, _), each in self._held.items() if kind == channel]
        shown = found[(page - 1) * size : page * size]
        return {
            "requestId": str(uuid4()),
            "definitions": shown,
            "count": len(shown),
            "page": page,
            "pageSize": size,
        }

    def make(self, channel: Channel, body: Any) -> Held:
        """Make one; raises Refused."""
        definition = self._read(channel, body)
        if self.find(channel, definition.definition_key):
            raise Refused(409, 30004, f"definitionKey {definition.definition_key} is in use")
        if len(self._held) >= DEFINITIONS_MAX:
            raise Refused(400, 30001, f"there are {DEFINITIONS_MAX} definitions already")
        return self._keep(channel, definition, _written(self._now()), uuid=str(uuid4()))

    def change(self, channel: Channel, key: str, body: Any) -> Held:
        """Change what is named in the body; raises Refused."""
        before = self.get(channel, key)
        if not isinstance(body, dict):
            raise Refused(400, 10000, "give an object")
        if body.get("definitionKey", key) != key:
            raise Refused(400, 30001, "a definitionKey cannot be changed")
        whole = _merged(msgspec.to_builtins(before.definition), body)
        definition = self._read(channel, whole)
        at = _written(self._now())
        return self._keep(
            channel, definition, before.created, modified=at, uuid=before.definition_id
        )

    def remove(self, channel: Channel, key: str) -> dict[str, Any]:
        """Remove one; raises Refused."""
        self.get(channel, key)
        del self._held[channel, key]
        self.on_change(f"{channel} {key}", None)
        answer = {"requestId": str(uuid4()), "message": "Success", "deletedDefinitionKey": key}
        return answer | ({"journey": {}} if channel == "email" else {})

    def restore(self, name: str, value: dict[str, Any] | None) -> None:
        """Take one of an earlier run again."""
        channel, _, key = name.partition(" ")
        kind: Channel = "sms" if channel == "sms" else "email"
        if value is None:
            self._held.pop((kind, key), None)
            return
        definition = msgspec.convert(value["definition"], DEFINITIONS[kind])
        self._held[kind, key] = Held(**{**value, "channel": kind, "definition": definition})

    def _keep(
        self,
        channel: Channel,
        definition: Definition,
        created: str,
        *,
        uuid: str,
        modified: str = "",
    ) -> Held:
        held = Held(
            channel=channel,
            definition=definition,
            definition_id=uuid,
            created=created,
            modified=modified or created,
        )
        self._held[channel, definition.definition_key] = held
        self.on_change(f"{channel} {definition.definition_key}", msgspec.to_builtins(held))
        return held

    def _read(self, channel: Channel, body: Any) -> Definition:
        try:
            definition = msgspec.convert(body, DEFINITIONS[channel])
        except msgspec.ValidationError as error:
            code, why = fault_of(error)
            # These codes are of messages: a definition has no code of its own for them.
            code = {109122: 10005, 109107: 10002, 109111: 10003}.get(code, code)
            raise Refused(400, code, why) from None
        status = _STATUSES.get(definition.status.lower())
        if status is None:
            raise Refused(400, 10005, "status is active or inactive")
        if isinstance(definition, EmailDefinition):
            self._check_email(definition)
        return structs.replace(definition, status=status)

    def _check_email(self, definition: EmailDefinition) -> None:
        if definition.classification not in _CLASSIFICATIONS:
            raise Refused(400, 109123, "the classification is not a transactional one")
        if definition.content.customer_key not in self.emails:
            raise Refused(400, 109124, f"no email is {definition.content.customer_key}")


def _merged(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for name, value in given.items():
        old = found.get(name)
        is_part = isinstance(old, dict) and isinstance(value, dict)
        found[name] = _merged(cast("dict[str, Any]", old), value) if is_part else value
    return found


def _written(at: datetime) -> str:
    """Write a time as Salesforce does: whole minutes, and no zone."""
    return at.strftime("%Y-%m-%dT%H:%M:00")


_FIRST: dict[Channel, dict[str, Any]] = {
    "sms": {
        "definitionKey": ANY_TEXT_KEY,
        "name": "Any text",
        "content": {"message": "%%body%%"},
        "subscriptions": {"shortCode": "60777", "countryCode": "GB", "keyword": "FORCE"},
    },
    "email": {
        "definitionKey": ANY_EMAIL_KEY,
        "name": "Any email",
        "content": {"customerKey": ANY_EMAIL.customer_key},
    },
}
