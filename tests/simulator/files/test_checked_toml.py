"""Rules of reading TOML: every mistake is one sentence that names file, field, value and mend."""

import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import DEPTH_MAX, FILE_BYTES_MAX, Amount, Share, Strict
from simulator.files.units import Rate
from tests.simulator.real_files import ROOT, refusal


class Officer(Strict, frozen=True, kw_only=True):
    """A table within a table."""

    collar_number: Annotated[str, Meta(pattern="^[0-9]{4}$")]


class Station(Strict, frozen=True, kw_only=True):
    """What these tests read."""

    name: str
    answered: Share
    calls: Amount
    officers: tuple[Officer, ...] = ()
    desks: dict[str, Officer] = msgspec.field(default_factory=dict)
    phase: Annotated[int, Meta(ge=1, le=3)] = 1


WHOLE = """
name = "Town"
phase = 2
[answered]
value = 0.9
unit = "share of calls"
assumed = "a test"
[calls]
value = 10
unit = "calls a day"
source = "a test"
[[officers]]
collar_number = "1001"
[[officers]]
collar_number = "1002"
[desks.front]
collar_number = "1003"
"""


def read(path: Path) -> Station:
    """Read a station."""
    return checked_toml.read(path, Station)


def sentence(folder: Path, old: str, new: str) -> str:
    """Spoil the whole file in one place and give what the reader says."""
    assert old in WHOLE
    path = folder / "station.toml"
    path.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    return refusal(read, path)


def test_a_right_file_is_read(tmp_path: Path) -> None:
    """What the file says is what the struct holds."""
    path = tmp_path / "station.toml"
    path.write_text(WHOLE, encoding="utf-8")

    station = read(path)

    assert station.answered == Share(0.9, "share of calls", assumed="a test")
    assert [each.collar_number for each in station.officers] == ["1001", "1002"]
    assert station.desks["front"].collar_number == "1003"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Town"', "", "name: missing; add it"),
        ('unit = "calls a day"', "", "calls.unit: missing; add it"),
        ('collar_number = "1002"', "", "officers[1].collar_number: missing; add it"),
        ("name =", "nmae =", "nmae: no such key; did you mean 'name'?"),
        ("assumed =", "asumed =", "answered.asumed: no such key; did you mean 'assumed'?"),
        (
            "name =",
            "zzz =",
            "zzz: no such key; known here: name, answered, calls, officers, desks, phase",
        ),
        (
            '"1002"',
            "1002",
            "officers[1].collar_number: expected text, got a whole number (it is 1002)",
        ),
        ("phase = 2", "phase = 4", "phase: expected a whole number <= 3 (it is 4)"),
        ("phase = 2", 'phase = "2"', "phase: expected a whole number, got text (it is '2')"),
        (
            "phase = 2",
            "phase = true",
            "phase: expected a whole number, got true or false (it is True)",
        ),
        ("phase = 2", "phase = 2.5", "phase: expected a whole number, got a number (it is 2.5)"),
        ("value = 0.9", "value = 1.5", "answered: value is 1.5; a share is between 0 and 1"),
        ("value = 0.9", "value = nan", "answered: value is nan; a share is between 0 and 1"),
        ("value = 10", "value = -10", "calls: value is -10; give a number of 0 or more"),
        ("value = 10", "value = inf", "calls: value is inf; give a finite number"),
        (
            'source = "a test"',
            "",
            "calls: give either source or assumed, with a sentence",
        ),
        (
            'source = "a test"',
            'source = "a test"\nassumed = "a guess"',
            "calls: give either source or assumed, with a sentence",
        ),
        (
            'source = "a test"',
            'source = ""',
            "calls: give either source or assumed, with a sentence",
        ),
        ('"calls a day"', '""', "calls: unit is empty; say what the number counts"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The sentence names the field, shows the value where there is one, and says the mend."""
    assert sentence(tmp_path, old, new) == said


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ('collar_number = "PC 3"', ["desks", "front", "collar_number", "'PC 3'"]),
        ('collar_numbr = "1003"', ["desks", "front", "collar_numbr", "'collar_number'"]),
    ],
)
def test_a_table_with_a_name_is_named(tmp_path: Path, new: str, said: list[str]) -> None:
    """Where tables have names of the tester's choosing, the sentence says in which it was."""
    words = sentence(tmp_path, 'collar_number = "1003"', new)

    assert [each for each in said if each not in words] == []


@pytest.mark.parametrize("key", [r"na\nme", r"na\u001b[31mme", r"na`me"])
def test_a_key_with_odd_characters_stays_on_the_line(tmp_path: Path, key: str) -> None:
    """Whatever is in a key, the sentence stays one line of printable characters."""
    assert "no such key" in sentence(tmp_path, "name =", f'"{key}" =')


@pytest.mark.parametrize("digits", [30, 400, 5000])
def test_a_number_may_have_too_many_digits(tmp_path: Path, digits: int) -> None:
    """A number too large to be meant is a mistake like any other."""
    assert "value" in sentence(tmp_path, "value = 10", f"value = {'9' * digits}.{'9' * digits}e999")
    assert sentence(tmp_path, "phase = 2", f"phase = {'9' * digits}")


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    """The sentence fits a terminal, however long the value."""
    assert len(sentence(tmp_path, "phase = 2", f'phase = "{"x" * 5000}"')) < 200


def test_a_rate_may_be_negative_and_a_share_at_its_ends() -> None:
    """Only shares and amounts have ends, and the ends belong to them."""
    assert Rate(-1.0, "degrees", assumed="a test").value == -1
    assert Share(0.0, "share", assumed="a test").value == 0
    assert Share(1.0, "share", assumed="a test").value == 1
    assert Amount(0.0, "calls", assumed="a test").value == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path to nothing says so, and that the path is what to check."""
    assert refusal(read, tmp_path / "none.toml") == "No such file or directory; check the path"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder in place of a file is a wrong path."""
    assert refusal(read, tmp_path) == "Is a directory; check the path"


def test_a_path_that_no_file_can_have() -> None:
    """A path with a zero byte, which no file has, is refused and not tried."""
    with pytest.raises(BadInput, match="check the path"):
        read(Path("a\0b.toml"))


def test_a_file_below_a_file(tmp_path: Path) -> None:
    """A path through something that is no folder is a wrong path."""
    (tmp_path / "a.toml").touch()

    assert "check the path" in refusal(read, tmp_path / "a.toml" / "b.toml")


def test_a_binary_file(tmp_path: Path) -> None:
    """What is not text is refused as such."""
    path = tmp_path / "station.toml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")

    assert refusal(read, path) == "not a readable text file; check the path"


