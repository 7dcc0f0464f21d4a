"""Rules of the HTTP driver where a portal answers something else: said so, and without a secret."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.messages import DeliveryReceipt
from simulator.drivers.base import Delivery, Refused
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalNonsense, PortalNotAvailable
from tests.each_of import each_of
from tests.examples import examples
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
    echoes,
)

PROBLEM = b'{"title": "Not now"}'
RECEIPT = DeliveryReceipt(id="m", to="07700900123", status="delivered", notification_type="sms")
EVERYTHING: dict[str, Callable[[HttpDriver], Any]] = {
    **READS,
    **WRITES,
    "deliver_receipt": lambda driver: driver.deliver_receipt(RECEIPT),
}
SECRET_WORDS = [
    SESSION.token,
    LINK.rpartition("/")[2],
    STEP.id,
    "word-of-a-test",
    "493817",
    *msgspec.structs.asdict(SECRETS).values(),
]


@each_of(
    (name, status, body)
    for name in sorted(EVERYTHING)
    for status, body in (
        (500, b"Internal Server Error"),
        (503, b"Internal Server Error"),
        (500, PROBLEM),
        (404, b"<html><h1>Not Found</h1></html>"),
        (403, b""),
        (400, b'{"title": 5}'),
        (400, b"[]"),
        (400, b"\xff\xfe"),
        (302, b""),
        (301, b"<html>Moved</html>"),
        (304, b""),
    )
)
def test_neither_yes_nor_no_is_nonsense(name: str, status: int, body: bytes) -> None:
    """A failure, a redirect, a no without a problem document: the sentence says where and what."""
    portal = StrangePortal(status, body, headers={"location": "/elsewhere"})

    with pytest.raises(PortalNonsense) as caught:
        EVERYTHING[name](driver_for(portal))

    said = str(caught.value)
    path = portal.asked[0].line.replace(REFERENCE, "{reference}")
    assert said.startswith(f"{path} answered {status}")
    assert said.endswith("the contract says a problem document (RFC 9457) below 500")
    assert len(portal.asked) == 1, "a redirect is not followed"


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_not_available_is_neither_a_no_nor_an_answer(name: str) -> None:
    """A 503 with a problem document is in the contract: told apart, and never taken for a no."""
    portal = StrangePortal(503, PROBLEM)

    with pytest.raises(PortalNotAvailable) as caught:
        EVERYTHING[name](driver_for(portal))

    assert str(caught.value).endswith("answered 503: the portal cannot do it now")


@each_of(
    (name, body)
    for name in sorted(READS)
    for body in (
        b"",
        b"<!doctype html><html><body>Welcome</body></html>",
        b"{}",
        b"[]",
        b"null",
        b'"crimes"',
        b'{"crimes": {}, "timeline": {}, "conversation": {}, "advice": {}}',
        b'{"crimes": [1], "timeline": [1], "conversation": [1], "advice": [1], "step": 1}',
        b'{"crimes": [',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    )
)
def test_a_yes_of_another_shape_is_nonsense(name: str, body: bytes) -> None:
    """A page for people, nothing at all, or JSON of another shape is no answer of the contract."""
    with pytest.raises(PortalNonsense) as caught:
        READS[name](driver_for(StrangePortal(200, body)))

    said = str(caught.value)
    assert "answered something else: " in said
    assert said.partition(" ")[0].startswith(("/api/", "/test-clock"))
    assert REFERENCE not in said


@pytest.mark.parametrize(
    "crime",
    [
        {"status": "solved"},
        {"updated_at": "2026-06-01T09:00:00"},
        {"updated_at": "yesterday"},
        {"crime_reference": ""},
        {"offence": "x" * 201},
    ],
)
def test_a_crime_of_another_shape_is_nonsense(crime: dict[str, str]) -> None:
    """What is in a list is read as strictly as the list."""
    whole = {
        "crime_reference": REFERENCE,
        "offence": "Theft",
        "status": "open",
        "force": "thames_valley",
        "updated_at": "2026-06-01T09:00:00Z",
    }

    with pytest.raises(PortalNonsense, match="/api/crimes answered something else"):
        driver_for(answers({"crimes": [whole | crime]})).crimes(SESSION)


def test_a_clock_that_shows_another_time_is_nonsense() -> None:
    """A test clock answers the time that it was moved to, or it was not moved."""
    portal = answers({"now": "2026-06-01T08:59:59Z", "next_due": None})

    with pytest.raises(PortalNonsense, match=r"now is 2026-06-01T08:59:59.* after it was made"):
        driver_for(portal).advance_to(NOW)


@pytest.mark.parametrize("next_due", ["2026-06-01T09:00:00Z", "2026-05-31T09:00:00Z"])
def test_work_that_is_due_already_is_nonsense(next_due: str) -> None:
    """A portal that is asked to do all due work cannot have more due now, or before."""
    portal = answers({"now": "2026-06-01T09:00:00Z", "next_due": next_due})

    with pytest.raises(PortalNonsense, match=r"next_due is .* not after now"):
        driver_for(portal).advance_to(NOW)


@pytest.mark.parametrize("next_due", ["2026-06-01T10:00:00", "soon", 5, "2026-06-31T10:00:00Z"])
def test_a_moment_without_an_offset_is_nonsense(next_due: str | int) -> None:
    """When something is due must be a moment, which without an offset it is not."""
    portal = answers({"now": "2026-06-01T09:00:00Z", "next_due": next_due})

    with pytest.raises(PortalNonsense):
        driver_for(portal).advance_to(NOW)


@pytest.mark.parametrize("status", [401, 404, 409])
def test_a_claimed_hook_that_says_no_is_nonsense(status: int) -> None:
    """A portal that claims a test clock or receipts may not refuse them: a run cannot go on."""
    driver = driver_for(StrangePortal(status, PROBLEM))

    with pytest.raises(PortalNonsense, match="/test-clock"):
        driver.advance_to(NOW)
    with pytest.raises(PortalNonsense, match="/delivery-receipts"):
        driver.deliver_receipt(RECEIPT)


def test_a_step_that_asks_for_something_else_is_nonsense() -> None:
    """A sign-in asks for what an order may name or for the code, and for nothing else."""
    with pytest.raises(PortalNonsense, match="asks is 'shoe_size'; one of agreed_word, date_of"):
        driver_for(answers({"step": "s", "asks": "shoe_size"})).begin_sign_in("07700900123")


@pytest.mark.parametrize("token", ["a\r\nx-other: b", "schlüssel-☃", "a\x00b"])
def test_a_session_that_no_header_can_hold_is_nonsense(token: str) -> None:
    """A session is sent back in a header: one that cannot be is the portal's mistake."""
    with pytest.raises(PortalNonsense):
        driver_for(answers({"crimes": []})).crimes(
            driver_for(answers({"session": token})).enter_code(STEP, "493817")
        )


