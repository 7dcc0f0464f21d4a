"""Turns a request to send into a message in the inbox, or a refusal in Notify's words.

The checks are in Notify's order: template, personalisation, recipient, length. Source: GOV.UK
Notify's published API code, github.com/alphagov/notifications-api (app/v2/notifications).
"""

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from reference.contract.events import Channel
from simulator.neighbours.gateway.inbox import NOTIFICATION_TYPES, Inbox
from simulator.neighbours.gateway.notify_answers import EMAIL_SENDER, TEXT_SENDER, sent
from simulator.neighbours.gateway.notify_errors import NotifyError, bad_request
from simulator.neighbours.gateway.notify_recipients import SMOKE_TEST_RECIPIENTS, Recipient
from simulator.neighbours.gateway.notify_requests import SendRequest, read_request
from simulator.neighbours.gateway.notify_templates import (
    Message,
    MissingPersonalisation,
    Template,
    Templates,
    fill,
)

TEXT_CHARACTERS_MAX = 918
EMAIL_BYTES_MAX = 2_000_000


@dataclass(frozen=True)
class Sender:
    """Sends for one service."""

    inbox: Inbox
    service_id: str
    templates: Templates

    def send(
        self, root: str, channel: Channel, body: bytes, *, correlation_id: str = ""
    ) -> dict[str, Any]:
        """Take one request and return its answer; raises NotifyError."""
        asked, recipient = read_request(body, channel)
        template = self.templates.by_id.get(asked.template_id.lower())
        if template is None:
            raise bad_request("Template not found")
        _check_type(channel, template)
        message = filled(template, asked.personalisation)
        if not message.body:
            raise bad_request("Your message is empty.")
        _check_reachable(recipient)
        _check_length(channel, message)
        if recipient.address in SMOKE_TEST_RECIPIENTS:
            message_id = self.inbox.unused_id()
        else:
            kept = (channel, asked, recipient, template, message)
            message_id = self._keep(*kept, correlation_id=correlation_id)
        reference = None if asked.reference is UNSET else asked.reference
        return sent(root, self.service_id, message_id, reference, template, message)

    def _keep(
        self,
        channel: Channel,
        asked: SendRequest,
        recipient: Recipient,
        template: Template,
        message: Message,
        *,
        correlation_id: str,
    ) -> str:
        return self.inbox.accept(
            channel=channel,
            to=recipient.address,
            to_given=asked.to_given,
            subject=message.subject,
            body=message.body,
            sender=TEXT_SENDER if channel == "text" else EMAIL_SENDER,
            reference="" if asked.reference is UNSET else asked.reference,
            template_id=template.id,
            correlation_id=correlation_id,
        ).message_id


def filled(template: Template, personalisation: dict[str, Any]) -> Message:
    """Fill a template; raises NotifyError."""
    try:
        return fill(template, personalisation)
    except MissingPersonalisation as missing:
        raise bad_request(f"Missing personalisation: {missing}") from None
    except RecursionError:
        # A value nested as deep as the reader allows is too deep to be written again.
        raise bad_request("Invalid JSON supplied in POST data") from None


def _check_type(channel: Channel, template: Template) -> None:
    if template.channel != channel:
        has, wants = NOTIFICATION_TYPES[template.channel], NOTIFICATION_TYPES[channel]
        raise bad_request(f"{has} template is not suitable for {wants} notification")


def _check_reachable(recipient: Recipient) -> None:
    if recipient.kind == "international":
        raise bad_request("Cannot send to international mobile numbers")
    if recipient.kind == "landline":
        raise NotifyError(400, [("InvalidPhoneError", "Not a UK mobile number")])


def _check_length(channel: Channel, message: Message) -> None:
    if channel == "text":
        characters = len(message.body)
        if characters > TEXT_CHARACTERS_MAX:
            raise bad_request(
                "Your message is too long. Text messages cannot be longer than "
                f"{TEXT_CHARACTERS_MAX} characters. Your message is {characters} characters long."
            )
        return
    size = len(message.body.encode())
    if size > EMAIL_BYTES_MAX:
        raise bad_request(
            f"Your message is too long. Emails cannot be longer than {EMAIL_BYTES_MAX} bytes. "
            f"Your message is {size} bytes."
        )
