"""Speaks the HTTP contract to any portal that meets it, by URL or in process.

Raises `Refused` if the portal refuses, `PortalNonsense` for an answer that the contract does not
allow, and `PortalUnreachable` for none.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import Channel
from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    Subject,
    TimelineEntry,
)
from reference.contract.signing import sign
from simulator.clock import Now
from simulator.drivers.base import (
    ContactChoice,
    Delivery,
    Driver,
    Refused,
    Session,
    SignedBy,
    Step,
    WithdrawalStep,
)
from simulator.drivers.exchange import Exchange, Reply, shown
from simulator.drivers.http_answers import (
    AdviceListed,
    ClockMoved,
    ConversationShown,
    CrimesListed,
    SessionBegun,
    TimelineShown,
    WithdrawalAnswered,
    kind_of,
    problem_in,
    read,
    step_in,
)
from simulator.errors import NOT_AVAILABLE, PortalNonsense, PortalNotAvailable
from simulator.inputs.capabilities import Capability
from simulator.inputs.target import SecretValues

T = TypeVar("T")
#: The secret of a person who is not the force.
ANOTHER_SECRET = "whsec_" + "bm90LXRoZS1zZWNyZXQtdGhhdC13YXMtYWdyZWVkLW9u"
#: The secret that a delivery is signed with ("" for the agreed one), and how long ago.
_SIGNED: dict[SignedBy, tuple[str | None, timedelta]] = {
    "the force": ("", timedelta(0)),
    "the force an hour ago": ("", timedelta(hours=1)),
    "another key": (ANOTHER_SECRET, timedelta(0)),
    "nobody": (None, timedelta(0)),
}


class HttpDriver:
    """The driver for a portal with the HTTP interfaces of the contract.

    `security_now` dates signatures: the time of day by URL, the world's clock in process.
    """

    def __init__(
        self,
        exchange: Exchange,
        *,
        secrets: SecretValues,
        capabilities: frozenset[Capability],
        security_now: Now,
        events_path: str = "/crime-events",
    ) -> None:
        self._exchange = exchange
        self._events_path = events_path
        self._secrets = secrets
        self._security_now = security_now
        self.capabilities = capabilities
        self._calls = count(1)

    def deliver(self, delivery: Delivery) -> int:
        """Hand over a batch, signed now; return the status."""
        return self.deliver_signed(delivery)

    def deliver_signed_by(self, delivery: Delivery, signed_by: SignedBy) -> int:
        """Hand over a batch as another sender would; return the status."""
        secret, age = _SIGNED[signed_by]
        return self.deliver_signed(delivery, secret=secret, age=age)

    def deliver_signed(
        self, delivery: Delivery, *, secret: str | None = "", age: timedelta = timedelta(0)
    ) -> int:
        """Hand over a batch signed earlier, by another secret, or not at all; return the status."""
        return self.answer_to(delivery, secret=secret, age=age).status

    def answer_to(
        self, delivery: Delivery, *, secret: str | None = "", age: timedelta = timedelta(0)
    ) -> Reply:
        """Hand over a batch like `deliver_signed`; return the whole answer."""
        body = b"[" + b",".join(delivery.events) + b"]"
        key, at = secret or self._secrets.events, self._security_now() - age
        signed = sign(key, delivery_id=delivery.id, at=at, body=body) if secret is not None else {}
        return self._exchange.send("POST", self._events_path, delivery.headers | signed, body)

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Tell the portal what became of a message."""
        body = msgspec.json.encode(receipt)
        self._hook("/delivery-receipts", body, token=self._secrets.receipts)

    def receive_text(self, text: ReceivedText) -> None:
        """Hand over a text that a person sent back, by Notify's callback."""
        self._hook("/received-texts", msgspec.json.encode(text), token=self._secrets.receipts)

    def open_invitation(self, link: str) -> Step:
        """Send the invitation's token, the last part of the link, as the form on its page does."""
        token = _path_of(link).rpartition("/")[2]
        return self._step("/api/invitation", {"token": token})

    def visit(self, link: str) -> None:
        """Fetch a link as a mail scanner does."""
        path = _path_of(link)
        for method in ("HEAD", "GET"):
            self._exchange.send(method, path, {"user-agent": "mail-scanner"})

    def begin_sign_in(self, address: str) -> Step:
        """Begin to sign in by phone number or email address."""
        return self._step("/api/sign-in", {"address": address})

    def prove(self, step: Step, proof: str) -> Step:
        """Give the agreed word, or the date of birth where the step asks for that."""
        if step.asks == "date_of_birth":
            path, field = "/api/sign-in/date-of-birth", "date_of_birth"
        else:
            path, field = "/api/sign-in/word", "agreed_word"
        return self._step(path, {"step": step.id, field: proof})

    def enter_code(self, step: Step, code: str) -> Session:
        """Give the one-time code."""
        body = msgspec.json.encode({"step": step.id, "code": code})
        reply = self._call("POST", "/api/sign-in/code", body)
        token = read(reply, SessionBegun, "/api/sign-in/code").session
        if not re.fullmatch(r"[!-~]+", token):
            raise PortalNonsense(
                f"POST {reply.origin}/api/sign-in/code: session cannot be sent in a header; "
                "use printable ASCII"
            )
        return Session(token)

    def sign_out(self, session: Session) -> None:
        """End the session."""
        self._call("POST", "/api/sign-out", token=session.token)

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """List the victim's crimes."""
        return self._get("/api/crimes", CrimesListed, session).crimes

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Read one crime's page."""
        path = f"/api/crimes/{quote(crime_reference, safe='')}/timeline"
        return self._get(path, TimelineShown, session).timeline

    def advice(self, session: Session) -> list[AdvicePage]:
        """List general advice."""
        return self._get("/api/advice", AdviceListed, session).advice

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Write to the officer in charge."""
        path = f"/api/crimes/{quote(crime_reference, safe='')}/questions"
        self._call("POST", path, msgspec.json.encode({"text": text}), token=session.token)

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Write to the officer in charge, and say what it is about."""
        path = f"/api/crimes/{quote(crime_reference, safe='')}/questions"
        body = msgspec.json.encode({"text": text, "about": about})
        self._call("POST", path, body, token=session.token)

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read what victim and officer wrote."""
        path = f"/api/crimes/{quote(crime_reference, safe='')}/conversation"
        return self._get(path, ConversationShown, session).conversation

    def contact(self, session: Session) -> ContactChoice:
        """Read by which channels the victim hears."""
        return self._get("/api/contact", ContactChoice, session)

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Choose by which channels to hear from now on."""
        self._put_contact(session, {"channels": list(channels)})

    def stop_messages(self, session: Session) -> None:
        """Choose no channel."""
        self._put_contact(session, {"channels": []})

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Ask to talk about no longer supporting the investigation; return what is shown."""
        path = f"/api/crimes/{quote(crime_reference, safe='')}/withdrawal"
        body = msgspec.json.encode({"confirmed": until == "confirmed"})
        reply = self._call("POST", path, body, token=session.token)
        return read(reply, WithdrawalAnswered, path).text

    def not_for_me(self, address: str, link: str) -> str:
        """Say that messages to this phone or mailbox are not for the person there."""
        given = {"token": link.rpartition("/")[2]} if link else {"address": address}
        body = msgspec.json.encode(given)
        return self._call("POST", "/api/not-for-me", body).body.decode(errors="replace")

    def advance_to(self, now: datetime) -> datetime | None:
        """Move the portal's test clock, if it has one."""
        if "test_clock" not in self.capabilities:
            return None
        body = msgspec.json.encode({"now": now})
        reply = self._hook("/test-clock", body, token=self._secrets.test_clock)
        clock = read(reply, ClockMoved, "/test-clock")
        if clock.now != now:
            raise PortalNonsense(
                f"POST {reply.origin}/test-clock: now is {clock.now.isoformat()} after it was made "
                f"{now.isoformat()}"
            )
        if clock.next_due is not None and clock.next_due <= now:
            raise PortalNonsense(
                f"POST {reply.origin}/test-clock: next_due is {clock.next_due.isoformat()}, not "
                "after now; all due work is to be done before the answer"
            )
        return clock.next_due

    def enter_phase(self, phase: int) -> None:
        """Do nothing: phases have dates, and the clock has moved."""

    def check(self) -> str:
        """Check that the portal answers by the contract; return the Date of its answer."""
        reply = self._exchange.send("GET", "/api/crimes", {})
        if reply.status != 401 or problem_in(reply) is None:
            raise PortalNonsense(
                f"GET {reply.origin}/api/crimes without a session answered {reply.status} and "
                f"{kind_of(reply)}; the contract says 401 and a problem document. "
                "Is access.portal_url a portal?"
            )
        return reply.date

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def _hook(self, path: str, body: bytes, *, token: str) -> Reply:
        """Call an interface that the portal claims; it must not refuse."""
        try:
            return self._call("POST", path, body, token=token)
        except Refused as refused:
            raise PortalNonsense(
                f"POST {path} answered {refused.status}, though the portal claims it; "
                "is the token the same on both sides?"
            ) from None

    def _put_contact(self, session: Session, choice: dict[str, object]) -> None:
        self._call("PUT", "/api/contact", msgspec.json.encode(choice), token=session.token)

    def _step(self, path: str, body: dict[str, str]) -> Step:
        return step_in(self._call("POST", path, msgspec.json.encode(body)), path)

    def _get(self, path: str, kind: type[T], session: Session) -> T:
        return read(self._call("GET", path, token=session.token), kind, path)

    def _call(self, method: str, path: str, body: bytes = b"", *, token: str = "") -> Reply:
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            # The portal would make up another one in each run.
            CORRELATION_ID: f"Call.{next(self._calls)}",
        }
        if token:
            headers["authorization"] = f"Bearer {token}"
        reply = self._exchange.send(method, path, headers, body)
        if 200 <= reply.status < 300:
            return reply
        problem = problem_in(reply)
        if reply.status == NOT_AVAILABLE and problem is not None:
            raise PortalNotAvailable(
                f"{method} {reply.origin}{shown(path)} answered 503: the portal cannot do it now"
            )
        if not 400 <= reply.status < 500 or problem is None:
            raise PortalNonsense(
                f"{method} {reply.origin}{shown(path)} answered {reply.status} and "
                f"{kind_of(reply)}; the contract says a problem document (RFC 9457) below 500"
            )
        detail = problem.detail if isinstance(problem.detail, str) else ""
        raise Refused(reply.status, problem.title, detail)


def _path_of(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        raise PortalNonsense("the invitation link is not one that a browser can follow") from None


def by_http(driver: Driver) -> HttpDriver | None:
    """Return the driver that speaks the contract, itself or behind a driver of the pages."""
    behind = getattr(driver, "by_http", driver)
    return behind if isinstance(behind, HttpDriver) else None
