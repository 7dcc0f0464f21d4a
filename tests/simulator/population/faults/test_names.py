"""Wrong names: every kind changes the name, in its own way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.population.faults.kinds import KINDS, of_group
from simulator.population.faults.names import (
    FAKE_NAMES,
    NAME_FAULTS,
    has_marks,
    is_joinable,
    without_marks,
    wrong_name,
)

NAMES = st.text(st.sampled_from("abcdefghijklmnoprstuvwyzABCDÉ'- ỳłé"), min_size=1, max_size=14)
HOW = st.integers(0, 2**31)


@pytest.mark.parametrize("kind", NAME_FAULTS)
@given(given_name=NAMES, family=NAMES, another=NAMES, how=HOW)
def test_a_wrong_name_is_not_the_right_one(
    kind: str, given_name: str, family: str, another: str, how: int
) -> None:
    """Whatever the name, what is written differs from it."""
    assert wrong_name(kind, given_name, family, another, how) != (given_name, family)


def test_every_kind_of_name_fault_is_done() -> None:
    """The kinds that can be drawn are those that can be written."""
    assert [each.name for each in of_group("name")] == list(NAME_FAULTS)


@pytest.mark.parametrize(
    ("kind", "name", "written"),
    [
        ("phonetic", ("Joseph", "Lee"), ("Josef", "Lee")),
        ("nickname", ("Elizabeth", "Lee"), ("Liz", "Lee")),
        ("names_swapped", ("Jordan", "Lewis"), ("Lewis", "Jordan")),
        ("married_name", ("Anne", "Cole"), ("Anne", "Webb")),
        ("names_joined", ("Ann", "O'Neill"), ("Ann", "Oneill")),
        ("names_joined", ("Mary Jane", "Cole"), ("Maryjane", "Cole")),
        ("accents_lost", ("Zoë", "Nguyễn"), ("Zoe", "Nguyen")),
    ],
)
def test_what_is_written(kind: str, name: tuple[str, str], written: tuple[str, str]) -> None:
    """The examples of the documentation, for at least one way in which the fault comes out."""
    ways = {wrong_name(kind, *name, "Webb", how) for how in range(60)}

    assert written in ways


@given(how=HOW)
def test_plain_kinds(how: int) -> None:
    """An initial, capitals, a title, a placeholder, a fake name, and nothing at all."""
    name = ("Priya", "Shah", "Webb")

    assert wrong_name("initial_only", *name, how)[0] in {"P", "P."}
    assert wrong_name("case_lost", *name, how) in {("PRIYA", "SHAH"), ("priya", "shah")}
    assert wrong_name("title_in_name", *name, how)[0].endswith(" Priya")
    assert wrong_name("fake_name", *name, how) in FAKE_NAMES
    assert "" in wrong_name("name_missing", *name, how)
    assert len({"Priya", "Shah"} & set(wrong_name("placeholder", *name, how))) == 1
    assert " " in "".join(wrong_name("name_split", *name, how))


@given(how=HOW)
def test_one_letter_is_another(how: int) -> None:
    """A substitution is of one letter, which need not be beside the right one."""
    written = wrong_name("letter_substituted", "Hannah", "Bright", "", how)
    changed = sum(a != b for a, b in zip("".join(written), "HannahBright", strict=True))

    assert changed == 1


def test_marks_and_parts_are_seen() -> None:
    """What a name can lose: accents that plain letters can stand for, and gaps."""
    assert has_marks("Nguyễn")
    assert has_marks("Łukasz")
    assert not has_marks("Smith")
    assert without_marks("Đỗ Łukasz Straße") == "Do Lukasz Strasse"
    assert is_joinable("O'Neill")
    assert not is_joinable("Smith")


def test_examples_differ() -> None:
    """The example of each kind shows a difference."""
    assert all(each.example[0] != each.example[1] for each in KINDS.values())
