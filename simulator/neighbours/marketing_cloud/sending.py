"""Turns a request to send into messages in the inbox, each once by its messageKey.

A key cannot be used again for two days, and its status can be asked for three. What is sent with
an inactive definition waits until that is active, three days at most. Source:
developer.salesforce.com, references of transactional messaging.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import UNSET, Struct

from reference.contract.events import Channel as InboxChannel
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.neighbours.marketing_cloud.definitions import Definitions, Held
from simulator.neighbours.marketing_cloud.errors import Refused, body_of, fault_of, message_of
from simulator.neighbours.marketing_cloud.types import (
    KEY_CHARACTERS_MAX,
    RECIPIENTS_MAX,
    Channel,
    EmailDefinition,
    Recipient,
    SendMany,
    SendOne,
    SmsDefinition,
)

UNIQUE_DAYS, STATUS_DAYS = 2, 3
EMAIL_SENDER = "victims.portal@marketing-cloud.example"
#: A message about an event of the force carries its id in the attribute of this name.
REFERENCE = "reference"
_INBOX_CHANNELS: dict[Channel, InboxChannel] = {"sms": "text", "email": "email"}
_CHANNELS: dict[InboxChannel, Channel] = {"text": "sms", "email": "email"}
_DAY = timedelta(days=1)

_PLACEHOLDER = re.compile(r"%%([^%\[\]=]+)%%")
_AMPSCRIPT = re.compile(r"%%\[.*?\]%%|%%=.*?=%%", re.DOTALL)

_one, _many = msgspec.json.Decoder(SendOne), msgspec.json.Decoder(SendMany)
_recipient = msgspec.json.Decoder(Recipient)


# Of plain values only, so that a million of them cost the garbage collector nothing.
class Sent(Struct, frozen=True, kw_only=True, gc=False):
    """One message that was taken; `message_id` is "" while its definition is inactive."""

    message_key: str
    channel: Channel
    definition_key: str
    contact_key: str
    to: str
    at: datetime
    message_id: str


class _Waiting(Struct, frozen=True, kw_only=True):
    """What waits for its definition, and how to send it."""

    sent: Sent
    send: Callable[[Held], Sent]


class Sender:
    """Sends for one business unit."""

    def __init__(self, inbox: Inbox, definitions: Definitions, *, none_valid_status: int) -> None:
        self._inbox = inbox
        self._definitions = definitions
        self._none_valid_status = none_valid_status
        self._by_key: dict[str, Sent] = {}
        self._forgotten = 0
        self._in_order: deque[Sent] = deque()
        self._contacts: set[str] = set()
        self._waiting: list[_Waiting] = []
        for message in reversed(list(inbox.newest_first())):
            if isinstance(message, Accepted) and message.message_key:
                self._know(sent_of(message))

    def send_one(
        self, channel: Channel, key: str, body: bytes, *, correlation_id: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Send to one recipient; return status and answer. Raises Refused."""
        request = _read(_one, body)
        self._check_key(key)
        return self._send(channel, request, [(key, request.recipient)], correlation_id)

    def send_many(
        self, channel: Channel, body: bytes, *, correlation_id: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Send to several recipients, each of which may have its key; raises Refused."""
        request = _read(_many, body)
        if not request.recipients:
            raise Refused(400, 109102, "give recipients")
        if len(request.recipients) > RECIPIENTS_MAX:
            raise Refused(400, 109101, f"at most {RECIPIENTS_MAX:,} recipients")
        recipients = [("", each) for each in request.recipients]
        return self._send(channel, request, recipients, correlation_id)

    def sent(self, key: str) -> Sent | None:
        """Find what was sent with a key in the last three days."""
        self._forget()
        return self._by_key.get(key)

    def numbered(self) -> Iterator[tuple[int, Sent]]:
        """Give all that was sent in the last three days, the oldest first, each with its number."""
        self._forget()
        return enumerate(self._in_order, start=self._forgotten + 1)

    def release(self, held: Held) -> None:
        """Send what waited for a definition, unless it waited too long."""
        kind = (held.channel, held.definition.definition_key)
        due = [
            each for each in self._waiting if (each.sent.channel, each.sent.definition_key) == kind
        ]
        self._waiting = [each for each in self._waiting if each not in due]
        oldest = self._inbox.now() - STATUS_DAYS * _DAY
        for each in due:
            if each.sent.at >= oldest:
                self._know(each.send(held))

    def _send(
        self,
        channel: Channel,
        request: SendOne | SendMany,
        recipients: Iterable[tuple[str, msgspec.Raw]],
        correlation_id: str,
    ) -> tuple[int, dict[str, Any]]:
        held = self._definitions.find(channel, request.definition_key)
        if held is None:
            raise Refused(400, 109111, f"no {channel} definition {request.definition_key:.100}")
        if request.subscriptions.resubscribe and request.subscriptions.keyword is UNSET:
            raise Refused(400, 109116, "name the keyword")
        self._forget()
        responses = [
            self._take(channel, held, request, key, raw, correlation_id) for key, raw in recipients
        ]
        failed = sum("errorcode" in each for each in responses)
        if not failed:
            answer = {"requestId": str(uuid4()), "errorcode": 0, "responses": responses}
            return 202, answer
        count = len(responses)
        if failed == count:
            why, code = "none of the recipients is valid", 109103
            status = self._none_valid_status
        else:
            why, code = f"{failed} subscribers failed to queue out of {count}", 109001
            status = 202
        return status, {**body_of(code, message_of(code, why)), "responses": responses}

    def _take(
        self,
        channel: Channel,
        held: Held,
        request: SendOne | SendMany,
        key: str,
        raw: msgspec.Raw,
        correlation_id: str,
    ) -> dict[str, Any]:
        """Take one recipient; return its part of the answer."""
        try:
            recipient = _recipient.decode(raw)
            key = _key_of(recipient, key)
            self._check_new(key)
            self._check_contact(held, recipient)
            address = _address(channel, recipient.to)
        except msgspec.ValidationError as error:
            code, why = fault_of(error, of_recipient=True)
            return self._failed(channel, key, raw, Refused(400, code, why))
        except Refused as refused:
            return self._failed(channel, key, raw, refused)
        taken = Sent(
            message_key=key,
            channel=channel,
            definition_key=request.definition_key,
            contact_key=recipient.contact_key,
            to=recipient.to,
            at=self._inbox.now(),
            message_id="",
        )

        def send(now_held: Held) -> Sent:
            return self._keep(now_held, request, recipient, address, taken, correlation_id)

        if held.is_active:
            self._know(send(held))
        else:
            self._know(taken)
            self._waiting.append(_Waiting(sent=taken, send=send))
        return {"messageKey": key}

    def _failed(
        self, channel: Channel, key: str, raw: msgspec.Raw, refused: Refused
    ) -> dict[str, Any]:
        """Note a refusal, and say it; what was sent already was not refused."""
        if refused.code != 109110:
            given = msgspec.json.decode(raw)
            to = given.get("to") if isinstance(given, dict) else None
            self._inbox.refuse(
                channel=_INBOX_CHANNELS[channel],
                to=to[:320] if isinstance(to, str) else "",
                status=400,
                reason=refused.message,
            )
        return {"messageKey": key, "errorcode": refused.code, "message": refused.message}

    def _keep(
        self,
        held: Held,
        request: SendOne | SendMany,
        recipient: Recipient,
        address: str,
        taken: Sent,
        correlation_id: str,
    ) -> Sent:
        values = {**request.attributes, **recipient.attributes}
        subject, words, sender = self._template(held.definition)
        if request.content is not UNSET:
            words = request.content.message
        filled = {name.lower(): value for name, value in values.items()}
        message = self._inbox.accept(
            channel=_INBOX_CHANNELS[taken.channel],
            to=address,
            to_given=recipient.to,
            subject=_filled(subject, filled),
            body=_filled(words, filled).strip(),
            sender=sender,
            reference=str(values.get(REFERENCE, taken.message_key)),
            template_id=taken.definition_key,
            correlation_id=correlation_id,
            message_key=taken.message_key,
            contact_key=recipient.contact_key,
        )
        return sent_of(message)

    def _template(self, definition: SmsDefinition | EmailDefinition) -> tuple[str, str, str]:
        """Give subject, words and sender of a definition."""
        if isinstance(definition, SmsDefinition):
            return "", definition.content.message, definition.subscriptions.short_code
        email = self._definitions.emails[definition.content.customer_key]
        return email.subject, email.body, EMAIL_SENDER

    def _check_key(self, key: str) -> None:
        if len(key) > KEY_CHARACTERS_MAX:
            raise Refused(400, 109108, f"at most {KEY_CHARACTERS_MAX} characters")

    def _check_new(self, key: str) -> None:
        earlier = self._by_key.get(key)
        if earlier is not None and self._inbox.now() - earlier.at < UNIQUE_DAYS * _DAY:
            raise Refused(400, 109110, f"messageKey reused within the past {UNIQUE_DAYS} days")

    def _check_contact(self, held: Held, recipient: Recipient) -> None:
        if held.definition.subscriptions.auto_add_subscriber:
            self._contacts.add(recipient.contact_key)
        elif recipient.contact_key not in self._contacts:
            raise Refused(400, 109109, "no contact has this contactKey, and none is to be added")

    def _know(self, sent: Sent) -> None:
        self._by_key[sent.message_key] = sent
        self._contacts.add(sent.contact_key)
        self._in_order.append(sent)

    def _forget(self) -> None:
        """Forget keys that are too old to be asked for."""
        oldest = self._inbox.now() - STATUS_DAYS * _DAY
        while self._in_order and self._in_order[0].at < oldest:
            old = self._in_order.popleft()
            self._forgotten += 1
            if self._by_key.get(old.message_key) is old:
                del self._by_key[old.message_key]


def sent_of(message: Accepted) -> Sent:
    """Give what was sent, by the message in the inbox."""
    return Sent(
        message_key=message.message_key,
        channel=_CHANNELS[message.channel],
        definition_key=message.template_id,
        contact_key=message.contact_key,
        to=message.to_given,
        at=message.accepted_at,
        message_id=message.message_id,
    )


def _read(decoder: Any, body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refused(400, *fault_of(error)) from None
    except (msgspec.DecodeError, RecursionError):
        raise Refused(400, 10000, "the body is not JSON") from None


def _key_of(recipient: Recipient, key: str) -> str:
    """Give the key of a message: that of the address, or of the recipient, or a new one."""
    if recipient.message_key is UNSET:
        return key or str(uuid4())
    if key:
        raise Refused(400, 109122, "messageKey stands in the address")
    return recipient.message_key


def _address(channel: Channel, to: str) -> str:
    """Read where a message goes; raises Refused."""
    try:
        found = phone(to) if channel == "sms" else mailbox(to)
    except InvalidRecipient as error:
        raise Refused(400, 109121, str(error)) from None
    if found.kind == "landline":
        raise Refused(400, 109121, "not a mobile number")
    return found.address


def _filled(words: str, values: dict[str, Any]) -> str:
    """Fill a template; a name without a value leaves nothing, and AMPscript is not run."""
    if "%%" not in words:
        return words
    plain = _AMPSCRIPT.sub("", words)
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1].lower(), "")), plain)
