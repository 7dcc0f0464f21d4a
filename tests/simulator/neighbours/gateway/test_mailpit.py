"""What was sent can be listed, read, searched and awaited, as from a Mailpit."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.mailpit import WAIT_SECONDS_MAX, mailpit_app
from simulator.neighbours.gateway.smtp import take_mail
from simulator.processes.loopback import free_port, serving
from tests.examples import examples
from tests.simulator.asgi import Answer, call

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
API = "/api/v1"
KEYS = st.sampled_from(["IDs", "ids", "Read", "Sender", "ErrorCode", "Probability"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


class Post:
    """An inbox with its inspection interface."""

    def __init__(self, token: str = "") -> None:
        self.now = START
        self.inbox, self.chaos = Inbox(lambda: self.now), Chaos()
        self.app: Starlette = mailpit_app(self.inbox, chaos=self.chaos, token=token)

    def take(self, to: str = "alex@example.com", body: str = "Sign in.", **more: Any) -> Accepted:
        """Take an email, or a text to a number, a minute after the last."""
        self.now += timedelta(minutes=1)
        channel = "email" if "@" in to else "text"
        usual: dict[str, Any] = {
            "channel": channel,
            "to": to,
            "to_given": to,
            "subject": "An update" if channel == "email" else "",
            "body": body,
            "sender": "Portal <portal@force.example>" if channel == "email" else "GOVUK",
            "reference": "",
            "template_id": "",
        }
        return self.inbox.accept(**{**usual, **more})

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask the interface."""
        return call(self.app, method, f"{API}{target}", body, headers=headers or {})


def test_messages_are_listed_newest_first_page_by_page() -> None:
    """A page has the counts of all, and the messages from `start`."""
    post = Post()
    sent = [post.take(f"alex{n}@example.com").message_id for n in range(5)]
    page = post.ask("/messages?start=1&limit=2").json

    assert (page["total"], page["unread"], page["messages_count"], page["count"]) == (5, 5, 5, 2)
    assert [each["ID"] for each in page["messages"]] == sent[3:1:-1]
    assert page["messages"][0]["From"] == {"Name": "Portal", "Address": "portal@force.example"}
    assert page["messages"][0]["To"] == [{"Name": "", "Address": "alex3@example.com"}]


def test_a_message_is_read_whole_and_is_then_no_longer_unread() -> None:
    """The words are as they were sent; reading marks the message as read."""
    post = Post()
    sent = post.take(body="Sign in at https://portal.example/s.\nYour code is 012345.")
    shown = post.ask(f"/message/{sent.message_id}").json

    assert (shown["Subject"], shown["Text"], shown["HTML"]) == ("An update", sent.body, "")
    assert post.ask("/messages").json["unread"] == 0
    assert post.ask(f"/message/{sent.message_id}/links").json == ["https://portal.example/s"]
    assert post.ask(f"/message/{sent.message_id}/codes").json == ["012345"]


def test_a_text_is_shown_beside_emails() -> None:
    """A text is tagged as one; its address is the number."""
    post = Post()
    post.take("07700900123", "There is an update.")
    (shown,) = post.ask("/messages").json["messages"]

    assert (shown["Tags"], shown["To"][0]["Address"]) == (["text"], "07700900123")
    assert post.ask("/tags").json == ["text"]


def test_mail_by_smtp_is_shown_as_it_came() -> None:
    """Headers, source and attached parts are those of the mail itself."""
    post = Post()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "portal@force.example", "alex@example.com", "Hello"
    mail["X-Force"] = "Thames Valley"
    mail.set_content("Words")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="rights.pdf")
    sent = post.take(source=mail.as_bytes())
    shown = post.ask(f"/message/{sent.message_id}").json
    content = post.ask(f"/message/{sent.message_id}/part/2")

    assert post.ask(f"/message/{sent.message_id}/raw").body == mail.as_bytes()
    assert post.ask(f"/message/{sent.message_id}/headers").json["X-Force"] == ["Thames Valley"]
    assert [each["FileName"] for each in shown["Attachments"]] == ["rights.pdf"]
    assert (content.body, content.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert post.ask(f"/message/{sent.message_id}/part/3").status == 404


def test_links_and_codes_of_the_html_part_are_given() -> None:
    """A tester finds the link that most readers of the mail would follow; each part is shown."""
    post = Post()
    mail = EmailMessage()
    mail.set_content("You have an update.")
    html = '<p>Your code is 012345. <a href="https://portal.example/in">sign in</a></p>'
    mail.add_alternative(html, subtype="html")
    take_mail(post.inbox, mail.as_bytes(), ["alex@example.com"], sender="portal@force.example")
    shown = post.ask("/message/latest").json

    assert post.ask("/message/latest/links").json == ["https://portal.example/in"]
    assert post.ask("/message/latest/codes").json == ["012345"]
    assert (shown["Text"], shown["HTML"].strip()) == ("You have an update.", html)


@pytest.mark.parametrize(
    ("to", "blind"), [("Alex <ALEX@example.com>", []), ("team@example.com", ["alex@example.com"])]
)
def test_a_recipient_of_the_envelope_alone_is_shown_as_hidden(to: str, blind: list[str]) -> None:
    """As in Mailpit: a blind copy names its reader nowhere else."""
    post = Post()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "portal@force.example", to, "Hello"
    mail.set_content("Words")
    sent = post.take(source=mail.as_bytes())
    shown = post.ask(f"/message/{sent.message_id}").json
    [listed] = post.ask("/messages").json["messages"]

    assert [each["Address"] for each in shown["Bcc"]] == blind
    assert listed["Bcc"] == shown["Bcc"]


def test_a_search_finds_and_deletes() -> None:
    """Only what matches is found, and what was deleted is gone from every list."""
    post = Post()
    kept, gone = post.take("alex@example.com"), post.take("sam@example.com")
    found = post.ask("/search?query=recipient:sam@example.com").json
    deleted = post.ask("/search?query=to:sam", method="DELETE")

    assert [each["ID"] for each in found["messages"]] == [gone.message_id]
    assert (found["total"], found["messages_count"]) == (2, 1)
    assert deleted.status == 200
    assert [each["ID"] for each in post.ask("/messages").json["messages"]] == [kept.message_id]
    assert post.ask(f"/message/{gone.message_id}").status == 404
    assert post.ask("/search?query=recipient:sam@example.com").json["messages"] == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (lambda ids: json.dumps({"IDs": ids}).encode(), "application/json"),
        (lambda ids: f"ids={ids[0]}".encode(), "application/x-www-form-urlencoded"),
    ],
)
def test_named_messages_are_deleted(body: Any, content_type: str) -> None:
    """JSON as Mailpit documents it, and a form as one of its clients sends it, are understood."""
    post = Post()
    kept, gone = post.take(), post.take()
    post.ask(
        "/messages",
        method="DELETE",
        body=body([gone.message_id]),
        headers={"content-type": content_type},
    )

    assert [each["ID"] for each in post.ask("/messages").json["messages"]] == [kept.message_id]


