"""Rules of the HTTP driver: what it asks of a portal, and what it makes of a yes and of a no."""

from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    TimelineEntry,
)
from simulator.drivers.base import ContactChoice, Delivery, Refused, Session, Step
from tests.each_of import each_of
from tests.simulator.drivers.strange_portals import (
    LINK,
    NOW,
    READS,
    REFERENCE,
    SECRETS,
    SESSION,
    STEP,
    WRITES,
    StrangePortal,
    answers,
    driver_for,
)

CRIME = CrimeSummary(
    crime_reference=REFERENCE,
    offence="Theft of a pedal cycle",
    status="open",
    force="thames_valley",
    updated_at=NOW,
)
RECEIPT = DeliveryReceipt(
    id="m-1", to="07700900123", status="delivered", notification_type="sms", reference="e-1"
)
PROBLEM = {"type": "about:blank", "title": "Not now", "status": 409, "detail": "Call 101"}


def test_events_are_delivered_as_one_signed_batch() -> None:
    """The events as they are, in order, as a JSON array that Standard Webhooks signs as of now."""
    portal = StrangePortal(202, b"")

    status = driver_for(portal).deliver(Delivery("delivery-1", [b'{"id":"1"}', b'{"id":"2"}']))

    assert status == 202
    [asked] = portal.asked
    assert asked.line == "POST /crime-events"
    assert asked.json == [{"id": "1"}, {"id": "2"}]
    assert asked.headers["webhook-id"] == "delivery-1"
    assert asked.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signature = Webhook(SECRETS.events).sign("delivery-1", NOW, asked.body.decode())
    assert asked.headers["webhook-signature"] == signature


@pytest.mark.parametrize("status", [200, 202, 302, 400, 401, 500, 503])
def test_the_status_of_a_delivery_is_the_portal_s(status: int) -> None:
    """Whatever the portal says to a delivery is integration's to judge."""
    assert driver_for(StrangePortal(status, b"<html>")).deliver(Delivery("d", [b"{}"])) == status


def test_a_delivery_may_go_without_a_signature() -> None:
    """An unsigned delivery has no signature headers."""
    portal = StrangePortal(401, b"{}")
    driver_for(portal).deliver_signed(Delivery("d", [b"{}"]), secret=None)

    (asked,) = portal.asked
    assert [each for each in asked.headers if each.startswith("webhook")] == []


def test_a_receipt_is_notify_s_callback() -> None:
    """It goes to the hook with the bearer token that Notify would have."""
    portal = StrangePortal(204, b"")

    driver_for(portal).deliver_receipt(RECEIPT)

    [asked] = portal.asked
    assert asked.line == "POST /delivery-receipts"
    assert asked.headers["authorization"] == f"Bearer {SECRETS.receipts}"
    assert asked.json["status"] == "delivered"


def test_an_invitation_is_opened_with_its_token() -> None:
    """The last part of the link is sent as the form on its page sends it."""
    portal = answers({"step": "s", "asks": "agreed_word"})

    assert driver_for(portal).open_invitation(LINK) == Step("s", "agreed_word")

    [asked] = portal.asked
    assert asked.line == "POST /api/invitation"
    assert asked.json == {"token": "invitation-token-of-a-test"}


def test_a_mail_scanner_looks_and_does_nothing() -> None:
    """HEAD and GET of the link, whatever is answered, and no token sent anywhere."""
    portal = StrangePortal(500, b"<html>")

    driver_for(portal).visit(LINK)

    path = "/invitation/invitation-token-of-a-test"
    assert [each.line for each in portal.asked] == [f"HEAD {path}", f"GET {path}"]
    assert not any(each.body for each in portal.asked)


