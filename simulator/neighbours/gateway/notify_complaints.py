"""The callbacks for an email that was marked as spam, and for a letter that came back.

Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api
(app/celery/service_callback_tasks.py).
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from simulator.neighbours.gateway.inbox import Accepted, Inbox, Letter
from simulator.neighbours.gateway.notify_answers import TEMPLATE_VERSION
from simulator.neighbours.gateway.notify_templates import Templates
from simulator.neighbours.gateway.notify_time import notify_time


def complaint(message: Accepted, at: datetime) -> dict[str, Any]:
    """The body for an email whose reader complained of it to their provider."""
    return {
        "notification_id": message.message_id,
        "complaint_id": str(uuid4()),
        "reference": message.reference or None,
        "to": message.to_given,
        "complaint_date": notify_time(at),
    }


def returned_letter(
    inbox: Inbox, letter: Letter, templates: Templates, at: datetime
) -> dict[str, Any]:
    """The body for a letter that could not be delivered; its status is another from now on."""
    inbox.set_status(letter.message_id, "returned-letter", at)
    template = templates.by_id.get(letter.template_id.lower())
    return {
        "notification_id": letter.message_id,
        "reference": letter.reference or None,
        "date_sent": notify_time(letter.accepted_at),
        "sent_by": None,
        "template_name": template.name if template is not None else letter.subject,
        "template_id": letter.template_id,
        "template_version": TEMPLATE_VERSION,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": None,
    }
