"""The screen has all that is needed, can be copied, and shows hostile text as text."""

import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from rich.console import Console

from simulator.inputs.order import read_order
from simulator.neighbours.gateway.inbox import Accepted
from simulator.serve.crimes import Caseload, Crime
from simulator.serve.screen import Screen
from simulator.serve.typed_commands import ROWS
from tests.simulator.real_files import ORDER
from tests.simulator.worlds import START

TWO_FORCES = read_order(ORDER)
LINK = "http://127.0.0.1:8000/invitation/" + "t" * 43


class Shown:
    """A screen, and what is on it."""

    def __init__(self, *, terminal: bool = False, prompts: bool = False, width: int = 20) -> None:
        self._file = io.StringIO()
        console = Console(file=self._file, force_terminal=terminal, width=width)
        self.screen = Screen(console, prompts=prompts)

    @property
    def text(self) -> str:
        """All that was printed."""
        return self._file.getvalue()


def message(body: str, *, subject: str = "") -> Accepted:
    """Give a message as the gateway took it."""
    return Accepted(
        message_id="m",
        channel="email" if subject else "text",
        to="07700900123",
        to_given="07700 900123",
        subject=subject,
        body=body,
        sender="force",
        reference="e",
        template_id="t",
        accepted_at=START,
    )


def crime() -> Crime:
    """Report a crime."""
    return Caseload(TWO_FORCES, identity_key="key", seed=1).report(START)


def test_a_link_can_be_copied() -> None:
    """A link is on one line on any terminal."""
    shown = Shown(width=20)

    shown.screen.show_message(message(f"Hello\n{LINK}\nBye"), "Zoe Elm")

    assert f"    {LINK}\n" in shown.text
    assert "10:00:00  TEXT to 07700900123 (Zoe Elm)\n" in shown.text, "London's time"


def test_a_message_to_nobody_is_marked() -> None:
    """A message to an address that no victim holds is marked."""
    shown = Shown()

    shown.screen.show_message(message("Hello", subject="News"), "")

    assert "EMAIL to 07700900123 (nobody's): News\n" in shown.text


def test_the_screen_has_all_that_the_victim_knows() -> None:
    """It shows name, number, mailbox, word and crime."""
    shown, reported = Shown(), crime()

    shown.screen.show_crime(reported, in_hand=True)

    known = reported.victim.known
    for words in (
        f"{known.given_name} {known.family_name}",
        known.mobile_phone,
        known.email,
        reported.victim.proof,
        reported.reference,
        reported.recorded.offence,
    ):
        assert words in shown.text


def test_a_date_of_birth_is_shown_if_the_order_asks_for_it() -> None:
    """The word is not shown if the order does not use it."""
    shown = Shown()
    by_date = structs.replace(TWO_FORCES.sign_in, proof="date_of_birth")
    order = structs.replace(TWO_FORCES, sign_in=by_date)
    crime = Caseload(order, identity_key="key", seed=1).report(START)

    shown.screen.show_crime(crime, in_hand=True)

    assert re.search(rf"Born +{crime.record.born}  \(asked for at sign-in\)", shown.text)
    assert "Word" not in shown.text


def test_what_is_turned_off_is_listed() -> None:
    """The screen says why messages come at once despite the order."""
    shown = Shown()

    shown.screen.show_order(TWO_FORCES, phase=2)

    assert "quiet hours (21:00-08:00), bundling (60 minutes), the weekly limit (5)" in shown.text
    assert "phase 2 is live" in shown.text


def test_help_names_every_command() -> None:
    """Every command is listed."""
    shown = Shown()

    shown.screen.show_help()

    for row in ROWS.values():
        assert f"  {row.shown} " in shown.text
        assert row.says in shown.text


@given(st.text())
def test_text_from_outside_does_not_control_the_terminal(hostile: str) -> None:
    """Escapes and markup in a message are shown as text."""
    shown = Shown()

    shown.screen.show_message(message(hostile, subject=hostile), hostile)
    shown.screen.show_news(START, hostile)
    shown.screen.say(hostile)

    assert not {each for each in shown.text if unicodedata.category(each) == "Cc"} - {"\n", "\t"}
    assert not any(unicodedata.category(each) == "Cf" for each in shown.text)


def test_markup_is_only_words() -> None:
    """Square brackets in a message are square brackets."""
    shown = Shown(width=200)

    shown.screen.show_message(message("[red]Hello[/red] [/nonsense]"), "")

    assert "[red]Hello[/red] [/nonsense]" in shown.text


def test_a_message_without_end_is_cut() -> None:
    """A very long message does not fill the screen."""
    shown = Shown()

    shown.screen.show_message(message("x\n" * 10_000), "")

    assert shown.text.count("\n") < 300
    assert "9,800 lines more" in shown.text


@pytest.mark.parametrize("terminal", [True, False])
def test_news_comes_before_the_next_prompt(*, terminal: bool) -> None:
    """News replaces the prompt, which is then shown again."""
    shown = Shown(terminal=terminal, prompts=True, width=80)

    shown.screen.ask()
    shown.screen.ask()
    shown.screen.show_news(START, "news")
    shown.screen.ask()
    shown.screen.was_typed()
    shown.screen.say("done")

    assert shown.text.count("> ") == 2
    if terminal:
        assert shown.text.index("\x1b[2K") < shown.text.index("news"), "the old prompt is erased"


def test_without_prompts_there_is_no_prompt() -> None:
    """A log file has no questions in it."""
    shown = Shown()

    shown.screen.ask()

    assert shown.text == ""
