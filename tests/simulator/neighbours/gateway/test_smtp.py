"""Rules of the mail server: a real client's mail arrives, and no real person gets any."""

import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import SuiteError
from simulator.neighbours.gateway.chaos import Chaos, Trigger, Triggers
from simulator.neighbours.gateway.inbox import Accepted, Inbox, RefusedRequest
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.smtp import (
    MESSAGE_BYTES_MAX,
    RECIPIENTS_MAX,
    Login,
    smtp_serving,
    take_mail,
    why_not,
)
from simulator.processes.certificates import Certificates, loopback_certificates
from simulator.processes.loopback import free_port
from tests.examples import examples
from tests.simulator.asgi import call

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class Post:
    """A mail server with its inbox, and a client of it."""

    def __init__(self, inbox: Inbox, address: str) -> None:
        self.inbox = inbox
        host, _, port = address.partition(":")
        self.port = int(port)
        self.client = smtplib.SMTP(host, self.port, timeout=5)

    def send(self, message: EmailMessage, *to: str) -> None:
        """Send as any mail client does."""
        self.client.send_message(message, "portal@force.example", list(to))

    def arrived(self) -> list[Accepted]:
        """List what was taken."""
        return [each for each in self.inbox.drain() if isinstance(each, Accepted)]

    def refused(self) -> list[RefusedRequest]:
        """List what was refused."""
        return [each for each in self.inbox.drain() if isinstance(each, RefusedRequest)]


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server, and a portal's client that has connected."""
    inbox = Inbox(lambda: NOW)
    with smtp_serving(inbox, port=free_port()) as address:
        post = Post(inbox, address)
        yield post
        post.client.close()


def letter(words: str = "There is an update.\n", subject: str = "An update") -> EmailMessage:
    """Write an email."""
    message = EmailMessage()
    message["From"] = "Our portal <portal@force.example>"
    message["Subject"] = subject
    message.set_content(words)
    return message


def test_mail_reaches_the_same_inbox_word_for_word(post: Post) -> None:
    """Subject, text and sender are as they were written, whatever the letters and line ends."""
    words = "Zażółć gęślą jaźń.\n\n.A line that begins with a dot\nhttps://portal.example/w/1-2"
    post.send(letter(words, subject="Coś nowego – ü"), "Alex.1@Example.com")

    (message,) = post.arrived()

    assert (message.channel, message.to) == ("email", "alex.1@example.com")
    assert message.to_given == "Alex.1@Example.com"
    assert message.body == words
    assert message.subject == "Coś nowego – ü"
    assert message.sender == "Our portal <portal@force.example>"
    assert message.accepted_at == NOW


