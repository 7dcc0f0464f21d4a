"""What Marketing Cloud tells of messages goes onto the task of each, by its messageKey.

Its Event Notification Service signs every batch, and brings it at least once and in no order. So a
state only goes forward, and what comes twice changes nothing. Source: developer.salesforce.com,
"Notification Signing", "Supported Events".
"""

import base64
import hmac
from collections.abc import Callable

import msgspec
from msgspec import Struct, field

from simulator.integration.map_file import MessagesRule
from simulator.integration.org_delivery import TRANSIENT
from simulator.integration.pushed_changes import NotGenuine
from simulator.integration.salesforce_system import NotWritten, SalesforceSystem
from simulator.integration.source import SourceUnreachable
from simulator.integration.written_rows import Written

MESSAGES_PATH = "/sent-messages"
SIGNATURE_HEADER = "x-sfmc-ens-signature"
_KNOWN = "SELECT {0}, {1} FROM {2} WHERE {0} IN ({3})"
_KEY_CHARACTERS_MAX, _KEYS_OF_A_QUERY = 100, 24
#: How far a message has come; what is last of these stays.
_ORDER = ("Queued", "Sent", "Transient", "Delivered", "Bounced", "NotSent")
_LAST = _ORDER.index("Delivered")


class Handshake(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a new callback gets, unsigned; with it somebody verifies the callback."""

    callback_id: str
    verification_key: str


class _Info(Struct, frozen=True, kw_only=True, rename="camel"):
    message_key: str = ""


class Notification(Struct, frozen=True, kw_only=True):
    """One event; some of Salesforce's examples write its `info` with a capital."""

    type: str = field(name="eventCategoryType")
    info: _Info = _Info()
    capital: _Info = field(name="Info", default=_Info())


class SentMessages:
    """Takes what Marketing Cloud posts; without a `key` it answers handshakes alone."""

    def __init__(
        self, rule: MessagesRule, system: SalesforceSystem, key: str, say: Callable[[str], None]
    ) -> None:
        self._rule, self._system, self._key, self._say = rule, system, key.encode(), say

    def take(self, body: bytes, signature: str, *, correlation_id: str) -> None:
        """Take one post; raises NotGenuine, SourceUnreachable, and DecodeError."""
        if not signature:
            told = msgspec.json.decode(body, type=list[Notification] | Handshake)
            if not isinstance(told, Handshake):
                raise NotGenuine("the signature")
            self._say(f"callback: verify it by POST platform/v1/ens-verify: {body.decode()[:300]}")
            return
        signed = base64.b64encode(hmac.digest(self._key, body, "sha256"))
        if not self._key or not hmac.compare_digest(signature.encode(), signed):
            raise NotGenuine("the signature")
        self._write(msgspec.json.decode(body, type=list[Notification]), correlation_id)

    def _write(self, told: list[Notification], correlation_id: str) -> None:
        states: dict[str, str] = {}
        for each in told:
            key = each.info.message_key or each.capital.message_key
            state = each.type.rpartition(".")[2]
            if 0 < len(key) <= _KEY_CHARACTERS_MAX and _rank(state) > _rank(states.get(key, "")):
                states[key] = state
        known = self._known(list(states))
        table, key_field, state_field = self._rule.table, self._rule.key, self._rule.state
        rows = [
            Written(
                name=f"m{number}", table=table, key=key_field, value=key, row={state_field: state}
            )
            for number, (key, state) in enumerate(states.items())
            if _rank(state) > _rank(known.get(key, ""))
        ]
        try:
            if rows:
                self._system.write(rows, correlation_id=correlation_id)
        except NotWritten as refused:
            if refused.code in TRANSIENT:
                raise SourceUnreachable(str(refused)) from None
            self._say(f"what became of {len(rows)} messages was not written: {refused}")

    def _known(self, keys: list[str]) -> dict[str, str]:
        key_field, state_field = self._rule.key, self._rule.state
        found: dict[str, str] = {}
        for begin in range(0, len(keys), _KEYS_OF_A_QUERY):
            some = keys[begin : begin + _KEYS_OF_A_QUERY]
            listed = ", ".join(f"'{each.translate(_ESCAPED)}'" for each in some)
            soql = _KNOWN.format(key_field, state_field, self._rule.table, listed)
            for row in self._system.query(soql):
                found[row[key_field]] = row[state_field] or ""
        return found


_ESCAPED = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"})


def _rank(state: str) -> int:
    """Say how far a state is; -1 for none that is known. Where it ends, one end is as far."""
    name = state.removeprefix("Email").removeprefix("Sms")
    return min(_ORDER.index(name), _LAST) if name in _ORDER else -1