def test_a_huge_file(tmp_path: Path) -> None:
    """A file larger than any of ours is not even read."""
    path = tmp_path / "station.toml"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)

    assert refusal(read, path) == "larger than 1,000,000 bytes; is it the right file?"


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        "<html></html>",
        '{"name": "Town"}',
        "name: Town",
        'name = "a"\nname = "b"',
        "name = 2026-02-30",
        "\ufeff" + WHOLE,
    ],
)
def test_what_is_not_toml(tmp_path: Path, text: str) -> None:
    """A file of another kind and a file with a mistake give different errors."""
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")

    assert refusal(read, path).startswith("not TOML: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n" + "a." * 50_000 + "a = 1", "line 2: a key of more than 32 parts; shorten it"),
        ("[" + "a . " * DEPTH_MAX + "a]", "line 1: a key of more than 32 parts; shorten it"),
        ("'a'." * DEPTH_MAX + '"\\"" = 1', "line 1: a key of more than 32 parts; shorten it"),
        ("a=" + "[" * 50_000, "nested more than 32 deep; use fewer tables inside one another"),
        ("a=" + "{a=" * 32 + "{}" + "}" * 32, "nested more than 32 deep; use fewer"),
    ],
)
def test_what_is_nested_too_deeply(tmp_path: Path, text: str, said: str) -> None:
    """It is refused before a table is made of it: one such line would take all memory."""
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")

    assert refusal(read, path).startswith(said)


def test_the_greatest_depth_is_no_mistake(tmp_path: Path) -> None:
    """A key of as many parts as tables may be deep is read; dots in a value are no key."""
    path = tmp_path / "station.toml"
    path.write_text(".".join("a" * DEPTH_MAX) + ' = "1. 2. 3."\n' + WHOLE, encoding="utf-8")

    assert refusal(read, path).startswith("a: no such key")


