"""The commands: every line is a command, or gets one sentence about what to type."""

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reference.contract.events import EVENT_TYPES, AnyEvent
from simulator.inputs.order import read_order
from simulator.serve.crimes import Caseload, Crime, NotPossible
from simulator.serve.typed_commands import (
    NUMBER,
    ROWS,
    Command,
    CommandRow,
    NotUnderstood,
    parse_line,
)
from tests.simulator.real_files import ORDER
from tests.simulator.worlds import START

RECORDING = [row for row in ROWS.values() if row.records is not None]


def crimes() -> list[Crime]:
    """Report two crimes."""
    caseload = Caseload(read_order(ORDER), identity_key="key", seed=1)
    return [caseload.report(START), caseload.report(START)]


def recorded(row: CommandRow, crime: Crime, other: Crime) -> AnyEvent:
    """Make a row's event from its own example, in a crime where that can be."""
    assert row.records is not None
    for first in ("allocate", "appointment"):
        before = ROWS[first].records
        assert before is not None
        before(crime, START, "")
    given_here = (
        other if row.takes is NUMBER else row.takes.read(row.takes.example) if row.takes else ""
    )
    return row.records(crime, START, given_here)


@given(st.text() | st.lists(st.sampled_from(sorted(ROWS)) | st.text(max_size=6)).map(" ".join))
@example("close 1")
@example("close 19")
@example("close １８")
@example("close 18 18")
@example("crime 0")
@example("crime -1")
@example("reply " + "x" * 4001)
@example("quit now")
@example("\x1b[2J\nquit")
@example("\ud800")
def test_any_line_is_a_command_or_one_sentence(line: str) -> None:
    """No line raises an error, and a wrong one gets the right form."""
    found = parse_line(line)

    if isinstance(found, Command):
        assert found.name in ROWS
        assert (ROWS[found.name].takes is None) == (found.given == "")
    else:
        assert isinstance(found, NotUnderstood)
        assert found.sentence.startswith(("Type ", "There is no "))
        assert found.sentence.isprintable(), "one line, and nothing hidden in it"


@given(
    st.text(max_size=20).filter(
        lambda word: word.split() and word.split()[0].casefold() not in ROWS
    )
)
def test_a_wrong_command_is_told_every_right_one(line: str) -> None:
    """The sentence lists every command."""
    found = parse_line(line)

    assert isinstance(found, NotUnderstood)
    for name in ROWS:
        assert f" {name}" in found.sentence


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.name)
def test_each_command_is_read_as_its_help_shows_it(row: CommandRow) -> None:
    """Its example is understood; too little or too much gets the right form."""
    if row.takes is None:
        assert parse_line(f" {row.name.upper()} \n") == Command(row.name)
        assert isinstance(parse_line(f"{row.name} more"), NotUnderstood)
    else:
        found = parse_line(f"{row.name}\t{row.takes.example}  ")
        given_here = row.takes.read(row.takes.example)
        assert given_here is not None
        assert found == Command(row.name, given_here)
        wrong = parse_line(row.name)
        assert isinstance(wrong, NotUnderstood)
        assert f"{row.name} {row.takes.example}" in wrong.sentence


@given(st.text(min_size=1, max_size=4000).filter(lambda text: text == text.strip()))
def test_words_are_taken_as_they_are(text: str) -> None:
    """What the officer writes is not touched."""
    assert parse_line(f"reply {text}") == Command("reply", text)


@pytest.mark.parametrize("line", ["close 1", "close 19", "close 23", "close", "close 18.0"])
def test_only_an_outcome_that_closes_a_case_closes_it(line: str) -> None:
    """A charge is no closure, and other numbers are no outcome."""
    found = parse_line(line)

    assert isinstance(found, NotUnderstood)
    assert "2 to 18 or 20 to 22" in found.sentence


def test_a_near_miss_is_guessed() -> None:
    """A slip of the finger is answered by what was probably meant."""
    found = parse_line("delpoy")

    assert isinstance(found, NotUnderstood)
    assert "did you mean deploy?" in found.sentence


@pytest.mark.parametrize("row", RECORDING, ids=lambda row: row.name)
def test_each_event_is_one_of_the_contract(row: CommandRow) -> None:
    """What a row records is an event as the contract has it, about the crime in hand."""
    crime, other = crimes()
    event = recorded(row, crime, other)

    kind = EVENT_TYPES[type(event).__name__]
    assert msgspec.json.decode(msgspec.json.encode(event), type=kind) == event
    assert event.crime_reference == crime.reference
    assert getattr(event, "person_id", None) in (None, crime.victim.person_id)


def test_every_event_of_the_contract_can_be_typed() -> None:
    """A new event needs its row; `new` records a crime, of which no report came before."""
    crime, other = crimes()
    typed = {type(recorded(row, crime, other)).__name__ for row in RECORDING}

    reports = {"IncidentReported", "IncidentClosed"}
    assert typed | {"CrimeRecorded", *reports} == set(EVENT_TYPES)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("appointment-moved", "type appointment first"),
        ("appointment-cancelled", "type appointment first"),
        ("away", "type allocate first"),
        ("left", "type allocate first"),
    ],
)
def test_what_cannot_be_yet_says_what_comes_first(name: str, first: str) -> None:
    """No event tells of something that was never so."""
    crime, _other = crimes()
    records = ROWS[name].records
    assert records is not None

    with pytest.raises(NotPossible, match=first):
        records(crime, START, "")


def test_a_crime_is_not_merged_with_itself() -> None:
    """It goes on under another, or not at all."""
    crime, _other = crimes()
    records = ROWS["merge"].records
    assert records is not None

    with pytest.raises(NotPossible, match="with itself"):
        records(crime, START, crime)


def test_an_officer_who_is_there_answers() -> None:
    """Replies come from the officer in charge, and each is its own."""
    crime, _other = crimes()
    allocate, reply = ROWS["allocate"].records, ROWS["reply"].records
    assert allocate is not None
    assert reply is not None

    first = reply(crime, START, "Hello")
    allocate(crime, START, "")
    second = reply(crime, START, "Hello")
    allocate(crime, START, "")
    third = reply(crime, START, "Hello")

    officers = [each.officer for each in (first, second, third)]  # type: ignore[union-attr]
    assert officers[0] is None
    assert officers[1] is not None
    assert officers[2] not in {None, officers[1]}
    assert len({each.reply_id for each in (first, second, third)}) == 3  # type: ignore[union-attr]
