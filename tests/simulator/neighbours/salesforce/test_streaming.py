"""Subscribers are told of events by CometD, from where they ask; every refusal echoes its id.

The errors: Streaming API Developer Guide, Streaming API Error Codes and Handling Errors.
"""

from itertools import pairwise
from typing import Any

import pytest

from tests.simulator.asgi import call
from tests.simulator.neighbours.salesforce.double import EVENT, Org

CHANGES = "/data/ChangeEvents"


@pytest.fixture
def org() -> Org:
    """An org without records."""
    return Org()


def _subscribed(org: Org, channel: str = EVENT, replay: Any = None, client: str = "") -> Any:
    message = {
        "channel": "/meta/subscribe",
        "id": "7",
        "clientId": client or org.subscriber(),
        "subscription": channel,
        **({} if replay is None else {"ext": {"replay": {channel: replay}}}),
    }
    [reply] = org.cometd(message)
    assert (reply["id"], reply["channel"]) == ("7", "/meta/subscribe")
    return reply


def _published(org: Org, number: str) -> Any:
    answer = org.ask("POST", "sobjects/Crime_Update__e", {"Crime_Number__c": number})
    assert answer.status == 201
    return answer.json


def test_publishing_succeeds_with_errors_that_are_not_empty(org: Org) -> None:
    """Platform Events Developer Guide: the uuid is the message of OPERATION_ENQUEUED."""
    answer, client = _published(org, "1"), org.subscriber()
    assert answer["success"]
    [queued] = answer["errors"]
    assert queued["statusCode"] == "OPERATION_ENQUEUED"
    _subscribed(org, replay=-2, client=client)
    [told] = org.told(client)

    assert told["channel"] == EVENT
    assert told["data"]["event"]["EventUuid"] == queued["message"]
    assert told["data"]["payload"]["Crime_Number__c"] == "1"
    assert answer["id"] not in str(told)


def test_an_event_may_come_twice(org: Org) -> None:
    """An org promises at least once: the uuid is the same, and the replay id is not."""
    org.records.has_events_twice = True
    _published(org, "1")
    client = org.subscriber()
    _subscribed(org, replay=-2, client=client)
    first, again = (each["data"]["event"] for each in org.told(client))

    assert first["EventUuid"] == again["EventUuid"]
    assert first["replayId"] < again["replayId"]


def test_a_subscriber_begins_where_it_asks(org: Org) -> None:
    """All that are kept, those after one, or new ones alone; the ids have gaps."""
    for number in "123":
        _published(org, number)

    def told(replay: Any) -> list[tuple[str, int]]:
        client = org.subscriber()
        assert _subscribed(org, replay=replay, client=client)["successful"]
        return [
            (each["data"]["payload"]["Crime_Number__c"], each["data"]["event"]["replayId"])
            for each in org.told(client)
        ]

    kept = told(-2)
    assert [number for number, _ in kept] == ["1", "2", "3"]
    assert [number for number, _ in told(kept[0][1])] == ["2", "3"]
    assert told(kept[2][1]) == told(-1) == told(None) == []
    assert any(after - before > 1 for (_, before), (_, after) in pairwise(kept))


@pytest.mark.parametrize("replay", [5, 10**30, "x", -3])
def test_a_replay_id_that_is_not_kept_is_refused(org: Org, replay: Any) -> None:
    """As is one older than 72 hours."""
    reply = _subscribed(org, replay=replay)

    assert reply["successful"] is False
    assert reply["error"].startswith(f"400::The replayId {{{replay}}} you provided was invalid.")


def test_events_are_kept_for_72_hours(org: Org) -> None:
    """Then their ids are invalid, and nothing of them is replayed."""
    client = org.subscriber()
    _published(org, "1")
    _subscribed(org, replay=-2, client=client)
    [told] = org.told(client)
    replay_id = told["data"]["event"]["replayId"]
    _published(org, "2")
    org.advance(hours=73)

    assert "was invalid" in _subscribed(org, replay=replay_id)["error"]


@pytest.mark.parametrize(
    "channel", ["/event/Nobody__e", "/event/Case", "/data/CaseCommentChangeEvent", "/topic/x", "x"]
)
def test_a_channel_that_does_not_exist_is_refused(org: Org, channel: str) -> None:
    """Comments have no change events: Change Data Capture Developer Guide, object support."""
    words = f"400::The channel you requested to subscribe to does not exist {{{channel}}}"

    assert _subscribed(org, channel)["error"] == words


