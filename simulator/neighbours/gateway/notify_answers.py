"""The bodies of Notify's answers: a message sent, a notification, a template, a preview.

Keys without a value are null, never left out. Source: GOV.UK Notify's published API
code, github.com/alphagov/notifications-api (app/v2, app/models.py).
"""

import html
from typing import Any

from reference.contract.messages import ReceivedText
from simulator.neighbours.gateway.inbox import Accepted, Inbox, Kept, Letter
from simulator.neighbours.gateway.notify_service import TYPE_NAMES
from simulator.neighbours.gateway.notify_templates import Message, Template, placeholders
from simulator.neighbours.gateway.notify_time import notify_time

TEXT_SENDER = "GOVUK"
EMAIL_SENDER = "victims.portal@notifications.example"
TEMPLATE_VERSION = 1

_TEMPLATE_CREATED_AT = "2026-01-01T00:00:00.000000Z"
_TEMPLATE_CREATED_BY = "portal.team@notifications.example"
_LETTER_KEYS = (*(f"line_{n}" for n in range(1, 7)), "postcode", "postage")


def sent(
    root: str,
    service_id: str,
    message_id: str,
    reference: str | None,
    template: Template,
    message: Message,
    *,
    unsubscribe_url: str | None = None,
    sanitised: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The answer to a POST."""
    answer: dict[str, Any] = {
        "id": message_id,
        "reference": reference,
        "uri": f"{root}/v2/notifications/{message_id}",
        "template": {
            "id": template.id,
            "version": TEMPLATE_VERSION,
            "uri": f"{root}/services/{service_id}/templates/{template.id}",
        },
        "scheduled_for": None,
    }
    if template.channel == "text":
        answer["content"] = {"from_number": TEXT_SENDER, "body": message.body}
    elif template.channel == "letter":
        answer["content"] = {"subject": message.subject, "body": message.body}
    else:
        answer["content"] = {
            "from_email": EMAIL_SENDER,
            "subject": message.subject,
            "body": message.body,
            "one_click_unsubscribe_url": unsubscribe_url,
        }
        answer["sanitised_content"] = sanitised or {}
    return answer


def notification(root: str, inbox: Inbox, message: Kept) -> dict[str, Any]:
    """One notification and its status. The double charges nothing, so cost is never ready."""
    status = inbox.status_of(message.message_id)
    completed_at = inbox.completed_at(message.message_id)
    is_text = message.channel == "text"
    return {
        "id": message.message_id,
        "reference": message.reference or None,
        **_recipient_of(message),
        "type": TYPE_NAMES[message.channel],
        "status": status,
        "template": {
            "id": message.template_id,
            "version": TEMPLATE_VERSION,
            "uri": f"{root}/v2/template/{message.template_id}/version/{TEMPLATE_VERSION}",
        },
        "body": message.body,
        "subject": None if is_text else message.subject,
        "created_at": notify_time(message.accepted_at),
        "created_by_name": None,
        "sent_at": None if status == "created" else notify_time(message.accepted_at),
        "completed_at": completed_at and notify_time(completed_at),
        "scheduled_for": None,
        "one_click_unsubscribe_url": (isinstance(message, Accepted) and message.unsubscribe_url)
        or None,
        "cost_details": {},
        "cost_in_pounds": None,
        "is_cost_data_ready": False,
    }


def _recipient_of(message: Kept) -> dict[str, str | None]:
    """The address of a message, with every key of the other kinds null."""
    keys: dict[str, str | None] = dict.fromkeys(("email_address", "phone_number", *_LETTER_KEYS))
    if isinstance(message, Letter):
        *lines, postcode = message.address or ("",)
        keys.update(zip(_LETTER_KEYS, lines, strict=False))
        keys.update(postcode=postcode or None, postage=message.postage)
    else:
        keys["phone_number" if message.channel == "text" else "email_address"] = message.to_given
    return keys


def received_text(service_id: str, text: ReceivedText) -> dict[str, Any]:
    """One text that a person sent back; a list names its parts differently from a callback."""
    return {
        "id": text.id,
        "user_number": text.source_number,
        "notify_number": text.destination_number,
        "content": text.message,
        "created_at": text.date_received,
        "service_id": service_id,
    }


def template_body(template: Template) -> dict[str, Any]:
    """One template, unfilled."""
    return {
        "id": template.id,
        "type": TYPE_NAMES[template.channel],
        "name": template.name,
        "created_at": _TEMPLATE_CREATED_AT,
        "updated_at": None,
        "created_by": _TEMPLATE_CREATED_BY,
        "version": TEMPLATE_VERSION,
        "body": template.content,
        "subject": None if template.channel == "text" else template.subject,
        "personalisation": {name: {"required": True} for name in placeholders(template)},
        "postage": "second" if template.channel == "letter" else None,
        "letter_contact_block": template.contact_block or None,
    }


def preview(template: Template, message: Message) -> dict[str, Any]:
    """One template, filled; the HTML of an email is plainer than Notify's."""
    is_text = template.channel == "text"
    return {
        "id": template.id,
        "type": TYPE_NAMES[template.channel],
        "version": TEMPLATE_VERSION,
        "body": message.body,
        "html": f"<p>{html.escape(message.body)}</p>" if template.channel == "email" else None,
        "subject": None if is_text else message.subject,
        "postage": "second" if template.channel == "letter" else None,
    }
