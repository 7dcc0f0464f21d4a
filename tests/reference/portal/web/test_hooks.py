"""What other systems send: taken whole, or refused by the field that is wrong and not kept."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from reference.contract.events import EVENT_BYTES_MAX
from tests.reference.portal.crimes import (
    MOBILE,
    NOON,
    allocated,
    appointment,
    charged,
    closed,
    deployed,
    enveloped,
    recorded,
    replied,
)
from tests.reference.portal.scene import SECRETS, Scene, bearer, problem

RECEIPT = {"id": "message-1", "to": MOBILE, "status": "delivered", "notification_type": "sms"}
FIRST, LAST = "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"


def with_data(event: Any, **changes: Any) -> dict[str, Any]:
    """One event whose data are changed."""
    whole = enveloped(event)
    return {**whole, "data": {**whole["data"], **changes}}


def without(event: Any, *fields: str) -> dict[str, Any]:
    """One event whose envelope lacks fields."""
    return {name: value for name, value in enveloped(event).items() if name not in fields}


def refused(scene: Scene, batch: Any, status: int = 400) -> str:
    """Check that a signed delivery is refused and leaves no trace; give the field it names."""
    before = scene.rows()
    answer = scene.post_events(batch)

    assert answer.status == status, answer.body

    scene.advance()

    assert scene.rows() == before
    assert scene.neighbours.tried == []

    return str(problem(answer).get("field", ""))


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (without(deployed(), "id"), ""),
        (without(deployed(), "data"), ""),
        (enveloped(deployed(), specversion="0.3"), "specversion"),
        (enveloped(deployed(), id=""), "id"),
        (enveloped(deployed(), id="4" * 65), "id"),
        (enveloped(deployed(), source=7), "source"),
        (enveloped(deployed(), time="yesterday"), "time"),
        (enveloped(deployed(), time="2026-06-03T11:00:00"), "time"),
        (enveloped(deployed(), type="SuspectArrested"), "type"),
        (enveloped(deployed(), type="deployed"), "type"),
        (enveloped(deployed(), type=""), "type"),
        (enveloped(deployed(), data=None), "data"),
        (enveloped(deployed(), data="text"), "data"),
        (enveloped(deployed(), data=[]), "data"),
        (with_data(deployed(), crime_reference=None), "data.crime_reference"),
        (with_data(deployed(), deployed_at=1780484400), "data.deployed_at"),
        (with_data(recorded(), victims=[{"person_id": 7}]), "data.victims[0].person_id"),
        (with_data(recorded(), grade=5), "data.grade"),
        (with_data(recorded(), force="kent"), "data.force"),
        (with_data(closed(), outcome=1), "data.outcome"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(
    scene: Scene, bad: dict[str, Any], field: str
) -> None:
    """The problem says which event of the batch, and which field of it, is not as agreed."""
    named = refused(scene, [enveloped(recorded()), bad])

    assert named.startswith("[1]")
    assert named.endswith(field)


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (recorded(), "recorded_at"),
        (deployed(), "deployed_at"),
        (allocated(), "allocated_at"),
        (appointment(), "starts_at"),
        (charged(), "decided_at"),
        (closed(), "closed_at"),
        (replied(), "replied_at"),
    ],
)
def test_a_time_that_no_calendar_holds_is_refused(scene: Scene, event: Any, field: str) -> None:
    """Some systems write the year 9999 for "not known"; it may not break a victim's page."""
    for bad in (FIRST, LAST, "9999-12-31T00:00:00Z"):
        assert refused(scene, [with_data(event, **{field: bad})]) == f"[0].data.{field}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"text"',
        b"{",
        b"[{]",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"data":' * 50_000 + b"1" + b"}" * 50_000,
        b"<events/>",
        b"{},{}",
        msgspec.json.encode(enveloped(recorded()))
        + b","
        + msgspec.json.encode(enveloped(closed())),
        msgspec.json.encode([enveloped(recorded())]) + b"x",
    ],
    ids=range(13),
)
def test_what_is_not_json_of_events_is_refused(scene: Scene, body: bytes) -> None:
    """Broken, deeply nested or other JSON is a problem of the sender's, and leaves no trace."""
    refused(scene, body)


@pytest.mark.parametrize("body", [b"\xff\xfe", b'[{"id": "\xed\xa0\x80"}]', "é".encode("latin-1")])
def test_what_is_not_utf_8_is_refused(scene: Scene, body: bytes) -> None:
    """JSON is UTF-8, so nothing else can be signed or read."""
    assert problem(scene.call("POST", "/crime-events", body, scene.signed(b"")))["status"] == 400


