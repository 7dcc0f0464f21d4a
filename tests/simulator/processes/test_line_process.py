"""Rules of a program that is given lines and gives lines, whatever pieces they come in."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.processes.line_process import LineProcess, Stopped

ECHO = """
import sys
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line)
    sys.stdout.flush()
"""
LINES = st.lists(
    st.binary(max_size=300_000).map(lambda line: line.replace(b"\n", b" ")), max_size=4
)


@pytest.fixture(scope="module")
def echo() -> LineProcess:
    """Start a program that gives every line back."""
    return LineProcess([sys.executable, "-c", ECHO], environment={})


@settings(max_examples=25, deadline=None)
@given(lines=LINES)
def test_every_line_comes_back_whole(echo: LineProcess, lines: list[bytes]) -> None:
    """However long the lines, and several under way at once: each is heard as it was said."""
    for line in lines:
        echo.write(line)

    assert [echo.read(30) for _line in lines] == lines


def test_it_ends_once(echo: LineProcess) -> None:
    """Ended by its input; to end it again is nothing, and there is nothing more to hear."""
    echo.stop()
    echo.stop()

    with pytest.raises(Stopped) as caught:
        echo.read(1)

    assert caught.value.code == 0


def test_what_was_said_before_the_end_is_heard() -> None:
    """A program that answers and ends has answered."""
    process = LineProcess([sys.executable, "-c", "print('the end')"], environment={})

    assert process.read(30) == b"the end"
    with pytest.raises(Stopped):
        process.read(30)
    process.stop()


def test_half_a_line_is_none() -> None:
    """A program that stops within a line has not said it."""
    process = LineProcess([sys.executable, "-c", "print('{', end='')"], environment={})

    with pytest.raises(Stopped) as caught:
        process.read(30)

    assert caught.value.code == 0


def test_only_the_end_of_what_it_complains_is_kept() -> None:
    """However much goes to stderr, memory and errors hold the last of it."""
    code = "import sys; print('x' * 1_000_000 + ' the end', file=sys.stderr)"
    process = LineProcess([sys.executable, "-c", code], environment={})

    with pytest.raises(Stopped):
        process.read(30)

    assert process.last_words.endswith("x the end\n")
    assert len(process.last_words) <= 4_000