@pytest.mark.parametrize("channel", [EVENT, "/event/Victim_Question__e", "/data/ChangeEvents"])
def test_a_victim_in_the_orgs_portal_is_told_of_no_change(org: Org, channel: str) -> None:
    """Changes show what is for the force alone, and what others asked."""
    token = org.portal_token
    [shaken] = org.cometd({"channel": "/meta/handshake", "id": "1"}, token=token)
    asked = {"channel": "/meta/subscribe", "subscription": channel, "id": "2"}
    named = {"clientId": shaken["clientId"], "ext": {"replay": {channel: -2}}}
    [refused] = org.cometd({**asked, **named}, token=token)
    org.create("EmailMessage", ParentId=org.create("Case"), IsExternallyVisible=False)
    connect = {"channel": "/meta/connect", "id": "3", "advice": {"timeout": 0}}
    told = org.cometd({**connect, "clientId": shaken["clientId"]}, token=token)

    denied = f"403:denied_by_security_policy:create_denied {channel}"
    assert (refused["successful"], refused["error"]) == (False, denied)
    assert not [each for each in told if "data" in each]


def test_a_stranger_is_refused_in_a_200(org: Org) -> None:
    """The guide: 403::Handshake denied, its reason in ext; then 401::Authentication invalid."""
    [shaken] = org.cometd({"channel": "/meta/handshake", "id": "1"}, token="x")
    assert (shaken["id"], shaken["successful"]) == ("1", False)
    assert shaken["error"] == "403::Handshake denied"
    assert shaken["ext"]["sfdc"]["failureReason"] == "401::Authentication invalid"
    connect = {"channel": "/meta/connect", "id": "2", "clientId": org.subscriber()}
    [reply] = org.cometd(connect, token="x")
    assert reply["error"] == "401::Authentication invalid"
    assert reply["advice"]["reconnect"] == "none"


def test_a_client_that_was_forgotten_shakes_hands_again(org: Org) -> None:
    """The guide: 403::Unknown client, advice handshake; it is forgotten after 40 s away."""
    client = org.subscriber()
    org.advance(seconds=41)
    org.subscriber()
    [reply] = org.cometd({"channel": "/meta/connect", "id": "3", "clientId": client})

    assert (reply["error"], reply["id"]) == ("403::Unknown client", "3")
    assert reply["advice"]["reconnect"] == "handshake"


def test_a_request_may_hold_32_768_bytes(org: Org) -> None:
    """The guide: above it 413."""
    headers = {"authorization": f"Bearer {org.token}"}
    body = b'[{"channel": "' + b"x" * 33_000 + b'"}]'

    assert call(org.app, "POST", "/cometd/68.0", body, headers=headers).status == 413


@pytest.mark.parametrize("body", [b"[]", b"[1]", b"1", b"{", b""])
def test_what_is_no_message_is_refused(org: Org, body: bytes) -> None:
    """And nothing breaks."""
    headers = {"authorization": f"Bearer {org.token}"}

    assert call(org.app, "POST", "/cometd/68.0", body, headers=headers).status == 400


def test_changes_are_told_with_who_made_them(org: Org) -> None:
    """By `client=` of Sforce-Call-Options an integration knows its own echo, and drops it."""
    client = org.subscriber()
    _subscribed(org, CHANGES, client=client)
    case = org.create("Case", Subject="Theft")
    options = {"sforce_call_options": "client=ours"}
    org.ask("PATCH", f"sobjects/Case/{case}", {"Subject": None, "Status": "Working"}, **options)
    org.create("CaseComment", ParentId=case, CommentBody="for the force alone")
    org.ask("DELETE", f"sobjects/Case/{case}")
    made, changed, gone = org.told(client)

    headers = [each["data"]["payload"]["ChangeEventHeader"] for each in (made, changed, gone)]
    assert [each["changeType"] for each in headers] == ["CREATE", "UPDATE", "DELETE"]
    assert all(each["recordIds"] == [case] for each in headers)
    assert headers[1]["changeOrigin"] == "com/salesforce/api/rest/68.0;client=ours"
    assert headers[1]["nulledFields"] == ["Subject"]
    assert "LastModifiedDate" in headers[1]["changedFields"]
    assert "Priority" not in changed["data"]["payload"]
    assert headers[0]["changedFields"] == []


def test_what_a_victim_writes_in_the_orgs_portal_is_an_event(org: Org) -> None:
    """What the force writes is none, and a victim may not listen."""
    client = org.subscriber()
    _subscribed(org, "/event/Victim_Question__e", client=client)
    case = org.create("Case", Crime_Number__c="43260000001")
    org.create("CaseComment", ParentId=case, CommentBody="by the force")
    asked = {"ParentId": case, "CommentBody": "Is there any news?", "IsPublished": True}
    org.ask("POST", "sobjects/CaseComment", asked, token=org.portal_token)
    [told] = org.told(client)
    payload = told["data"]["payload"]

    assert payload["Question__c"] == "Is there any news?"
    assert payload["Crime_Number__c"] == "43260000001"
    for channel in (EVENT, CHANGES, "/data/CaseChangeEvent"):
        asked = {"channel": "/meta/subscribe", "clientId": client, "subscription": channel}
        [reply] = org.cometd({**asked, "id": "1"}, token=org.portal_token)
        assert reply["successful"] is False
