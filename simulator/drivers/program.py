"""A vendor's driver that is a program in any language: one JSON object a line, in and out.

To `{"id", "do", "with"}` it answers `{"id", "gives"}` or `{"id", "refused"}`; docs/drivers.md
has every message. It gets secrets by the pipe, so no process list or environment shows them.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec
from msgspec import Raw, Struct, structs

from simulator.drivers.base import Refused
from simulator.drivers.methods import HELLO, PROTOCOL_VERSION, Greeting, Method, in_json
from simulator.drivers.surroundings import Surroundings
from simulator.drivers.vendor import FORMER_NAMES, VendorDriver
from simulator.errors import (
    NOT_AVAILABLE,
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
)
from simulator.files.paths import found_in
from simulator.processes.child_process import CannotRun
from simulator.processes.line_process import (
    LINE_BYTES_MAX,
    LineProcess,
    LineTooLong,
    Stopped,
    TookTooLong,
)

NOT_WRITTEN = 501
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
    """The portal's refusal: a status from 400 to 499, or 503 for what it cannot do now.

    501 says what the program cannot do yet.
    """

    status: int
    title: str
    detail: str = ""


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """One line from a program: `gives` or `refused`, for the request with this id."""

    id: int
    gives: Raw = Raw()
    refused: Refusal | None = None


class ProgramDriver(VendorDriver):
    """Drives a portal by a program. `environment` is the part of ours that it may see."""

    def __init__(
        self,
        command: Sequence[str],
        surroundings: Surroundings,
        *,
        order_path: str,
        environment: Mapping[str, str],
    ) -> None:
        """Start the program and say hello. Raises BadInput, PortalUnreachable or PortalNonsense."""
        super().__init__(f"access.program {command[0]!r}", surroundings)
        self._wait_seconds_max = surroundings.wait_seconds_max
        self._id = 0
        self._lines = 0
        #: The requests that it has not answered in time, the oldest first.
        self._given_up: dict[int, str] = {}
        filled = [each.replace("{python}", sys.executable) for each in found_in(command)]
        try:
            self._process = LineProcess(filled, environment=environment)
        except CannotRun as error:
            raise BadInput(f"{self.who} cannot be run ({error}); is it installed?") from None
        try:
            self._greet(surroundings, order_path)
        except BaseException:
            self._process.stop(at_once=True)
            raise

    def ask(self, method: Method, given: tuple[object, ...]) -> object:
        """Send the program a request, and wait for its answer.

        A program that does not know a method is asked by the name that it had earlier.
        """
        try:
            return self._ask(method, given)
        except CannotVerify:
            if former := FORMER_NAMES.get(method.name):
                with suppress(CannotVerify):
                    return self._ask(structs.replace(method, name=former), given)
            raise

    def _ask(self, method: Method, given: tuple[object, ...]) -> object:
        self._id += 1
        arguments = dict(zip(method.takes.__struct_fields__, map(in_json, given), strict=True))
        request = {"id": self._id, "do": method.name, "with": arguments}
        self._process.write(msgspec.json.encode(request))
        answer = self._answer(method.name)
        if answer.refused is not None:
            raise self._no(method.name, answer.refused)
        try:
            return msgspec.json.decode(answer.gives, type=method.gives)
        except _UNREADABLE as error:
            what = self.quoted(error)
            raise self._nonsense_line(
                method.name, f"should give {method.gives_words} ({what})"
            ) from None

    def close(self) -> None:
        """Close the program's input, which tells it that the run is over, and wait for its end."""
        self._process.stop()

    def _greet(self, surroundings: Surroundings, order_path: str) -> None:
        values = {"protocol": PROTOCOL_VERSION, "order_path": order_path}
        given = [
            values[name] if name in values else getattr(surroundings, name)
            for name in HELLO.takes.__struct_fields__
        ]
        try:
            greeting = self.ask(HELLO, tuple(given))
        except Refused as refused:
            why = self.quoted(f"{refused.title} {refused.detail}")
            raise PortalUnreachable(f"{self.who} refused to begin: {why}") from None
        assert isinstance(greeting, Greeting)
        if greeting.protocol != PROTOCOL_VERSION:
            raise self._nonsense_line(
                "hello", f"has protocol {greeting.protocol}; this suite speaks {PROTOCOL_VERSION}"
            )
        self.check_capabilities(greeting.capabilities)

    def _answer(self, method: str) -> Answer:
        """Wait for the answer to the newest request; skip late answers to earlier ones."""
        while True:
            line = self._hear(method)
            self._lines += 1
            try:
                answer = msgspec.json.decode(line, type=Answer)
            except _UNREADABLE as error:
                what = f"is not an answer of the protocol ({self.quoted(error)})"
                mend = "print everything meant for people to stderr"
                raise self._nonsense_line(method, f"{what}; {mend}") from None
            if answer.id in self._given_up:
                del self._given_up[answer.id]
                continue
            if answer.id != self._id:
                raise self._nonsense_line(method, f"answers {answer.id}, not {self._id}")
            if bool(bytes(answer.gives)) == (answer.refused is not None):
                raise self._nonsense_line(method, "must have exactly one of gives and refused")
            return answer

    def _hear(self, method: str) -> bytes:
        try:
            return self._process.read(self._wait_seconds_max)
        except TookTooLong:
            self._given_up[self._id] = method
            raise PortalUnreachable(
                f"{self.who} did not answer {self._oldest()} within {self._wait_seconds_max:g} s; "
                "is it stuck, or is access.wait_seconds_max too short?"
            ) from None
        except LineTooLong:
            self._lines += 1
            raise self._nonsense_line(
                method, f"is longer than {LINE_BYTES_MAX:,} bytes; the program was stopped"
            ) from None
        except Stopped as stopped:
            code = "" if stopped.code is None else f" ({stopped.code})"
            words = self.quoted(self._process.last_words, end=True)
            self._given_up.setdefault(self._id, method)
            raise PortalUnreachable(
                f"{self.who} stopped{code} when it was asked to {self._oldest()}: "
                f"{words or 'it said nothing to stderr'}"
            ) from None

    def _oldest(self) -> str:
        """Name the method that it has been at since it last answered."""
        return next(iter(self._given_up.values()))

    def _no(self, method: str, refusal: Refusal) -> Exception:
        if refusal.status == NOT_WRITTEN:
            return CannotVerify(f"{self.who}: {method} is not written yet")
        if not 400 <= refusal.status < 500 and refusal.status != NOT_AVAILABLE:
            return self._nonsense_line(
                method, f"refuses with {refusal.status}; a portal's no is 400 to 499, or 503"
            )
        return Refused(refusal.status, refusal.title, refusal.detail)

    def _nonsense_line(self, method: str, what: str) -> PortalNonsense:
        return self.nonsense(method, f"was answered by line {self._lines}, which {what}")
