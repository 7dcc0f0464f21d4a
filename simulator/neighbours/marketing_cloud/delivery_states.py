"""What becomes of a message, in the words of Marketing Cloud: its status, and its notifications.

Source: developer.salesforce.com, "Transactional SMS Events", "Transactional Email Events",
getSMSSendStatusForRecipient. The status writes `SMSSent` where a notification writes `SmsSent`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from reference.contract.messages import DeliveryStatus
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.marketing_cloud.notifications import Event
from simulator.neighbours.marketing_cloud.sending import Sender, Sent, sent_of

MID, EID = 7206754, 7206700
#: Times of a status have no zone, and no summer time.
_CENTRAL = timezone(timedelta(hours=-6))
_PREFIX = "TransactionalSendEvents"

#: What a phone or mailbox does, as the events that tell it: name, and what its `info` holds.
_STATES: dict[tuple[str, DeliveryStatus], tuple[tuple[str, dict[str, str]], ...]] = {
    ("sms", "delivered"): (
        ("SmsSent", {}),
        ("SmsTransient", {"statusCode": "3000", "statusMessage": "Enroute"}),
        ("SmsDelivered", {"statusCode": "4000", "statusMessage": "Delivered"}),
    ),
    ("sms", "permanent-failure"): (
        ("SmsSent", {}),
        ("SmsBounced", {"statusCode": "4500", "statusMessage": "Undeliverable"}),
    ),
    ("sms", "temporary-failure"): (
        ("SmsSent", {}),
        ("SmsTransient", {"statusCode": "3001", "statusMessage": "SentToCarrier"}),
        ("SmsBounced", {"statusCode": "4501", "statusMessage": "Expired"}),
    ),
    ("sms", "technical-failure"): (
        ("SmsNotSent", {"statusCode": "47", "reason": "Mobile Address not found"}),
    ),
    ("email", "delivered"): (("EmailSent", {"status": "Sent"}),),
    ("email", "permanent-failure"): (
        ("EmailSent", {"status": "Sent"}),
        ("EmailBounced", {"bounceCode": "HARD", "smtpReason": "5.1.1"}),
    ),
    ("email", "temporary-failure"): (
        ("EmailSent", {"status": "Sent"}),
        ("EmailBounced", {"bounceCode": "SOFT", "smtpReason": "4.2.2"}),
    ),
    ("email", "technical-failure"): (
        ("EmailNotSent", {"statusCode": "15", "reason": "UnspecifiedError"}),
    ),
}


def events_of(
    message: Accepted, definition_id: str, status: DeliveryStatus, at: datetime
) -> Iterator[Event]:
    """Give the events that tell what became of a message."""
    sent = sent_of(message)
    for name, info in _STATES[sent.channel, status]:
        more = {"statusMessage": info["reason"]} if "reason" in info else {}
        if name == "EmailSent":
            more = {"renderedSubject": message.subject}
        if name in {"SmsTransient", "SmsDelivered", "SmsBounced"}:
            more = {"ordinal": "0", "fromAddress": message.sender, "countryCode": "GB"}
        if name == "EmailBounced":
            more = {"bounceMessage": f"smtp; {info['smtpReason']}"}
        known = {"to": sent.to, "subscriberKey": sent.contact_key, "messageKey": sent.message_key}
        yield Event(
            at=at,
            type=f"{_PREFIX}.{name}",
            definition_key=sent.definition_key,
            payload={
                "eventCategoryType": f"{_PREFIX}.{name}",
                "timestampUTC": int(at.timestamp() * 1000),
                "compositeId": sent.message_id,
                "composite": _composite(sent, definition_id),
                "definitionKey": sent.definition_key,
                "definitionId": definition_id,
                "mid": MID,
                "eid": EID,
                "info": {**known, **info, **more},
            },
        )


def status_of(sent: Sent, inbox: Inbox) -> dict[str, Any]:
    """Tell the status of what was sent."""
    return {"requestId": str(uuid4()), **_status(sent, inbox)}


def not_sent(sender: Sender, inbox: Inbox, channel: str, after: int, size: int) -> dict[str, Any]:
    """List what was not sent, the oldest first, after an event by its number."""
    found = []
    for number, sent in sender.numbered():
        status = _status(sent, inbox)
        if sent.channel == channel and number > after and "NotSent" in status["eventCategoryType"]:
            info = status["info"]
            row = {**status, "definitionKey": sent.definition_key, "eventID": number}
            found.append({name: info[name] for name in ("statusCode", "statusMessage")} | row)
    shown = found[:size]
    last = shown[-1]["eventID"] if shown else after
    return {"lastEventID": last, "messages": shown, "count": len(shown)}


def _status(sent: Sent, inbox: Inbox) -> dict[str, Any]:
    word = "SMS" if sent.channel == "sms" else "Email"
    at = sent.at
    state = "Queued"
    info = {"messageKey": sent.message_key, "contactKey": sent.contact_key, "to": sent.to}
    if sent.message_id:
        state = "Sent"
        if inbox.status_of(sent.message_id) == "technical-failure":
            state = "NotSent"
            told = _STATES[sent.channel, "technical-failure"][0][1]
            info |= {"statusCode": told["statusCode"], "statusMessage": told["reason"]}
    return {
        "eventCategoryType": f"{_PREFIX}.{word}{state}",
        "timestamp": at.astimezone(_CENTRAL).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-4],
        "compositeId": sent.message_id,
        "info": info,
    }


def _composite(sent: Sent, definition_id: str) -> dict[str, str]:
    if sent.channel == "sms":
        return {
            "Tsid": f"api.{sent.message_id}",
            "jobId": definition_id,
            "batchId": "1",
            "mobileNumber": sent.to,
            "subscriberId": "0",
        }
    return {
        "jobId": definition_id,
        "batchId": "1",
        "listId": "1",
        "subscriberId": "0",
        "emailId": "1",
    }
