"""Talking with a tester: the questions, the answers, and the ways out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.by_hand import console
from simulator.by_hand.console import StoppedByTester
from simulator.errors import CannotVerify
from tests.simulator.by_hand.typed import Typed
from tests.simulator.worlds import START

ASKS: list[Callable[[console.Tester], object]] = [
    lambda tester: tester.ask("What?"),
    lambda tester: tester.ask_which("Which?", ["one", "two"]),
    lambda tester: tester.ask_lines("Which lines?"),
    lambda tester: tester.ask_time("When?"),
]


@pytest.mark.parametrize("ask", ASKS)
def test_a_tester_can_say_could_not(ask: Callable[[console.Tester], object]) -> None:
    """At every question, "could not" means not verified, with the tester's reason."""
    typed = Typed("could not", "Could not: the handset is flat")

    with pytest.raises(CannotVerify, match=r"the tester \(DT\) could not: the handset is flat"):
        ask(typed.tester)
    assert "Say why" in typed.said


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("lines", [("stop",), ()], ids=["stop", "end of input"])
def test_a_tester_stops(ask: Callable[[console.Tester], object], lines: tuple[str, ...]) -> None:
    """A tester can stop at every question; the end of the input also stops."""
    with pytest.raises(StoppedByTester):
        ask(Typed(*lines).tester)


def test_a_tester_can_wait_and_get_help() -> None:
    """Neither is an answer, so the question stays."""
    typed = Typed("wait", "help", "T-0001")

    assert typed.tester.ask("Its reference?") == "T-0001"
    assert typed.said.count("Its reference?") == 3
    assert "--resume continues" in typed.said


def test_one_of_some_is_chosen() -> None:
    """A unique beginning is enough; Enter gives the default."""
    typed = Typed("x", "t", "text", "", "2", "")

    assert typed.tester.ask_which("What?", ["text", "text back"]) == "text"
    assert typed.tester.ask_which("What?", ["text", "none"], default="none") == "none"
    with pytest.raises(StoppedByTester):
        typed.tester.ask_which("What?", ["text", "none"])
    assert "Answer one of: text, none" in typed.said


def test_lines_end_with_an_empty_one() -> None:
    """A wrong line is asked for again and not kept."""
    typed = Typed("one", "no", "two", "", "not asked")

    found = typed.tester.ask_lines("Lines?", mistake_in=lambda each: "Not so." * (each == "no"))

    assert found == ["one", "two"]
    assert "Not so." in typed.said
    assert typed.left == ["not asked"]


@pytest.mark.parametrize(
    ("answer", "minutes", "initials"),
    [
        ("", 0, "DT"),
        ("09:41", -19, "DT"),
        ("9:41 jk", -19, "JK"),
        ("jk 09:41", -19, "JK"),
        ("jk", 0, "JK"),
        ("10:01", 0, "DT"),
    ],
)
def test_a_time_and_initials_are_read(answer: str, minutes: int, initials: str) -> None:
    """A time is today's in London; initials stay until changed. It is 10:00 in London."""
    typed = Typed(answer)

    assert typed.tester.ask_time("Saved at?") == START + timedelta(minutes=minutes)
    assert typed.tester.initials == initials


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("10:02", "That is in the future: it is 10:00."),
        ("25:00", "Give a time such as 14:05"),
        ("yesterday", "Give a time such as 14:05"),
        ("09:41 09:42", "Give a time such as 14:05"),
    ],
)
def test_a_wrong_time_is_asked_for_again(answer: str, said: str) -> None:
    """A time in the future, or one that cannot be read, is refused."""
    typed = Typed(answer, "09:41")

    assert typed.tester.ask_time("Saved at?") == START - timedelta(minutes=19)
    assert said in typed.said


def test_initials_are_asked_for_once() -> None:
    """The tester gives initials before anything counts."""
    typed = Typed("1", "dt", "", "", initials="")

    typed.tester.ask_time("Saved at?")
    typed.tester.ask_time("Saved at?")

    assert typed.said.count("Your initials?") == 2
    assert typed.tester.initials == "DT"


def test_answers_are_noted_without_secrets() -> None:
    """Each answer is noted with question, time and initials; a code is struck out."""
    typed = Typed("the code is 493817")

    typed.tester.ask("What does it say?")

    [noted] = typed.noted
    assert (noted.at, noted.by, noted.asked) == (START, "DT", "What does it say?")
    assert noted.answer == "the code is ······"
