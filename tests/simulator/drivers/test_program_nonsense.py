"""Rules of what a program answers that is no answer: one sentence, and never a traceback."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.drivers.base import Delivery, Refused, Session, Step
from simulator.drivers.program import ProgramDriver
from simulator.errors import (
    CannotVerify,
    PortalNonsense,
)
from tests.simulator.drivers.given import SURROUNDINGS
from tests.simulator.drivers.programs import Start, started
from tests.simulator.worlds import START

SESSION = Session("a session")


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (
            "print('hello!', flush=True)",
            "line 2, which is not an answer of the .* to stderr",
        ),
        ("print('[1, 2]', flush=True)", "line 2, which is not an answer"),
        ("print('\\udcff', flush=True) if 0 else os.write(1, b'\\xff\\n')", "is not an answer"),
        ("say({'id': 2})", "line 2, which must have exactly one of gives and refused"),
        (
            "say({'id': 2, 'gives': [], 'refused': {'status': 404, 'title': ''}})",
            "must have exactly one of gives and refused",
        ),
        ("say({'id': 7, 'gives': []})", "line 2, which answers 7, not 2"),
        ("say({'id': 2, 'gives': [], 'more': 1})", "unknown field `more`"),
        ("gives(asked, {})", r"should give list\[CrimeSummary\] \(Expected `array`, got `object`"),
        ("gives(asked, None)", r"should give list\[CrimeSummary\] \(Expected `array`, got `null`"),
        ("gives(asked, [{'offence': 'Theft'}])", r"missing required field .* at `\$\[0\]`"),
        ("refuses(asked, 500, 'Broken')", "refuses with 500; a portal's no is 400 to 499, or 503"),
        ("refuses(asked, 200, 'Fine')", "refuses with 200"),
    ],
)
def test_nonsense_is_told_by_method_and_line(start: Start, does: str, says: str) -> None:
    """An answer outside the protocol names the program, what was asked, and which line it was."""
    driver = start(does)

    with pytest.raises(PortalNonsense, match=says) as caught:
        driver.crimes(SESSION)

    assert str(caught.value).startswith("access.program '")
    assert "crimes was answered by line 2" in str(caught.value)


def test_a_victims_words_are_not_quoted(start: Start) -> None:
    """What an answer held stays out of the error: it may be a code, or a person."""
    driver = start("print('Your code is 123456', flush=True)")

    with pytest.raises(PortalNonsense) as caught:
        driver.crimes(SESSION)

    assert "123456" not in str(caught.value)


@pytest.mark.parametrize("status", [422, 503])
def test_a_no_where_there_is_none(start: Start, status: int) -> None:
    """A delivery cannot be refused: it has a status."""
    driver = start(f"refuses(asked, {status}, 'Bad event')")

    with pytest.raises(PortalNonsense, match=rf"deliver was refused with {status}.*the status"):
        driver.deliver(Delivery("d-1", []))


@pytest.mark.parametrize(
    ("due", "says"),
    [("2026-06-01T09:00:00Z", "not after now"), ("2026-06-02T09:00:00", "without its offset")],
)
def test_what_is_due_is_after_now(start: Start, due: str, says: str) -> None:
    """A portal that is due now would be asked for ever; a time without an offset is none."""
    driver = start(f"gives(asked, {due!r})")

    with pytest.raises(PortalNonsense, match=f"advance_to .*{says}"):
        driver.advance_to(START)


class Says:
    """A process that always writes the same line."""

    def __init__(self, line: bytes) -> None:
        self.line = line

    def write(self, line: bytes) -> None:
        """Take no notice."""

    def read(self, _seconds_max: float) -> bytes:
        """Give it."""
        return self.line


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> ProgramDriver:
    """Give a driver whose program has ended."""
    driver = started(tmp_path_factory.mktemp("ended"), SURROUNDINGS)
    driver.close()
    return driver


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(st.sampled_from(["status", "title", "id", "asks", "x"]), parts)
    ),
    max_leaves=8,
)
ANSWERS = st.fixed_dictionaries(
    {"id": st.sampled_from([7, 7, 7, 1, "7", None])}, optional={"gives": JSON, "refused": JSON}
).map(msgspec.json.encode)
DEEP = [b"[" * 100_000, b'{"id": 7, "gives": ' + b"[" * 100_000]


@given(line=st.binary() | ANSWERS | st.sampled_from(DEEP))
def test_no_line_is_more_than_nonsense(ended: ProgramDriver, line: bytes) -> None:
    """Any line is a step, a refusal, or nonsense that is reported: never a traceback."""
    ended._process = Says(line)  # type: ignore[assignment]
    ended._id = 6
    ended._given_up.clear()

    try:
        step = ended.open_invitation("https://portal.example/i/t")
    except (Refused, CannotVerify, PortalNonsense):
        return
    assert isinstance(step, Step)
    assert step.asks in {"agreed_word", "date_of_birth", "one_time_code"}
