"""Columns that no field has, and that say no: the victims they speak of are not told."""

from pathlib import Path

import pytest
from msgspec import structs

from simulator.contact_data.columns import read_column_map, write_column_map
from simulator.contact_data.kinds import BY_KIND
from simulator.crowd.people import SAFE_WHEN
from simulator.errors import BadInput
from tests.simulator.contact_data.extracts import check, read, rows_of, write

WARNING = (
    ("Do Not Contact", "Y"), ("DoNotContact", "x"), ("No further contact", "by letter"),
    ("Opt out", "Yes"), ("Opt-out date", "03/02/2026"), ("Contact consent withdrawn", "Y"),
    ("Lives with suspect", "Y"), ("LIVES_WITH_SUSPECT", "1"), ("DV marker", "Y"),
    ("Flags / Markers", "DV HIGH RISK"), ("Flags / Markers", "MARAC"), ("OK to text", "N"),
)  # fmt: skip
SAYING_NOTHING = (
    ("Do Not Contact", "N"), ("Opt out", "No"), ("Lives with suspect", "n/a"), ("DV marker", "-"),
    ("Old mobile", "07700900999"), ("Flags / Markers", "CCTV seen"), ("OK to text", "Y"),
    ("Insured", "Y"),
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """One extract with a column for each of them, of which a row has one value."""
    folder = tmp_path_factory.mktemp("flags")
    flags = (*WARNING, *SAYING_NOTHING)
    rows = rows_of(*({} for _each in flags))
    for row, (heading, value) in zip(rows, flags, strict=True):
        row.update(dict.fromkeys((heading for heading, _value in flags), ""))
        row[heading] = value
    check(folder, write(folder / "extract.csv", rows))
    said = [each["why_not"] for each in read(folder / "out" / "who-can-be-told.csv")]
    return dict(zip(flags, said, strict=True))


@pytest.mark.parametrize("flag", WARNING)
def test_a_heading_and_a_yes_are_one_sentence(
    told: dict[tuple[str, str], str], flag: tuple[str, str]
) -> None:
    """Safe is marked yes, and the victim is not told."""
    assert told[flag] == "a column that the map does not name says not to contact"


@pytest.mark.parametrize("flag", SAYING_NOTHING)
def test_a_no_and_a_blank_hold_nobody(
    told: dict[tuple[str, str], str], flag: tuple[str, str]
) -> None:
    """So does a column of which neither the heading nor the value warns."""
    assert told[flag] == ""


def test_the_map_may_ignore_a_column(tmp_path: Path) -> None:
    """A column in `ignored` holds nobody; one that is not in the file is a mistake."""
    rows = [{**each, "DV marker": "Y"} for each in rows_of({}, {})]
    file = write(tmp_path / "extract.csv", rows)
    guess = check(tmp_path, file).columns
    assert read(tmp_path / "out" / "who-can-be-told.csv")[0]["can_be_told"] == "no"
    what = {each["what_is_wrong"] for each in read(tmp_path / "out" / "worklist.csv")}
    assert BY_KIND["flag_warns"].what in what

    path = tmp_path / "map.toml"
    for ignored in (("DV marker",), ("DV mark",)):
        table = structs.replace(guess.table[0], ignored=ignored)
        write_column_map(path, structs.replace(guess, table=(table,)))
        assert read_column_map(path, [file]).table[0].ignored == ignored
        if ignored == ("DV marker",):
            check(tmp_path, file, column_map=path)
            told = read(tmp_path / "out" / "who-can-be-told.csv")
            assert [each["can_be_told"] for each in told] == ["yes", "yes"]
    with pytest.raises(BadInput, match="ignored: it is 'DV mark'"):
        check(tmp_path, file, column_map=path)


def test_a_time_at_which_contact_is_safe_holds(tmp_path: Path) -> None:
    """Whatever is not any time is a question: a message keeps no time. `generate` writes some."""
    times = ("", "Any time", "anytime", *filter(None, SAFE_WHEN))
    rows = [{**each, "Safe times": time} for each, time in
            zip(rows_of(*({} for _each in times)), times, strict=True)]  # fmt: skip

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    assert checked.columns.table[0].columns["safe_when"] == "Safe times"
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes"] * 3 + ["no"] * (len(times) - 3)
    work = read(tmp_path / "out" / "worklist.csv")
    assert {(each["field"], each["fault_or_question"]) for each in work} == {
        ("safe_when", "question")
    }