def test_the_steps_of_a_sign_in() -> None:
    """Address, word and code each go with the step that asked for them."""
    portal = answers({"step": "s", "asks": "one_time_code", "session": "t", "more": 1})
    driver = driver_for(portal)

    assert driver.begin_sign_in("07700900123") == Step("s", "one_time_code")
    assert driver.prove(STEP, "heron") == Step("s", "one_time_code")
    assert driver.enter_code(STEP, "493817") == Session("t")

    assert [(each.line, each.json) for each in portal.asked] == [
        ("POST /api/sign-in", {"address": "07700900123"}),
        ("POST /api/sign-in/word", {"step": STEP.id, "agreed_word": "heron"}),
        ("POST /api/sign-in/code", {"step": STEP.id, "code": "493817"}),
    ]


def test_a_date_of_birth_goes_where_it_is_asked_for() -> None:
    """The step says which proof it wants; the date goes as it is written."""
    portal = answers({"step": "s", "asks": "date_of_birth"})
    driver = driver_for(portal)
    step = driver.begin_sign_in("07700900123")
    driver.prove(step, "1984-05-01")

    assert step == Step("s", "date_of_birth")
    assert (portal.asked[1].line, portal.asked[1].json) == (
        "POST /api/sign-in/date-of-birth",
        {"step": "s", "date_of_birth": "1984-05-01"},
    )


def test_a_victim_s_pages() -> None:
    """Each list is read with the session, and what the portal adds is not minded."""
    entry = TimelineEntry(at=NOW, kind="CrimeRecorded", title="Recorded")
    post = ConversationPost(at=NOW, author="officer", text="Hello", key="k")
    advice = AdvicePage(slug="a", title="A")
    portal = answers(
        {
            "crimes": [CRIME],
            "timeline": [entry],
            "conversation": [post],
            "advice": [advice],
            "next": None,
        }
    )
    driver = driver_for(portal)

    assert driver.crimes(SESSION) == [CRIME]
    assert driver.timeline(SESSION, REFERENCE) == [entry]
    assert driver.conversation(SESSION, REFERENCE) == [post]
    assert driver.advice(SESSION) == [advice]
    driver.ask_officer(SESSION, REFERENCE, "When?")
    driver.sign_out(SESSION)

    assert [each.line for each in portal.asked] == [
        "GET /api/crimes",
        f"GET /api/crimes/{REFERENCE}/timeline",
        f"GET /api/crimes/{REFERENCE}/conversation",
        "GET /api/advice",
        f"POST /api/crimes/{REFERENCE}/questions",
        "POST /api/sign-out",
    ]
    assert {each.headers["authorization"] for each in portal.asked} == {f"Bearer {SESSION.token}"}
    assert portal.asked[4].json == {"text": "When?"}


@pytest.mark.parametrize("next_due", [None, "2026-06-01T09:00:01Z", "2026-06-01T11:00:00+01:00"])
def test_the_test_clock_is_moved(next_due: str | None) -> None:
    """The portal gets the time, and answers when its next work is due."""
    portal = answers({"now": "2026-06-01T09:00:00Z", "next_due": next_due})

    due = driver_for(portal).advance_to(NOW)

    assert (due is None) == (next_due is None)
    assert due is None or NOW < due <= NOW + timedelta(hours=1)
    [asked] = portal.asked
    assert asked.line == "POST /test-clock"
    assert asked.json == {"now": "2026-06-01T09:00:00Z"}
    assert asked.headers["authorization"] == f"Bearer {SECRETS.test_clock}"


def test_a_text_that_was_sent_back_is_handed_over_as_notify_does() -> None:
    """To its own address, with the gateway's token, and all of Notify's callback."""
    portal = StrangePortal(204, b"")
    text = ReceivedText(id="t-1", source_number="447700900123", message="STOP")

    driver_for(portal).receive_text(text)

    [asked] = portal.asked
    assert asked.line == "POST /received-texts"
    assert asked.headers["authorization"] == f"Bearer {SECRETS.receipts}"
    assert (asked.json["source_number"], asked.json["message"]) == ("447700900123", "STOP")


def test_not_for_me_is_said_by_nobody_in_particular() -> None:
    """It takes an address, no session and no token; the answer is empty or words."""
    portal = StrangePortal(204, b"")

    assert driver_for(portal).not_for_me("07700900123", "") == ""
    assert driver_for(StrangePortal(200, b"Thank you")).not_for_me("hello", "") == "Thank you"

    [asked] = portal.asked
    assert asked.line == "POST /api/not-for-me"
    assert asked.json == {"address": "07700900123"}
    assert "authorization" not in asked.headers