def test_a_batch_has_1_to_100_events(scene: Scene) -> None:
    """An empty batch and one of 101 are refused whole; one of 100 is taken."""
    hundred = [enveloped(recorded(crime=f"4326{n:07}")) for n in range(100)]

    refused(scene, [])
    refused(scene, [*hundred, enveloped(recorded())])

    assert scene.post_events(hundred).status == 202
    assert len(scene.rows()["crime"]) == 100


def test_a_body_too_large_is_refused_unread(scene: Scene) -> None:
    """Neither what is declared nor what comes may be more than a full batch."""
    refused(scene, b" " * (100 * EVENT_BYTES_MAX + 1), 413)
    body = msgspec.json.encode([enveloped(recorded())])
    declared = {**scene.signed(body), "content-length": str(10**9)}

    assert scene.call("POST", "/crime-events", body, declared).status == 413
    assert scene.rows()["crime"] == []


def test_one_event_too_large_is_refused(scene: Scene) -> None:
    """One event may not use up what a whole batch may hold."""
    padded = with_data(recorded(), note="x" * EVENT_BYTES_MAX)

    assert refused(scene, [padded]).startswith("[0].data")


@pytest.mark.parametrize("declared", ["²", "9" * 5000, "-1", "abc"])
def test_a_length_that_is_none_is_refused(scene: Scene, declared: str) -> None:
    """A header of nonsense is a refusal and not a failure."""
    answer = scene.call("POST", "/api/sign-in", b"{}", {"content-length": declared})

    assert problem(answer)["status"] == 413


def test_one_bad_event_takes_the_whole_batch_with_it(scene: Scene) -> None:
    """A batch is one delivery: none of it is kept when one of it is wrong."""
    assert refused(scene, [enveloped(recorded()), enveloped(recorded(), type="Other")])


def test_one_event_may_come_without_a_batch(scene: Scene) -> None:
    """A single CloudEvent is a delivery too."""
    assert scene.post_events(enveloped(recorded())).status == 202
    assert len(scene.rows()["crime"]) == 1


@pytest.mark.parametrize("path", ["/delivery-receipts", "/test-clock"])
@pytest.mark.parametrize(
    "headers",
    [{}, bearer("guess"), {"authorization": SECRETS.receipts}, {"authorization": "Bearer é"}],
)
def test_a_hook_needs_its_own_token(scene: Scene, path: str, headers: dict[str, str]) -> None:
    """Without the token that was agreed nobody tells the portal anything."""
    before = scene.rows()

    assert problem(scene.call("POST", path, b"{}", headers))["status"] == 401
    assert scene.rows() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "sent"}, "status"),
        ({"id": ""}, "id"),
        ({"to": None}, "to"),
        ({"to": "x" * 321}, "to"),
        ({"notification_type": "letter"}, "notification_type"),
    ],
)
def test_a_receipt_not_as_agreed_is_refused(
    scene: Scene, changes: dict[str, Any], field: str
) -> None:
    """The problem names the field, and nothing is kept."""
    before = scene.rows()
    body = msgspec.json.encode({**RECEIPT, **changes})
    answer = scene.call("POST", "/delivery-receipts", body, bearer(SECRETS.receipts))

    assert problem(answer)["field"] == field
    assert scene.rows() == before


def test_a_receipt_for_a_message_nobody_sent_changes_nothing(scene: Scene) -> None:
    """The gateway may tell of what is not ours: it is taken, and nothing follows."""
    before = scene.rows()
    body = msgspec.json.encode({**RECEIPT, "status": "permanent-failure"})
    answer = scene.call("POST", "/delivery-receipts", body, bearer(SECRETS.receipts))

    assert answer.status == 204
    assert scene.rows() == before


def test_the_test_clock_goes_forward_only(scene: Scene) -> None:
    """Going back is refused, standing still is not, and the time that was set is answered."""
    body = msgspec.json.encode({"now": NOON - timedelta(seconds=1)})
    answer = scene.call("POST", "/test-clock", body, bearer(SECRETS.test_clock))

    assert problem(answer)["status"] == 409
    assert problem(answer)["field"] == "now"
    assert scene.advance() is None


@pytest.mark.parametrize("now", ["", "noon", "2026-06-03T12:00:00", None, 1780484400, FIRST, LAST])
def test_the_test_clock_takes_only_a_moment(scene: Scene, now: Any) -> None:
    """What is no moment, or one beyond all calendars, is refused by the field's name."""
    body = msgspec.json.encode({"now": now})
    answer = scene.call("POST", "/test-clock", body, bearer(SECRETS.test_clock))

    assert answer.status == 400
    assert problem(answer)["field"] == "now"