def test_an_empty_file(tmp_path: Path) -> None:
    """An empty file lacks its first field."""
    path = tmp_path / "station.toml"
    path.touch()

    assert refusal(read, path) == "name: missing; add it"


def test_a_device_is_no_file() -> None:
    """What has no end is refused, and not read until memory is full."""
    program = (
        "import resource, sys; from pathlib import Path; "
        "resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29)); "
        "from simulator import errors; from simulator.files import checked_toml; "
        "from simulator.inputs.order import Order\n"
        "try: checked_toml.read(Path('/dev/zero'), Order)\n"
        "except errors.BadInput: sys.exit(2)"
    )
    command = [sys.executable, "-c", program]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)

    assert done.returncode == 2


class Waits(Strict, frozen=True, kw_only=True):
    """Times in a table, by name, and in a list."""

    patience_seconds_mean: Amount
    by_force: dict[str, Amount]
    retries_minutes: tuple[Amount, ...]


def waits(folder: Path, patience: str, retries: str) -> Path:
    """Write such a file, with these units."""
    path = folder / "waits.toml"
    path.write_text(
        f'patience_seconds_mean = {{value = 5, unit = "{patience}", source = "a survey"}}\n'
        f'retries_minutes = [{{value = 5, unit = "{retries}", source = "a survey"}}]\n'
        'by_force.kent = {value = 5, unit = "days", source = "a survey"}\n'
    )
    return path


@pytest.mark.parametrize(
    ("patience", "retries", "said"),
    [
        ("minutes on the line", "min", "patience_seconds_mean: unit is 'minutes on the line', and"),
        ("seconds, not minutes", "hours", "retries_minutes[0]: unit is 'hours', and"),
    ],
)
def test_a_unit_that_is_not_the_fields_is_refused(
    tmp_path: Path, patience: str, retries: str, said: str
) -> None:
    """A number in minutes does not pass as seconds; the sentence says which field, and the fix."""
    path = waits(tmp_path, patience, retries)
    right = "seconds" if "seconds" in said.split(":", maxsplit=1)[0] else "minutes"

    assert refusal(lambda file: checked_toml.read(file, Waits), path) == (
        f"{said} the field is in {right}; give the value in {right}"
    )


def test_a_unit_in_other_words_is_left_alone(tmp_path: Path) -> None:
    """It need not name a time; and a field that names none may have any."""
    read = checked_toml.read(waits(tmp_path, "s", "min"), Waits)

    assert read.by_force["kent"].unit == "days"


class Diary(Strict, frozen=True, kw_only=True):
    """Days, times, and tables that may be left out."""

    day: date | None = None
    at: tuple[time, ...] = ()
    since: datetime | None = None
    officer: Officer | None = None
    calls: Amount | None = None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('day = "14 June"', "day: it is '14 June', which is no day; write it without quotes, as 2"),
        ("day = 5", "day: expected a day, got a whole number (it is 5)"),
        ('at = ["7"]', "at[0]: it is '7', which is no time of day; write it without quotes, as 07"),
        ('since = "now"', "since: it is 'now', which is no day with a time; write it without quot"),
        ("officer = 5", "officer: expected a table, got a whole number (it is 5)"),
        (
            "calls = 5",
            'calls: expected a table, got a whole number (it is 5); write { value = 5, unit = "...',
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_plain_words(
    tmp_path: Path, text: str, said: str
) -> None:
    """No names of types or standards: a day, a time, a table, and how it is written."""
    file = tmp_path / "diary.toml"
    file.write_text(text)

    with pytest.raises(BadInput) as refused:
        checked_toml.read(file, Diary)

    assert said in str(refused.value)
    assert "null" not in str(refused.value)
    assert "RFC" not in str(refused.value)


@pytest.mark.parametrize("unit", ["%", "% of calls", "per cent", "Percent of 101 calls"])
def test_a_share_is_not_in_per_cent(unit: str) -> None:
    """5 with a per cent sign would be five hundred, or 0.05 be taken for a twentieth of that."""
    with pytest.raises(ValueError, match=r"unit is '.*write 0.05 for 5%"):
        Share(0.05, unit, assumed="a test")
    assert Share(0.05, "half of the 95% interval", assumed="a test").value == 0.05