def test_how_to_hear_is_read_and_chosen() -> None:
    """What is in use with the addresses as they are shown; a choice names all that is wanted."""
    portal = answers({"channels": ["email"], "addresses": {"email": "a•••@mail.example"}})
    driver = driver_for(portal)

    assert driver.contact(SESSION) == ContactChoice(("email",), {"email": "a•••@mail.example"})

    driver.choose_contact(SESSION, ("text", "email"))
    driver.stop_messages(SESSION)

    assert [asked.line for asked in portal.asked] == [
        "GET /api/contact",
        "PUT /api/contact",
        "PUT /api/contact",
    ]
    assert portal.asked[1].json == {"channels": ["text", "email"]}
    assert portal.asked[2].json == {"channels": []}


def test_talking_about_withdrawing_is_asked_in_two_steps() -> None:
    """Only the second is confirmed; what is shown comes back word for word."""
    portal = answers({"asked": True, "text": "An officer will speak to you first."})
    driver = driver_for(portal)
    said = [
        driver.withdraw_support(SESSION, "43/26", "asked again"),
        driver.withdraw_support(SESSION, "43/26", "confirmed"),
    ]

    assert said == ["An officer will speak to you first."] * 2
    assert {asked.line for asked in portal.asked} == {"POST /api/crimes/43/26/withdrawal"}
    assert [asked.json for asked in portal.asked] == [{"confirmed": False}, {"confirmed": True}]


def test_a_portal_without_a_test_clock_is_not_asked() -> None:
    """What is not claimed is not used."""
    portal = StrangePortal(404, b"")

    assert driver_for(portal, capabilities=frozenset({"text"})).advance_to(NOW) is None
    assert portal.asked == []


@each_of(
    (name, status)
    for name in sorted({*READS, *WRITES} - {"advance_to"})
    for status in (400, 401, 403, 404, 409, 410, 422, 429)
)
def test_a_no_is_refused(name: str, status: int) -> None:
    """A problem document below 500 is the portal's good right: what it says of itself is kept."""
    with pytest.raises(Refused) as caught:
        {**READS, **WRITES}[name](driver_for(answers(PROBLEM, status=status)))

    said = caught.value
    assert (said.status, said.title, said.detail) == (status, "Not now", "Call 101")


@pytest.mark.parametrize("more", [{}, {"detail": None}, {"detail": 7}, {"detail": ["Call 101"]}])
def test_a_no_need_not_say_more(more: dict[str, Any]) -> None:
    """Without a detail, or with one of another type, the title is all there is."""
    portal = answers({"title": "Not now", **more}, status=409)
    with pytest.raises(Refused) as caught:
        READS["crimes"](driver_for(portal))

    assert (caught.value.title, caught.value.detail) == ("Not now", "")


@pytest.mark.parametrize("name", sorted(WRITES))
def test_what_only_had_to_be_done_needs_no_body(name: str) -> None:
    """Any success will do, with nothing in it: the portal is asked once."""
    for status in (200, 201, 202, 204):
        portal = StrangePortal(status, b"")
        WRITES[name](driver_for(portal))

        assert len(portal.asked) == 1


def test_a_reference_with_odd_characters_stays_in_its_place() -> None:
    """A reference is a part of the path, whatever is in it: it cannot lead to another page."""
    portal = answers({"timeline": []})

    driver_for(portal).timeline(SESSION, "43/26 1?x#y")

    assert portal.asked[0].line == "GET /api/crimes/43/26 1?x#y/timeline"


def test_a_portal_is_known_by_its_no() -> None:
    """Without a session the contract says 401 and a problem document: that is a portal."""
    portal = answers(PROBLEM, status=401)

    driver_for(portal).check()

    [asked] = portal.asked
    assert asked.line == "GET /api/crimes"
    assert "authorization" not in asked.headers
