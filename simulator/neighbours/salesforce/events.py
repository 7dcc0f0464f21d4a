"""What is told by events: platform events that are published, and changes of records.

Kept for 72 hours and numbered, not one after the other: nobody may reckon a replay id. Sources:
Platform Events and Change Data Capture Developer Guides, developer.salesforce.com.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from msgspec import Struct

from simulator.neighbours.salesforce.objects import CAPTURED, OBJECTS, SObject
from simulator.neighbours.salesforce.record_ids import made_id
from simulator.neighbours.salesforce.records import INTEGRATION_USER, PORTAL_USER, Change, Records
from simulator.neighbours.salesforce.values import read_values

RETENTION = timedelta(hours=72)
ALL_CHANGES = "/data/ChangeEvents"
NEW_ONLY, ALL_KEPT = -1, -2
_STAMPS = frozenset({"LastModifiedDate", "SystemModstamp"})
_TOLD_ALWAYS = ("LastModifiedDate",)
_FIRST_REPLAY_ID = 1_000
#: The steps between replay ids: a client that adds one misses events.
_STEPS = (1, 3, 26, 2)


class Event(Struct, frozen=True, kw_only=True):
    """One event, as it is delivered on its channel."""

    replay_id: int
    channel: str
    at: datetime
    data: Mapping[str, Any]


class Events:
    """All events that are kept; `on_event` is told of each new one, from any thread."""

    def __init__(self, records: Records) -> None:
        self.on_event: list[Callable[[Event], None]] = []
        self._records = records
        self._kept: list[Event] = []
        self._replay_id = _FIRST_REPLAY_ID
        self._made = 0
        self._transactions = 0
        records.listeners.append(self._changed)

    def has(self, channel: str) -> bool:
        """Say whether a channel exists."""
        if channel == ALL_CHANGES:
            return True
        kind, _, name = channel.removeprefix("/").partition("/")
        if kind == "event":
            found = OBJECTS.get(name.lower())
            return found is not None and found.is_event
        return kind == "data" and name.removesuffix("ChangeEvent") in CAPTURED

    def publish(self, sobject: SObject, given: Mapping[str, Any]) -> dict[str, Any]:
        """Publish a platform event: a success whose errors are not empty. Raises SalesforceError.

        Its uuid stands in the message; the id is delivered to nobody.
        """
        values = read_values(self._records, sobject, given, is_new=True)
        uuid, now = str(uuid4()), self._records.now()
        self._made += 1
        blank = {each.name: None for each in sobject.fields}
        stamp = {"CreatedDate": _utc(now), "CreatedById": self._records.user}
        payload = {**blank, **stamp, **values}
        self._add(f"/event/{sobject.name}", now, payload, uuid)
        queued = {"statusCode": "OPERATION_ENQUEUED", "message": uuid, "fields": []}
        return {"id": made_id(sobject.prefix, self._made), "success": True, "errors": [queued]}

    def after(self, channel: str, replay_id: int) -> list[Event] | None:
        """Give what a subscriber is sent at first; None if the replay id is none that is kept."""
        self._forget()
        if replay_id == NEW_ONLY:
            return []
        if replay_id != ALL_KEPT:
            ids = [each.replay_id for each in self._kept]
            is_last = replay_id == self._replay_id
            if replay_id not in ids and not is_last:
                return None
            kept = self._kept[bisect_right(ids, replay_id) :]
        else:
            kept = self._kept
        return [each for each in kept if is_on(each.channel, channel)]

    def _changed(self, change: Change) -> None:
        if change.sobject == "CaseComment" and change.kind == "CREATE":
            self._ask(change.record)
        if change.sobject not in CAPTURED:
            return
        self._transactions += 1
        fields = _changed_fields(change)
        record = change.record
        header = {
            "entityName": change.sobject,
            "recordIds": [record["Id"]],
            "changeType": change.kind,
            "changeOrigin": f"com/salesforce/api/rest/68.0;client={change.origin}",
            "transactionKey": str(uuid4()),
            "sequenceNumber": 1,
            "commitTimestamp": int(change.at.timestamp() * 1000),
            "commitNumber": self._transactions,
            "commitUser": record["LastModifiedById"] or INTEGRATION_USER,
            "nulledFields": [name for name in fields if record[name] is None],
            "diffFields": [],
            "changedFields": fields if change.kind == "UPDATE" else [],
        }
        shown = {name: record[name] for name in fields} if change.kind != "DELETE" else {}
        payload = {"ChangeEventHeader": header, **shown}
        self._add(f"/data/{change.sobject}ChangeEvent", change.at, payload, str(uuid4()))

    def _ask(self, comment: Mapping[str, Any]) -> None:
        """Raise an event on what a victim writes: no change of a comment is told otherwise."""
        if comment["CreatedById"] != PORTAL_USER:
            return
        case = self._records.find("Case", comment["ParentId"]) or {}
        asked = {
            "Case_Comment_Id__c": comment["Id"],
            "Case_Id__c": comment["ParentId"],
            "Crime_Number__c": case.get("Crime_Number__c"),
            "Question__c": comment["CommentBody"],
        }
        self.publish(OBJECTS["victim_question__e"], asked)

    def _add(self, channel: str, at: datetime, payload: Mapping[str, Any], uuid: str) -> None:
        for _ in range(2 if self._records.has_events_twice else 1):
            self._deliver(channel, at, payload, uuid)

    def _deliver(self, channel: str, at: datetime, payload: Mapping[str, Any], uuid: str) -> None:
        self._replay_id += _STEPS[len(self._kept) % len(_STEPS)]
        data = {
            "schema": channel.rpartition("/")[2],
            "payload": payload,
            "event": {"replayId": self._replay_id, "EventUuid": uuid},
        }
        event = Event(replay_id=self._replay_id, channel=channel, at=at, data=data)
        self._kept.append(event)
        for listener in self.on_event:
            listener(event)

    def _forget(self) -> None:
        oldest = self._records.now() - RETENTION
        self._kept = [each for each in self._kept if each.at > oldest]


def is_on(channel: str, subscribed: str) -> bool:
    """Say whether an event's channel is that of a subscription, or among all changes."""
    return channel == subscribed or (subscribed == ALL_CHANGES and channel.startswith("/data/"))


def _changed_fields(change: Change) -> list[str]:
    record, before = change.record, change.before
    if before is None:
        return [name for name, value in record.items() if value is not None and name != "Id"]
    changed = [name for name, value in record.items() if value != before[name]]
    return [*(name for name in changed if name not in _STAMPS), *_TOLD_ALWAYS]


def _utc(at: datetime) -> str:
    return f"{at.strftime('%Y-%m-%dT%H:%M:%S.')}{at.microsecond // 1000:03d}Z"