@pytest.mark.parametrize(
    "link", ["http://[portal.example/invitation/a", "http://[::1/invitation/b"]
)
def test_a_link_that_no_browser_could_follow_is_nonsense(link: str) -> None:
    """A link is the portal's own: one that is none is the portal's mistake."""
    driver = driver_for(answers({"step": "s", "asks": "agreed_word"}))

    with pytest.raises(PortalNonsense):
        driver.open_invitation(link)
    with pytest.raises(PortalNonsense):
        driver.visit(link)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b'{"crimes": []}'), (404, PROBLEM), (401, b"<html>"), (302, b""), (500, b"")],
)
def test_another_server_is_no_portal(status: int, body: bytes) -> None:
    """What answers otherwise without a session is not a portal, and the tester is asked."""
    with pytest.raises(PortalNonsense, match=r"401 and a problem document\. Is access\.portal_url"):
        driver_for(StrangePortal(status, body)).check()


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_no_secret_is_in_an_error(name: str) -> None:
    """Whatever a broken portal repeats, sessions, tokens, words and codes are in no message."""
    with pytest.raises(PortalNonsense) as caught:
        EVERYTHING[name](driver_for(echoes))

    assert [each for each in SECRET_WORDS if each in str(caught.value)] == []


KEYS = [
    *("crimes", "timeline", "conversation", "advice", "step", "asks", "session", "title"),
    *("now", "next_due", "at", "kind", "text", "key", "author", "slug"),
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
).map(msgspec.json.encode)


@given(
    name=st.sampled_from(sorted(EVERYTHING)),
    status=st.integers(100, 599),
    body=st.binary(max_size=40) | ANY_JSON,
)
@settings(deadline=None, max_examples=examples(400))
def test_any_answer_is_an_answer_a_no_or_nonsense(name: str, status: int, body: bytes) -> None:
    """Nothing that a portal can answer brings another error about."""
    try:
        EVERYTHING[name](driver_for(StrangePortal(status, body)))
    except Refused as refused:
        assert 400 <= refused.status == status < 500  # noqa: PT017  it need not be raised
    except PortalNonsense:
        assert status != 204 or name in READS


@given(status=st.integers(100, 599), body=st.binary(max_size=40) | ANY_JSON)
@settings(deadline=None)
def test_any_answer_to_a_delivery_is_its_status(status: int, body: bytes) -> None:
    """Only the status of a delivery counts, not the body of the answer."""
    assert driver_for(StrangePortal(status, body)).deliver(Delivery("d", [b"{}"])) == status
