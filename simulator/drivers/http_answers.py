"""Reads a portal's answers by the HTTP contract; raises `PortalNonsense` for any other answer."""

from typing import TypeVar

import msgspec
from msgspec import Struct

from reference.contract.events import Moment
from reference.contract.messages import AdvicePage, ConversationPost, CrimeSummary, TimelineEntry
from simulator.drivers.base import Step
from simulator.drivers.exchange import Reply, shown
from simulator.errors import PortalNonsense

T = TypeVar("T")
_ASKS = ("agreed_word", "date_of_birth", "one_time_code")


class CrimesListed(Struct, frozen=True):
    """A victim's crimes."""

    crimes: list[CrimeSummary]


class TimelineShown(Struct, frozen=True):
    """What has happened in one crime."""

    timeline: list[TimelineEntry]


class ConversationShown(Struct, frozen=True):
    """What victim and officer wrote."""

    conversation: list[ConversationPost]


class AdviceListed(Struct, frozen=True):
    """General advice."""

    advice: list[AdvicePage]


class WithdrawalAnswered(Struct, frozen=True):
    """What a victim reads who asked to talk about no longer supporting the investigation."""

    asked: bool
    text: str


class StepBegun(Struct, frozen=True):
    """A sign-in under way."""

    step: str
    asks: str


class SessionBegun(Struct, frozen=True):
    """A session that has begun."""

    session: str


class ClockMoved(Struct, frozen=True):
    """The test clock's time, and when the next work is due."""

    now: Moment
    next_due: Moment | None


class Problem(Struct, frozen=True):
    """The portal's refusal (RFC 9457)."""

    title: str = ""
    detail: object = ""  # a member of another type is ignored (RFC 9457, section 3.1)
    field: object = ""  # as the contract has it: which field is wrong


def read(reply: Reply, kind: type[T], path: str) -> T:
    """Read an answer; raises PortalNonsense saying what is wrong with it."""
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        what = str(error).partition(":")[0][:200]
        or_fix = ", or fix access.portal_url" if reply.origin else ""
        raise PortalNonsense(
            f"{reply.origin}{shown(path)} answered something else: {what} ({kind_of(reply)}); "
            f"answer as reference/contract/portal.openapi.yaml says{or_fix}"
        ) from None


def step_in(reply: Reply, path: str) -> Step:
    """Read what the portal asks for next; raises PortalNonsense if no victim could give it."""
    step = read(reply, StepBegun, path)
    if step.asks not in _ASKS:
        raise PortalNonsense(
            f"POST {reply.origin}{path}: asks is {step.asks!r}; one of {', '.join(_ASKS)}"
        )
    return Step(step.step, step.asks)  # type: ignore[arg-type]


def problem_in(reply: Reply) -> Problem | None:
    """Read a problem document; None if it is not one."""
    try:
        return msgspec.json.decode(reply.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def kind_of(reply: Reply) -> str:
    """Describe an answer without quoting it: it may hold secrets."""
    looks = "a page" if reply.body.lstrip()[:1] == b"<" else "something else"
    return f"{looks} of {len(reply.body)} bytes"