def test_everybody_written_to_has_a_message_of_their_own(post: Post) -> None:
    """One mail to two people is two messages, each with an id to tell what became of it."""
    post.send(letter(), "one@example.org", "two@mail.test")

    arrived = post.arrived()

    assert [each.to for each in arrived] == ["one@example.org", "two@mail.test"]
    assert len({each.message_id for each in arrived}) == len(arrived)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("somebody@gmail.com", "gmail.com may be somebody's"),
        ("somebody@example.co.uk", "example.co.uk may be somebody's"),
        ("somebody@myexample.com", "myexample.com may be somebody's"),
        ("somebody@example.com.attacker.net", "attacker.net may be somebody's"),
        ("nobody", "Not a valid email address"),
        ("two..dots@example.com", "Not a valid email address"),
    ],
)
def test_mail_that_might_reach_somebody_is_refused(post: Post, address: str, why: str) -> None:
    """550, with the reason in words, to the client and in the inbox; nothing is taken."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send(letter(), address)

    code, words = refused.value.recipients[address]
    assert code == 550
    assert why in words.decode()
    (noted,) = post.refused()
    assert (noted.to, noted.status, noted.channel) == (address, 550, "email")
    assert why in noted.reason


@pytest.mark.parametrize(
    "domain",
    ["example.com", "example.net", "mail.example.org", "a.test", "b.invalid", "c.example"],
)
def test_domains_nobody_can_own_are_written_to(domain: str) -> None:
    """RFC 2606 keeps them for examples."""
    assert why_not(f"somebody@{domain}") == ""


def test_one_bad_recipient_does_not_stop_the_others(post: Post) -> None:
    """The client learns which recipients were refused; the rest are accepted."""
    refused = post.client.send_message(
        letter(), "portal@force.example", ["real@gmail.com", "kept@example.com"]
    )

    assert list(refused) == ["real@gmail.com"]
    assert [each.to for each in post.arrived()] == ["kept@example.com"]


def test_the_words_of_html_alone_are_read(post: Post) -> None:
    """Its tags are no words; where its links lead is."""
    message = EmailMessage()
    message["Subject"] = "An update"
    message.set_content(
        '<p>There is an <b>up</b>date: <a href="https://evil.example/in">sign in</a></p>',
        subtype="html",
    )
    post.send(message, "kept@example.com")

    (arrived,) = post.arrived()
    assert arrived.body == "There is an update: sign in https://evil.example/in"


def test_both_parts_are_read(post: Post) -> None:
    """A mailbox shows one or the other: what either says was sent."""
    message = letter("You have an update.\n")
    message.add_alternative(
        '<p>Your rape case: <a href="https://evil.example/login">sign in</a></p>', subtype="html"
    )
    post.send(message, "kept@example.com")

    (arrived,) = post.arrived()
    assert arrived.body == (
        "You have an update.\n\nYour rape case: sign in https://evil.example/login"
    )


@pytest.mark.parametrize("words", ["", " \n\t\n"])
def test_an_empty_mail_is_refused(post: Post, words: str) -> None:
    """Nothing to read is a mistake of the portal's, told to it: 554."""
    with pytest.raises(smtplib.SMTPDataError) as refused:
        post.send(letter(words), "kept@example.com")

    assert refused.value.smtp_code == 554
    assert post.inbox.drain() == []


