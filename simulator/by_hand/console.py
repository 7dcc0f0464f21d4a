"""Talk with the tester: say what to do, and read what they did and saw.

It works with a terminal, or with a file and a pipe. A question ends in "> ", and an answer is one
line.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TextIO

from simulator.by_hand.journal import Answered
from simulator.clock import LONDON, Now
from simulator.errors import CannotVerify, SuiteError

HELP = """\
You can also answer any question with:
  could not WHY   you cannot do or see this here: SKIP, never a pass
  wait            you need more time; the question stays
  stop            stop here; finished scenarios are kept, and --resume continues"""
_ANSWER_CHARACTERS_MAX = 4000
_LINES_MAX = 200
#: The tester's clock may be a little ahead of ours.
_AHEAD = timedelta(minutes=1)


class StoppedByTester(SuiteError):
    """The tester stopped, to continue later."""


class Tester:
    """One person at the keyboard. `note` records each answer; `struck_out` hides secrets."""

    def __init__(
        self,
        reads: TextIO,
        writes: TextIO,
        *,
        now: Now,
        note: Callable[[Answered], None] = lambda _answered: None,
        struck_out: Callable[[str], str] = lambda words: words,
    ) -> None:
        self._reads = reads
        self._writes = writes
        self._now = now
        self._note = note
        self._struck_out = struck_out
        self.initials = ""

    def tell(self, words: str) -> None:
        """Print something that needs no answer."""
        self._writes.write(f"{words}\n")
        self._writes.flush()

    def ask(self, question: str) -> str:
        """Ask for one line; raises CannotVerify or StoppedByTester if the tester says so."""
        while True:
            answer = self._line(question)
            word, _, rest = answer.partition(" ")
            match word.lower():
                case "stop" if not rest:
                    raise StoppedByTester("the tester stopped here")
                case "wait" if not rest:
                    self.tell("Answer when you are ready.")
                case "help" | "?" if not rest:
                    self.tell(HELP)
                case "could" if rest.lower().startswith("not"):
                    why = rest[3:].strip(" :,.")
                    if why:
                        raise CannotVerify(f"the tester ({self.initials}) could not: {why}")
                    self.tell("Say why, for example: could not the handset is flat")
                case _:
                    return answer

    def ask_for(self, question: str, *, mistake_in: Callable[[str], str]) -> str:
        """Ask until `mistake_in` the answer is ""; otherwise it says what to answer instead."""
        while True:
            answer = self.ask(question)
            mistake = mistake_in(answer)
            if not mistake:
                return answer
            self.tell(mistake)

    def ask_which(self, question: str, choices: Iterable[str], *, default: str = "") -> str:
        """Ask for one of these words, or the beginning of one; Enter gives the default."""
        words = list(choices)

        def meant(answer: str) -> list[str]:
            given = answer.lower()
            return [given] if given in words else [each for each in words if each.startswith(given)]

        def mistake_in(answer: str) -> str:
            if not answer and default:
                return ""
            matches = bool(answer) and len(meant(answer)) == 1
            return "" if matches else f"Answer one of: {', '.join(words)}"

        shown = f" (Enter: {default})" if default else ""
        answer = self.ask_for(f"{question} [{', '.join(words)}]{shown}", mistake_in=mistake_in)
        return meant(answer)[0] if answer else default

    def ask_lines(
        self, question: str, *, mistake_in: Callable[[str], str] = lambda _line: ""
    ) -> list[str]:
        """Ask for lines until an empty one; `mistake_in` says what is wrong with a line."""
        lines: list[str] = []
        asked = f"{question} End with an empty line."
        while len(lines) < _LINES_MAX and (line := self.ask(asked)):
            asked = mistake_in(line)
            if not asked:
                lines.append(line)
        return lines

    def ask_time(self, question: str) -> datetime:
        """Ask when something was done, and by whom; return a moment that is not in the future."""
        self._ask_initials()
        asked = f"{question} [HH:MM INITIALS] (Enter: now, {self.initials})"
        answer = self.ask_for(asked, mistake_in=self._mistake_in_time)
        at, initials = _time_and_initials(answer)
        self.initials = initials or self.initials
        now = self._now()
        if at is None:
            return now
        local = now.astimezone(LONDON)
        hour, minute = map(int, at.split(":"))
        meant = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return min(meant.astimezone(now.tzinfo), now)

    def _ask_initials(self) -> None:
        if not self.initials:
            self.initials = self.ask_for(
                "Your initials?",
                mistake_in=lambda given: "" if _is_initials(given) else "Give two to four letters.",
            ).upper()

    def _mistake_in_time(self, answer: str) -> str:
        """Return what is wrong with a time and initials, or ""."""
        at, initials = _time_and_initials(answer)
        if answer and at is None and not initials:
            return "Give a time such as 14:05, initials, or both. Enter means now."
        if at is not None:
            local = self._now().astimezone(LONDON)
            hour, minute = map(int, at.split(":"))
            if local.replace(hour=hour, minute=minute, second=0) > local + _AHEAD:
                return f"That is in the future: it is {local:%H:%M}."
        return ""

    def _line(self, question: str) -> str:
        self._writes.write(f"{question}\n> " if question else "> ")
        self._writes.flush()
        line = self._reads.readline(_ANSWER_CHARACTERS_MAX)
        if not line:
            raise StoppedByTester("the input ended here")
        answer = line.strip()
        self._note(
            Answered(
                at=self._now(),
                by=self.initials,
                asked=self._struck_out(question),
                answer=self._struck_out(answer),
            )
        )
        return answer


def _time_and_initials(answer: str) -> tuple[str | None, str]:
    """Read "14:05 DO" in any order; both are absent if a word is neither."""
    at: str | None = None
    initials = ""
    for word in answer.split():
        if re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", word) and at is None:
            at = word
        elif _is_initials(word) and not initials:
            initials = word.upper()
        else:
            return None, ""
    return at, initials


def _is_initials(words: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]{2,4}", words))