def test_all_are_marked_or_deleted_if_none_is_named() -> None:
    """An empty list means all, as in Mailpit."""
    post = Post()
    post.take()
    post.take()
    post.ask("/messages", method="PUT", body=b'{"IDs": [], "Read": true}')
    read = post.ask("/messages").json["unread"]
    post.ask("/messages", method="PUT", body=b'{"IDs": [], "Read": false}')
    unread = post.ask("/messages").json["unread"]
    post.ask("/messages", method="DELETE")

    assert (read, unread, post.ask("/messages").json["total"]) == (0, 2, 0)


def test_the_latest_message_can_be_asked_for() -> None:
    """`latest` is the newest of all, or of a search."""
    post = Post()
    first = post.take("alex@example.com")
    second = post.take("sam@example.com")

    assert post.ask("/message/latest").json["ID"] == second.message_id
    assert post.ask("/message/latest?query=to:alex").json["ID"] == first.message_id
    assert Post().ask("/message/latest").status == 404


def test_waiting_ends_with_the_message_or_with_408() -> None:
    """A test waits for a message without asking again and again."""
    post = Post()
    with (
        serving(post.app, free_port()) as url,
        urllib3.PoolManager() as http,
        ThreadPoolExecutor(1) as threads,
    ):
        asked = threads.submit(http.request, "GET", f"{url}{API}/wait?query=to:alex&seconds=20")
        missed = http.request("GET", f"{url}{API}/wait?query=to:sam&seconds=0.1")
        sent = post.take("alex@example.com")
        found = asked.result()

    assert (found.status, found.json()["ID"]) == (200, sent.message_id)
    assert missed.status == 408


def test_faults_are_switched_on_and_shown() -> None:
    """What was set is what the mail server draws from."""
    post = Post()
    body = b'{"Sender": {"ErrorCode": 451, "Probability": 100}}'
    answer = post.ask("/chaos", method="PUT", body=body)

    assert answer.json["Sender"] == {"ErrorCode": 451, "Probability": 100}
    assert post.ask("/chaos").json == answer.json
    assert post.chaos.code("Sender") == 451


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", "/messages?limit=many", b"", 400),
        ("GET", "/messages?start=-1", b"", 400),
        ("GET", "/messages?limit=1001", b"", 400),
        ("GET", "/messages?start=nan", b"", 400),
        ("GET", "/search?query=wrote:alex", b"", 400),
        ("GET", f"/wait?seconds={WAIT_SECONDS_MAX + 1}", b"", 400),
        ("GET", "/message/unknown", b"", 404),
        ("GET", "/weather", b"", 404),
        ("PUT", "/chaos", b'{"Sender": {"ErrorCode": 99}}', 400),
        ("PUT", "/chaos", b"no JSON", 400),
        ("DELETE", "/messages", b"[1]", 400),
        ("DELETE", "/messages", b'{"IDs": [1]}', 400),
        ("DELETE", "/messages", b" " * 1_000_001, 413),
        ("POST", "/messages", b"", 405),
    ],
)
def test_a_request_that_cannot_be_met_says_why(
    method: str, target: str, body: bytes, status: int
) -> None:
    """Each refusal has a status and a sentence."""
    answer = Post().ask(target, method=method, body=body)

    assert answer.status == status
    assert answer.json["Error"]


def test_with_a_token_every_call_wants_it() -> None:
    """What a victim was sent is shown only to those who hold the token."""
    post = Post(token="a token of our own")
    sent = post.take()
    targets = ["/info", "/messages", "/search", "/tags", "/chaos", f"/message/{sent.message_id}"]
    right = {"authorization": "Bearer a token of our own"}

    assert [post.ask(each).status for each in targets] == [401] * len(targets)
    assert [post.ask(each, headers=right).status for each in targets] == [200] * len(targets)
    assert post.ask("/info", headers={"authorization": "Bearer guess"}).status == 401


@settings(max_examples=examples(200))
@given(
    st.sampled_from(["/messages", "/search", "/chaos"]),
    st.sampled_from(["PUT", "DELETE"]),
    st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_no_body_breaks_it(target: str, method: str, body: bytes) -> None:
    """Whatever is sent, the answer is no server error."""
    assert Post().ask(target, method=method, body=body).status < 500