def test_a_mail_has_a_greatest_length(post: Post) -> None:
    """What is longer than the limit is refused before it is read."""
    with pytest.raises(smtplib.SMTPException):
        post.send(letter("x" * 70 + "\n" + "word " * (MESSAGE_BYTES_MAX // 4)), "kept@example.com")

    assert post.inbox.drain() == []


def test_a_mail_has_a_greatest_number_of_recipients(post: Post) -> None:
    """One more than the limit is put off, and named."""
    people = [f"person{number}@example.com" for number in range(RECIPIENTS_MAX + 1)]

    refused = post.client.send_message(letter(), "portal@force.example", people)

    assert list(refused) == [people[-1]]
    assert refused[people[-1]][0] == 452
    assert len(post.arrived()) == RECIPIENTS_MAX


def test_a_port_in_use_is_named(post: Post) -> None:
    """Where it cannot listen it says where that was, and asks the likely question."""
    with (
        pytest.raises(SuiteError, match=f"{post.port}: our mail server .* is it in use?"),
        smtp_serving(Inbox(lambda: NOW), port=post.port),
    ):
        pass


def test_while_it_is_down_nothing_is_taken_and_a_client_may_try_again(post: Post) -> None:
    """451 means try again; afterwards the same mail is accepted."""
    post.inbox.is_down = True
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send(letter(), "zoe.elm@example.com")

    assert refused.value.recipients["zoe.elm@example.com"][0] == 451
    assert [each.status for each in post.refused()] == [451]

    post.inbox.is_down = False
    post.send(letter(), "zoe.elm@example.com")

    assert len(post.arrived()) == 1


LOGIN = Login("portal", "a password of our own")


@pytest.fixture
def locked_post(tmp_path: Path) -> Iterator[tuple[Post, Certificates, Chaos]]:
    """A mail server that wants STARTTLS and a login, its certificates, and its faults."""
    inbox, chaos = Inbox(lambda: NOW), Chaos(seed=7)
    certificates = loopback_certificates(tmp_path)
    with smtp_serving(
        inbox, port=free_port(), chaos=chaos, tls=certificates.server_context(), login=LOGIN
    ) as address:
        post = Post(inbox, address)
        yield post, certificates, chaos
        post.client.close()


def test_a_client_that_signs_in_is_served(
    locked_post: tuple[Post, Certificates, Chaos],
) -> None:
    """After STARTTLS and the right password, mail is taken."""
    post, certificates, _ = locked_post
    post.client.starttls(context=certificates.client_context())
    post.client.login(LOGIN.name, LOGIN.password)
    post.send(letter(), "alex@example.com")

    assert [each.to for each in post.arrived()] == ["alex@example.com"]


def test_a_client_without_encryption_or_password_is_refused(
    locked_post: tuple[Post, Certificates, Chaos],
) -> None:
    """Neither a password in the clear nor mail without one is taken."""
    post, certificates, _ = locked_post
    with pytest.raises(smtplib.SMTPException):
        post.client.login(LOGIN.name, LOGIN.password)
    post.client.starttls(context=certificates.client_context())
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        post.client.login(LOGIN.name, "a guess")
    with pytest.raises(smtplib.SMTPException):
        post.send(letter(), "alex@example.com")

    assert refused.value.smtp_code == 535
    assert post.arrived() == []


def test_a_fault_of_the_sign_in_can_be_switched_on(
    locked_post: tuple[Post, Certificates, Chaos],
) -> None:
    """With the fault on, the right password is refused with the code that was set."""
    post, certificates, chaos = locked_post
    chaos.triggers = Triggers(authentication=Trigger(error_code=454, probability=100))
    post.client.starttls(context=certificates.client_context())
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        post.client.login(LOGIN.name, LOGIN.password)

    assert refused.value.smtp_code == 454


@pytest.mark.parametrize("code", [421, 451, 552])
def test_faults_of_sender_and_recipient_can_be_switched_on(code: int) -> None:
    """A fault is answered with its code; the world knows who was not told of which message."""
    inbox, chaos = Inbox(lambda: NOW), Chaos()
    with smtp_serving(inbox, port=free_port(), chaos=chaos) as address, ExitStack() as clients:

        def post() -> Post:
            connected = Post(inbox, address)
            clients.callback(connected.client.close)
            return connected

        chaos.triggers = Triggers(recipient=Trigger(error_code=code, probability=100))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            post().send(letter(), "alex@example.com")
        chaos.triggers = Triggers(sender=Trigger(error_code=code, probability=100))
        with pytest.raises(smtplib.SMTPSenderRefused) as sender_refused:
            post().send(letter(), "alex@example.com")
        chaos.triggers = Triggers()
        last = post()
        last.send(letter(), "alex@example.com")
        refused, arrived = inbox.drain()

    assert isinstance(refused, RefusedRequest)
    assert refused.status == code
    assert sender_refused.value.smtp_code == code
    assert arrived.to == "alex@example.com"


_MIME_LINES = st.sampled_from(
    [
        b"Subject: =?utf-8?q?=C3?=",
        b"Subject: =?no-such-set?b?!!!?=",
        b"Subject: \xff\xfe",
        b'From: <<>>, "',
        b"To: a@b@c:;",
        b"Cc: =?utf-8?b?AAAA",
        b"Date: 99 Foo 20",
        b"X-Correlation-ID: \xe4",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: multipart/alternative; boundary=",
        b"Content-Type: text/plain; charset=no-such-set",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: message/rfc822",
        b"Content-Type: image/png; name*=utf-8''%ff",
        b"Content-Type: ;;;",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: weather",
        b'Content-Disposition: attachment; filename="x',
        b"--b",
        b"--b--",
        b"",
        b" folded",
        b"plain words",
        b"\x00\xff\xfe",
        b"AAAA====AAAA",
    ]
)


@settings(max_examples=examples(300))
@given(st.lists(_MIME_LINES, max_size=14) | st.binary(max_size=200).map(lambda each: [each]))
def test_no_mail_breaks_it(lines: list[bytes]) -> None:
    """Whatever is sent is taken or refused; what is taken can be read in every way."""
    inbox = Inbox(lambda: NOW)
    answer = take_mail(inbox, b"\r\n".join(lines), ["alex@example.com"], sender="")
    app = mailpit_app(inbox, chaos=Chaos())

    assert answer.startswith(("250 ", "554 "))
    for message in inbox.drain():
        assert isinstance(message, Accepted)
        path = f"/api/v1/message/{message.message_id}"
        for each in ("", "/headers", "/raw", "/part/1", "/part/2", "/links", "/codes"):
            assert call(app, "GET", f"{path}{each}", headers={}).status in {200, 404}
    assert call(app, "GET", "/api/v1/messages", headers={}).status == 200
