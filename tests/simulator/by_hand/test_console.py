"""Rules of talking with a tester: what is asked, what counts as an answer, how they get out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.by_hand import console
from simulator.by_hand.console import Stopped
from simulator.errors import CannotVerify
from tests.simulator.by_hand.typed import Typed
from tests.simulator.worlds import START

ASKS: list[Callable[[console.Tester], object]] = [
    lambda tester: tester.ask("What?"),
    lambda tester: tester.ask_which("Which?", ["one", "two"]),
    lambda tester: tester.ask_lines("Which lines?"),
    lambda tester: tester.done_at("When?"),
]


@pytest.mark.parametrize("ask", ASKS)
def test_a_tester_who_cannot_says_why(ask: Callable[[console.Tester], object]) -> None:
    """At every question: it is not verified, and the reason is the tester's own."""
    typed = Typed("could not", "Could not: the handset is flat")

    with pytest.raises(CannotVerify, match=r"the tester \(DT\) could not: the handset is flat"):
        ask(typed.tester)
    assert "Say why" in typed.said


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("lines", [("stop",), ()], ids=["stop", "end of input"])
def test_a_tester_stops(ask: Callable[[console.Tester], object], lines: tuple[str, ...]) -> None:
    """At every question; the end of a file is the end of the session."""
    with pytest.raises(Stopped):
        ask(Typed(*lines).tester)


def test_a_tester_waits_and_is_helped() -> None:
    """Neither is an answer: the question stays."""
    typed = Typed("wait", "help", "T-0001")

    assert typed.tester.ask("Its reference?") == "T-0001"
    assert typed.said.count("Its reference?") == 3
    assert "--resume goes on later" in typed.said


def test_one_of_some_is_chosen() -> None:
    """By its beginning, whole where one begins like another; Enter is what it says."""
    typed = Typed("x", "t", "text", "", "2", "")

    assert typed.tester.ask_which("What?", ["text", "text back"]) == "text"
    assert typed.tester.ask_which("What?", ["text", "none"], default="none") == "none"
    with pytest.raises(Stopped):
        typed.tester.ask_which("What?", ["text", "none"])
    assert "Say one of: text, none" in typed.said


def test_lines_end_with_an_empty_one() -> None:
    """A line that will not do is asked for again, and not kept."""
    typed = Typed("one", "no", "two", "", "not asked")

    found = typed.tester.ask_lines("Lines?", needed=lambda each: "Not so." * (each == "no"))

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
def test_when_and_by_whom(answer: str, minutes: int, initials: str) -> None:
    """A time is London's, of today; initials stay until others are given. It is 10:00 in London."""
    typed = Typed(answer)

    assert typed.tester.done_at("Saved at?") == START + timedelta(minutes=minutes)
    assert typed.tester.initials == initials


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("10:02", "That is still to come: it is 10:00."),
        ("25:00", "Give a time as 14:05"),
        ("yesterday", "Give a time as 14:05"),
        ("09:41 09:42", "Give a time as 14:05"),
    ],
)
def test_a_time_that_is_none_is_asked_for_again(answer: str, said: str) -> None:
    """Nothing is judged by a time that is to come, or that nobody can read."""
    typed = Typed(answer, "09:41")

    assert typed.tester.done_at("Saved at?") == START - timedelta(minutes=19)
    assert said in typed.said


def test_initials_are_asked_for_once() -> None:
    """Whoever sits there says who they are before anything counts."""
    typed = Typed("1", "dt", "", "", initials="")

    typed.tester.done_at("Saved at?")
    typed.tester.done_at("Saved at?")

    assert typed.said.count("Your initials?") == 2
    assert typed.tester.initials == "DT"


def test_answers_are_noted_without_what_is_secret() -> None:
    """Each answer with its question, when and by whom; a code is struck out."""
    typed = Typed("the code is 493817")

    typed.tester.ask("What does it say?")

    [noted] = typed.noted
    assert (noted.at, noted.by, noted.asked) == (START, "DT", "What does it say?")
    assert noted.answer == "the code is ······"
