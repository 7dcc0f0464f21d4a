"""Rules of what is typed: taken when it is there, never waited for, and it may end."""

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
    """Nobody waits for a line that has not come."""
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
    """A last line without its end counts; then there is nothing more to wait for."""
    keyboard, into = pipe
    os.write(into, b"deploy\nquit")
    os.close(into)

    assert [*keyboard.lines(), *keyboard.lines()] == ["deploy", "quit"]
    assert keyboard.has_ended
    assert not keyboard.is_waiting()
    assert keyboard.lines() == []


def test_what_is_no_text_is_read_all_the_same(pipe: Pipe) -> None:
    """Bytes that are no UTF-8 are shown as such, and no half of a pair comes through."""
    keyboard, into = pipe
    os.write(into, b"reply \xff\xed\xa0\x80\n")

    (line,) = keyboard.lines()

    assert line.startswith("reply \N{REPLACEMENT CHARACTER}")
    assert line.encode()


def test_a_line_without_end_is_cut(pipe: Pipe) -> None:
    """Somebody leaning on a key does not fill the memory."""
    keyboard, into = pipe
    found: list[str] = []
    for _time in range(10):
        os.write(into, b"x" * LINE_BYTES_MAX)
        found += keyboard.lines()

    assert found
    assert max(map(len, found)) <= 2 * LINE_BYTES_MAX


def test_without_an_input_it_has_ended() -> None:
    """A process that was started without one serves on."""
    keyboard = Keyboard(None)

    assert keyboard.has_ended
    assert not keyboard.is_terminal
    assert not keyboard.is_waiting()
    assert keyboard.lines() == []


def test_a_terminal_that_goes_is_the_end() -> None:
    """When the window is closed there is nobody left to type."""
    ours, theirs = pty.openpty()
    keyboard = Keyboard(theirs)
    assert keyboard.is_terminal
    os.close(ours)

    assert keyboard.lines() == []

    assert keyboard.has_ended
    os.close(theirs)
