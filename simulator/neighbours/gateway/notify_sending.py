"""Turns a request to send into a message in the inbox, or a refusal in Notify's words.

The checks are in Notify's order: limits, template, personalisation, recipient, length.
Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api
(app/v2/notifications).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import UNSET

from reference.contract.events import Channel
from simulator.neighbours.gateway.inbox import ANSWER_LOST, Inbox, MessageKind
from simulator.neighbours.gateway.notify_answers import EMAIL_SENDER, TEXT_SENDER, sent
from simulator.neighbours.gateway.notify_errors import NotifyError, bad_request, out_of_order
from simulator.neighbours.gateway.notify_limits import NotifyLimits
from simulator.neighbours.gateway.notify_recipients import SMOKE_TEST_RECIPIENTS, Recipient
from simulator.neighbours.gateway.notify_requests import EmailRequest, SendRequest, read_request
from simulator.neighbours.gateway.notify_sanitised import sanitised
from simulator.neighbours.gateway.notify_service import TYPE_NAMES, ApiKey, NotifyService
from simulator.neighbours.gateway.notify_templates import (
    Message,
    MissingPersonalisation,
    Template,
    Templates,
    fill,
)

TEXT_CHARACTERS_MAX = 918
EMAIL_BYTES_MAX = 2_000_000


SETTINGS = "https://www.notifications.service.gov.uk"
TRIAL_MODE = f"{SETTINGS}/trial-mode"


@dataclass(frozen=True)
class Sender:
    """Sends for one service; `own_mobile` reads a mobile that Notify would not take."""

    inbox: Inbox
    service: NotifyService
    limits: NotifyLimits
    templates: Templates
    now: Callable[[], datetime]
    own_mobile: Callable[[str], str] | None = None

    def send(
        self, root: str, key: ApiKey, channel: Channel, body: bytes, *, correlation_id: str = ""
    ) -> dict[str, Any]:
        """Take one request and return its answer; raises NotifyError."""
        asked, recipient = read_request(body, channel, self.own_mobile, now=self.now())
        self._check_permission(channel)
        self.limits.count_request(key.kind)
        self.limits.count_message(key.kind, channel)
        template = template_of(channel, self.templates, asked.template_id)
        message = filled(template, asked.personalisation)
        if not message.body:
            raise bad_request("Your message is empty.")
        self._check_files(asked)
        self._check_sender(channel, asked)
        self._check_allowed(key, recipient)
        _check_reachable(recipient)
        _check_length(channel, message)
        status = self.inbox.refusal_of(recipient.address, message.body)
        if status not in (0, ANSWER_LOST):
            raise out_of_order(status)
        if recipient.address in SMOKE_TEST_RECIPIENTS:
            message_id = self.inbox.unused_id()
        else:
            kept = (key, channel, asked, recipient, template, message)
            message_id = self._keep(*kept, correlation_id=correlation_id)
        if status == ANSWER_LOST:
            self.inbox.lose_answer(message_id)
            raise out_of_order(ANSWER_LOST)
        return sent(
            root,
            self.service.id,
            message_id,
            None if asked.reference is UNSET else asked.reference,
            template,
            message,
            unsubscribe_url=_unsubscribe_url(asked) or None,
            sanitised=_sanitised(asked),
        )

    def _check_permission(self, channel: Channel) -> None:
        is_text = channel == "text"
        if not (self.service.sends_texts if is_text else self.service.sends_emails):
            what = "text messages" if is_text else "emails"
            raise bad_request(f"Service is not allowed to send {what}")

    def _check_files(self, asked: SendRequest) -> None:
        """Refuse a file, as Notify does for a service that has not set up sending files."""
        if any(
            isinstance(each, dict) and "file" in each for each in asked.personalisation.values()
        ):
            raise bad_request(
                "Send files by email has not been set up - add contact details for your service at "
                f"{SETTINGS}/services/{self.service.id}/service-settings/send-files-by-email"
            )

    def _check_sender(self, channel: Channel, asked: SendRequest) -> None:
        known = self.service.senders
        if asked.sender_id and known is not None and asked.sender_id.lower() not in known:
            name = "sms_sender_id" if channel == "text" else "email_reply_to_id"
            raise bad_request(
                f"{name} {asked.sender_id} does not exist in database for service id "
                f"{self.service.id}"
            )

    def _check_allowed(self, key: ApiKey, recipient: Recipient) -> None:
        """Check that a team key, or a service in trial mode, sends to its guest list only."""
        is_limited = key.kind == "team" or (key.kind == "live" and self.service.is_in_trial)
        if not is_limited or recipient.address in SMOKE_TEST_RECIPIENTS | self.service.guest_list:
            return
        if key.kind == "team":
            raise bad_request("Can’t send to this recipient using a team-only API key")
        raise bad_request(
            f"Can’t send to this recipient when service is in trial mode – see {TRIAL_MODE}"
        )

    def _keep(
        self,
        key: ApiKey,
        channel: Channel,
        asked: SendRequest,
        recipient: Recipient,
        template: Template,
        message: Message,
        *,
        correlation_id: str,
    ) -> str:
        kept = self.inbox.accept(
            channel=channel,
            to=recipient.address,
            to_given=asked.to_given,
            subject=message.subject,
            body=message.body,
            sender=TEXT_SENDER if channel == "text" else EMAIL_SENDER,
            reference="" if asked.reference is UNSET else asked.reference,
            template_id=template.id,
            correlation_id=correlation_id,
            key_kind=key.kind,
            unsubscribe_url=_unsubscribe_url(asked),
        )
        return kept.message_id


def template_of(channel: MessageKind, templates: Templates, template_id: str) -> Template:
    """Find the template of a request, of its own channel; raises NotifyError."""
    template = templates.by_id.get(template_id.lower())
    if template is None:
        raise bad_request("Template not found")
    if template.channel != channel:
        has, wants = TYPE_NAMES[template.channel], TYPE_NAMES[channel]
        raise bad_request(f"{has} template is not suitable for {wants} notification")
    if template.is_deleted:
        raise bad_request("Template has been deleted")
    return template


def filled(template: Template, personalisation: dict[str, Any]) -> Message:
    """Fill a template; raises NotifyError."""
    try:
        return fill(template, personalisation)
    except MissingPersonalisation as missing:
        raise bad_request(f"Missing personalisation: {missing}") from None
    except RecursionError:
        # A value nested as deep as the reader allows is too deep to be written again.
        raise bad_request("Invalid JSON supplied in POST data") from None


def _unsubscribe_url(asked: SendRequest) -> str:
    url = asked.one_click_unsubscribe_url if isinstance(asked, EmailRequest) else UNSET
    return "" if url is UNSET else url


def _sanitised(asked: SendRequest) -> dict[str, str]:
    names = asked.sanitise_content_for if isinstance(asked, EmailRequest) else UNSET
    return {} if names is UNSET else sanitised(asked.personalisation, names)


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
