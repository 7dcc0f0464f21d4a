"""Texts that people send back: taken once, and listed as Notify lists them."""

import pytest

from simulator.neighbours.gateway.received_texts import OUR_NUMBER, PAGE_TEXTS
from tests.simulator.neighbours.gateway.double import (
    LIST,
    SERVICE_ID,
    SMS,
    Double,
    email_request,
    errors,
    text_request,
)

RECEIVED = "/v2/received-text-messages"


def test_a_text_is_listed_with_the_lists_own_names() -> None:
    """The callback and the list say the same, under other names; the number is international."""
    double = Double()
    text = double.inbox.received.take("07700900123", "STOP")

    assert (text.source_number, text.destination_number) == ("447700900123", OUR_NUMBER)
    assert double.get(RECEIVED).json == {
        "received_text_messages": [
            {
                "id": text.id,
                "user_number": "447700900123",
                "notify_number": OUR_NUMBER,
                "content": "STOP",
                "created_at": "2026-03-02T09:00:00.000000Z",
                "service_id": SERVICE_ID,
            }
        ],
        "links": {
            "current": f"http://notify.test{RECEIVED}",
            "next": f"http://notify.test{RECEIVED}?older_than={text.id}",
        },
    }


def test_texts_are_paged_newest_first() -> None:
    """250 at a time; there is a next page where, and only where, a page is not empty."""
    double = Double()
    sent = [double.inbox.received.take("07700900123", str(n)).id for n in range(PAGE_TEXTS + 1)]
    found, target, pages = [], RECEIVED, 0
    while target:
        answer = double.get(target).json
        found += [each["id"] for each in answer["received_text_messages"]]
        target = answer["links"].get("next", "").removeprefix("http://notify.test")
        pages += 1

    assert found == sent[::-1]
    assert pages == 3


@pytest.mark.parametrize("query", ["?older_than=T", "?page=2", "?older_than=T&status=sent"])
def test_a_query_that_notify_does_not_know_is_refused(query: str) -> None:
    """Every parameter that is wrong is named."""
    answer = Double().get(f"{RECEIVED}{query}")

    assert answer.status == 400
    assert {error for error, _message in errors(answer)} == {"ValidationError"}


def test_after_a_crash_a_portal_finds_what_it_had_sent() -> None:
    """By its own reference: the id, the channel, the recipient, and the words, on every page."""
    double = Double()
    text = double.post(SMS, text_request(reference="event-1")).json
    email = double.post(f"{LIST}/email", email_request(reference="event-1")).json
    double.post(SMS, text_request(reference="event-2"))

    found = double.get(f"{LIST}?reference=event-1").json

    assert [each["id"] for each in found["notifications"]] == [email["id"], text["id"]]
    mail, sms = found["notifications"]
    assert (sms["type"], sms["phone_number"], sms["email_address"]) == (
        "sms",
        "07700 900123",
        None,
    )
    assert (mail["type"], mail["email_address"], mail["phone_number"]) == (
        "email",
        "A.Victim@Mail.Example",
        None,
    )
    assert sms["body"] == text["content"]["body"]
    assert mail["body"] == email["content"]["body"]
    assert sms["reference"] == mail["reference"] == "event-1"
    rest = double.get(found["links"]["next"].removeprefix("http://notify.test")).json
    assert rest["notifications"] == []
    assert "next" not in rest["links"]
