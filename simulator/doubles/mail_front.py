"""What stands in front of the mail server: its faults, in SMTP's codes, and the log of commands.

421 says that it is down; 451 fails for now; 450 is one mail too many. After a lost answer the mail
was taken, and the client cannot know.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from simulator.doubles.front import Draws, Fault, Request, Requests

DOWN = "421 4.3.2 The mail server is down; try again later"
FAILED = "451 4.3.0 The mail server failed; try again later"
TOO_MANY = "450 4.7.1 Too many mails; try again later"
LOST = "421 4.4.2 The connection timed out"


class MailFront:
    """Says how a command is refused; `fault` may be replaced at any time."""

    def __init__(self, *, requests: Requests, now: Callable[[], datetime], seed: int = 0) -> None:
        self.fault = Fault()
        self._requests = requests
        self._now = now
        self._draws = Draws("mail", seed)

    async def before(self) -> str:
        """Meet a mail before anything is done with it: the answer that refuses it, or ""."""
        fault = self.fault
        if fault.slow_seconds:
            await asyncio.sleep(fault.slow_seconds)
        if fault.is_down:
            return DOWN
        if self._draws.is_struck(fault.failing_share):
            return FAILED
        return TOO_MANY if self._draws.is_struck(fault.limited_share) else ""

    def after(self) -> str:
        """Meet a mail that was taken: what its answer is lost by, or ""."""
        return LOST if self._draws.is_struck(self.fault.lost_answers_share) else ""

    def answered(self, command: str, answer: str) -> None:
        """Log a command with the code of its answer: never an address or a word of a mail."""
        self._requests.add(
            Request(
                at=self._now(),
                double="mail",
                method=command,
                path="",
                status=int(answer[:3]),
                took_ms=0.0,
            )
        )
