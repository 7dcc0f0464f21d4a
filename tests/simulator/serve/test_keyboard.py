"""The keyboard: lines are read when they are there, never waited for, and the input may end."""

import os
import pty
from collections.abc import Iterator
from contextlib import suppress

import pytest

from simulator.serve.keyboard import LINE_BYTES_MAX, Keyboard

Pipe = tuple[Keyboard, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """Give a keyboard and where to type."""
    out, into = os.pipe()
    yield Keyboard(out), into
    for each in (out, into):
        with suppress(OSError):
            os.close(each)


def test_nothing_typed_is_nothing(pipe: Pipe) -> None:
    """It does not wait for a line."""
    keyboard, _into = pipe

    assert not keyboard.is_waiting()
    assert keyboard.lines() == []
    assert not keyboard.has_ended


def test_lines_come_whole(pipe: Pipe) -> None:
    """Half a line waits for its other half."""
    keyboard, into = pipe
    os.write(into, b"deploy\nrep")
    assert keyboard.is_waiting()
    assert keyboard.lines() == ["deploy"]

    os.write(into, "ly Hélène\n\n".encode())
    assert keyboard.lines() == ["reply Hélène", ""]


def test_the_end_gives_what_was_left(pipe: Pipe) -> None:
    """An incomplete last line counts; then the input has ended."""
    keyboard, into = pipe
    os.write(into, b"deploy\nquit")
    os.close(into)

    assert [*keyboard.lines(), *keyboard.lines()] == ["deploy", "quit"]
    assert keyboard.has_ended
    assert not keyboard.is_waiting()
    assert keyboard.lines() == []


def test_bytes_that_are_not_text_are_read(pipe: Pipe) -> None:
    """Bytes that are not UTF-8 become replacement characters."""
    keyboard, into = pipe
    os.write(into, b"reply \xff\xed\xa0\x80\n")

    (line,) = keyboard.lines()

    assert line.startswith("reply \N{REPLACEMENT CHARACTER}")
    assert line.encode()


def test_a_line_without_end_is_cut(pipe: Pipe) -> None:
    """An endless line does not fill the memory."""
    keyboard, into = pipe
    found: list[str] = []
    for _time in range(10):
        os.write(into, b"x" * LINE_BYTES_MAX)
        found += keyboard.lines()

    assert found
    assert max(map(len, found)) <= 2 * LINE_BYTES_MAX


def test_without_an_input_it_has_ended() -> None:
    """A process without an input goes on."""
    keyboard = Keyboard(None)

    assert keyboard.has_ended
    assert not keyboard.is_terminal
    assert not keyboard.is_waiting()
    assert keyboard.lines() == []


def test_a_terminal_that_goes_is_the_end() -> None:
    """Closing the window ends the input."""
    ours, theirs = pty.openpty()
    keyboard = Keyboard(theirs)
    assert keyboard.is_terminal
    os.close(ours)

    assert keyboard.lines() == []

    assert keyboard.has_ended
    os.close(theirs)
