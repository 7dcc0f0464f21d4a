"""A portal's requests to the Notify double to send a message.

A correct request is decoded in one step; any other is read again, to explain what is wrong with
it. Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api
(app/v2/notifications).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from reference.contract.events import Channel
from simulator.neighbours.gateway.notify_errors import NotifyError, bad_request, validation_error
from simulator.neighbours.gateway.notify_recipients import (
    EMAIL_CHARACTERS_MAX,
    InvalidRecipient,
    Recipient,
    mailbox,
    phone,
)
from simulator.neighbours.gateway.notify_schema import (
    HTTPS_PATTERN,
    RECIPIENT_PROPERTIES,
    REFERENCE_CHARACTERS_MAX,
    UUID_PATTERN,
    faults,
    not_of_type,
    personalisation_fault,
    schedule_fault,
)

Uuid: TypeAlias = Annotated[str, Meta(pattern=UUID_PATTERN)]
OwnReference: TypeAlias = Annotated[str, Meta(max_length=REFERENCE_CHARACTERS_MAX)]
HttpsUrl: TypeAlias = Annotated[str, Meta(pattern=HTTPS_PATTERN)]


class TextRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /v2/notifications/sms. Notify checks a time to send at, and sends at once."""

    phone_number: str
    template_id: Uuid
    personalisation: dict[str, Any] = field(default_factory=dict)
    reference: OwnReference | UnsetType = UNSET
    sms_sender_id: Uuid | UnsetType = UNSET
    scheduled_for: str | None = None

    @property
    def to_given(self) -> str:
        """The recipient, as the portal wrote it."""
        return self.phone_number

    @property
    def sender_id(self) -> str:
        """The sender that the portal asked for, "" if any."""
        return "" if self.sms_sender_id is UNSET else self.sms_sender_id

    def recipient(self) -> Recipient:
        """The recipient; raises InvalidRecipient."""
        return phone(self.phone_number)


class EmailRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /v2/notifications/email. Notify checks a time to send at, and sends at once."""

    email_address: str
    template_id: Uuid
    personalisation: dict[str, Any] = field(default_factory=dict)
    reference: OwnReference | UnsetType = UNSET
    email_reply_to_id: Uuid | UnsetType = UNSET
    one_click_unsubscribe_url: HttpsUrl | UnsetType = UNSET
    sanitise_content_for: list[str] | UnsetType = UNSET
    scheduled_for: str | None = None

    @property
    def to_given(self) -> str:
        """The recipient, as the portal wrote it."""
        return self.email_address

    @property
    def sender_id(self) -> str:
        """The reply-to address that the portal asked for, "" if any."""
        return "" if self.email_reply_to_id is UNSET else self.email_reply_to_id

    def recipient(self) -> Recipient:
        """The recipient; raises InvalidRecipient."""
        return mailbox(self.email_address)


SendRequest: TypeAlias = TextRequest | EmailRequest

_DECODERS: dict[Channel, msgspec.json.Decoder[Any]] = {
    "text": msgspec.json.Decoder(TextRequest),
    "email": msgspec.json.Decoder(EmailRequest),
}


class _NotAsAgreed(Exception):
    """A request that can be read, and is wrong all the same."""


def read_request(
    body: bytes,
    channel: Channel,
    own_mobile: Callable[[str], str] | None = None,
    *,
    now: datetime,
) -> tuple[SendRequest, Recipient]:
    """Read and check a request; raises NotifyError with everything that is wrong with it.

    `own_mobile` reads a mobile that this run takes and Notify would not ("" for any other).
    """
    try:
        request: SendRequest = _DECODERS[channel].decode(body)
        _check_schedule(request, now)
        if own_mobile is not None and (own := own_mobile(request.to_given)):
            return request, Recipient(own, "mobile")
        return request, request.recipient()
    except RecursionError:
        raise _not_json() from None
    except (msgspec.DecodeError, InvalidRecipient, _NotAsAgreed):
        raise validation_error(faults(decoded(body) or {}, channel, now=now)) from None


def _check_schedule(request: SendRequest, now: datetime) -> None:
    if request.scheduled_for is not None and schedule_fault(request.scheduled_for, now):
        raise _NotAsAgreed


def read_personalisation(body: bytes) -> dict[str, Any]:
    """Read the values for a preview; an empty body has none. Raises NotifyError."""
    raw = decoded(body) if body else {}
    if not isinstance(raw, dict):
        raise validation_error([not_of_type(raw, "object")])
    personalisation: dict[str, Any] = raw.get("personalisation", {})
    if fault := personalisation_fault(personalisation):
        raise validation_error([f"personalisation {fault}"])
    return personalisation


def given_recipient(body: bytes, channel: Channel) -> str:
    """Return the recipient of a refused request, as it was written; "" if unknown."""
    try:
        raw = decoded(body)
    except NotifyError:
        return ""
    given = raw.get(RECIPIENT_PROPERTIES[channel]) if isinstance(raw, dict) else None
    return given[:EMAIL_CHARACTERS_MAX] if isinstance(given, str) else ""


def decoded(body: bytes) -> Any:
    """Read a body as JSON; raises NotifyError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise _not_json() from None


def _not_json() -> NotifyError:
    return bad_request("Invalid JSON supplied in POST data")
