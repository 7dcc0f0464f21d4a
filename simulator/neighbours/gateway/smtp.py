"""The gateway as a mail server, for a portal that sends its own emails: real SMTP on loopback.

It uses the same inbox as the Notify double. It refuses mail for any domain but those reserved for
examples, with 550 and the reason, so no real person can get mail. Like the relay of a force's own
network, it asks for no password, unless it is given one; then it wants STARTTLS first.
"""

import email
import email.policy
import hmac
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from reference.contract.correlation import CORRELATION_ID
from simulator.errors import SuiteError
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.html_words import words_of_both
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.mail_reading import header, words_of
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox
from simulator.processes.loopback import HOST

MESSAGE_BYTES_MAX = 2_000_000
RECIPIENTS_MAX = 50

# RFC 2606 and RFC 6761: no one can own these.
_KEPT_FOR_EXAMPLES = re.compile(
    r"(?:.+\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)"
)


class Trouble(Protocol):
    """The faults of a mail server beside those of Mailpit, and who hears of its answers."""

    async def before(self) -> str:
        """Give the answer that refuses a mail before anything is done with it, or ""."""

    def after(self) -> str:
        """Give the answer that stands for a lost one, after a mail was taken, or ""."""

    def answered(self, command: str, answer: str) -> None:
        """Hear of an answer."""


class _NoTrouble:
    async def before(self) -> str:
        return ""

    def after(self) -> str:
        return ""

    def answered(self, command: str, answer: str) -> None:
        """Nobody hears of it."""


@dataclass(frozen=True)
class Login:
    """The name and password that a portal signs in to the mail server with."""

    name: str
    password: str


@contextmanager
def smtp_serving(
    inbox: Inbox,
    *,
    port: int,
    host: str = HOST,
    chaos: Chaos | None = None,
    tls: ssl.SSLContext | None = None,
    login: Login | None = None,
    trouble: Trouble | None = None,
) -> Iterator[str]:
    """Listen in a thread; yields "host:port". Raises SuiteError if it cannot.

    With `tls` a client may, and with a `login` it must, encrypt the connection by STARTTLS.
    """
    _check_free(port, host)
    faults = chaos or Chaos()
    controller = Controller(
        _Postmaster(inbox, faults, trouble or _NoTrouble()),
        hostname=host,
        port=port,
        server_hostname="gateway.example",
        data_size_limit=MESSAGE_BYTES_MAX,
        tls_context=tls,
        require_starttls=login is not None,
        authenticator=_Doorman(login, faults) if login else None,
        auth_required=login is not None,
    )
    controller.start()
    try:
        yield f"{host}:{port}"
    finally:
        controller.stop()


def why_not(address: str) -> str:
    """Explain why no mail may go to an address ("" if it may)."""
    try:
        found = mailbox(address)
    except InvalidRecipient as invalid:
        return f"5.1.3 {invalid}"
    domain = found.address.rpartition("@")[2]
    if _KEPT_FOR_EXAMPLES.fullmatch(domain):
        return ""
    return (
        f"5.7.1 {domain} may be somebody's: this server takes mail for domains that are kept for "
        "examples only, such as example.com or anything under .test"
    )


def take_mail(inbox: Inbox, content: bytes, to: list[str], *, sender: str) -> str:
    """Take a mail for each of its recipients; return the answer of the server."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    # Whichever part a person's mailbox shows, its words were sent.
    words = words_of_both(words_of(message, "plain"), words_of(message, "html"))
    if not words:
        return "554 5.6.0 The message has no text to read"
    if any(inbox.refusal_of(mailbox(address).address, words) for address in to):
        reason = "4.7.0 Too many mails at once; try again later"
        for address in to:
            inbox.refuse(channel="email", to=address, status=451, reason=reason)
        return f"451 {reason}"
    taken = [
        inbox.accept(
            channel="email",
            to=mailbox(address).address,
            to_given=address,
            subject=" ".join(header(message, "Subject").split()),
            body=words,
            sender=header(message, "From") or sender,
            reference="",
            template_id="",
            correlation_id=header(message, CORRELATION_ID),
            source=content,
        ).message_id
        for address in to
    ]
    return f"250 2.0.0 taken as {' '.join(taken)}"


def _check_free(port: int, host: str) -> None:
    """Check that a port is free, since the server's thread could not report that."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SuiteError(
                f"{host}:{port}: our mail server could not listen there; is it in use?"
            ) from None


class _Postmaster:
    """The server's answers to a client's commands."""

    def __init__(self, inbox: Inbox, chaos: Chaos, trouble: Trouble) -> None:
        self._inbox = inbox
        self._chaos = chaos
        self._trouble = trouble

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = await self._trouble.before() or self._sender(envelope, address, options)
        self._trouble.answered("MAIL", answer)
        return answer

    def _sender(self, envelope: Envelope, address: str, options: list[str]) -> str:
        code = self._chaos.code("Sender")
        if code:
            return f"{code} {_enhanced(code)} A fault of the sender's command is switched on"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's names
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answer = self._recipient(envelope, address)
        self._trouble.answered("RCPT", answer)
        return answer

    def _recipient(self, envelope: Envelope, address: str) -> str:
        if self._inbox.is_down:
            reason = "4.3.2 The mail server is down; try again later"
            self._inbox.refuse(channel="email", to=address, status=451, reason=reason)
            return f"451 {reason}"
        code = self._chaos.code("Recipient")
        if code:
            reason = f"{_enhanced(code)} A fault of the recipient's command is switched on"
            self._inbox.refuse(channel="email", to=address, status=code, reason=reason)
            return f"{code} {reason}"
        reason = why_not(address)
        if reason:
            self._inbox.refuse(channel="email", to=address, status=550, reason=reason)
            return f"550 {reason}"
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return f"452 4.5.3 at most {RECIPIENTS_MAX} recipients; send it to the others again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        answer = take_mail(
            self._inbox, envelope.content, envelope.rcpt_tos, sender=envelope.mail_from or ""
        )
        answer = self._trouble.after() or answer
        self._trouble.answered("DATA", answer)
        return answer


class _Doorman:
    """Checks AUTH LOGIN and AUTH PLAIN against one login."""

    def __init__(self, login: Login, chaos: Chaos) -> None:
        self._login = login
        self._chaos = chaos

    def __call__(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        code = self._chaos.code("Authentication")
        if code:
            words = f"{code} {_enhanced(code)} A fault of the sign-in is switched on"
            return AuthResult(success=False, handled=False, message=words)
        if not isinstance(given, LoginPassword):
            return AuthResult(success=False, handled=False)
        name = hmac.compare_digest(given.login, self._login.name.encode())
        password = hmac.compare_digest(given.password, self._login.password.encode())
        return AuthResult(success=name and password, handled=False)


def _enhanced(code: int) -> str:
    """Give the enhanced status code of a fault: of the same class, and otherwise unknown."""
    return f"{code // 100}.0.0"
