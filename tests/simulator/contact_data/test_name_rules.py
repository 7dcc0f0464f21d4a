"""Names: what no name does is a fault; what a name might do is at most a question."""

import csv

import pytest

from simulator.contact_data.kinds import BY_KIND
from simulator.contact_data.known_names import KnownNames
from simulator.contact_data.name_rules import (
    NameBook,
    is_made_up,
    mended_garble,
    one_slip_apart,
)
from tests.each_of import each_of
from tests.simulator.real_files import ROOT

REAL_NAMES = list(
    csv.DictReader(
        (ROOT / "fixtures/contacts/real_names.csv").read_text(encoding="utf-8").splitlines()
    )
)
NOBODY = KnownNames(frozenset(), frozenset())
#: What an extract of a British force might have, with no list to help: frequent names and the
#: neighbours of real ones.
FREQUENT = {
    "Smith": 9000, "Jones": 8000, "Thomas": 3000, "Macdonald": 400, "Nguyen": 300, "Muller": 80,
    "Brown": 5000, "James": 4000, "John": 9000, "Jordan": 600, "Taylor": 5000, "Berg": 90,
    "O'Neill": 300, "José": 900, "Zoë": 2500, "Chloe": 3000, "Lloyd": 900, "Jon": 700,
}  # fmt: skip


@each_of((row,) for row in REAL_NAMES)
def test_a_real_name_is_no_fault(row: dict[str, str]) -> None:
    """Unusual names are right: at most the check asks, and it never proposes to change one."""
    book = NameBook({**FREQUENT, row["given_name"]: 1, row["family_name"]: 1}, known=NOBODY)

    for name in (row["given_name"], row["family_name"]):
        found = book.read(name)
        assert not found.kind or BY_KIND[found.kind].is_question, (name, found, row["why"])
    assert not is_made_up(row["given_name"], row["family_name"])


def test_the_real_names_say_why_they_are_here() -> None:
    """Each of at least 60 has a reason, and none is there twice."""
    names = [(row["given_name"], row["family_name"]) for row in REAL_NAMES]

    assert len(names) >= 60
    assert len(set(names)) == len(names)
    assert all(row["why"] for row in REAL_NAMES)


@pytest.mark.parametrize(
    ("name", "kind", "proposal"),
    [
        ("N/A", "placeholder_name", ""),
        ("Ann Ann", "same_name_twice", "Ann"),
        ("Not known", "placeholder_name", ""),
        ("???", "placeholder_name", ""),
        ("Sm1th", "digits_in_name", "Smlth"),
        ("Mrs Joan", "title_in_name", "Joan"),
        ("Joan (Mrs)", "note_in_name", ""),
        ("Joan Mrs", "title_in_name", "Joan"),
        ("Dr", "title_in_name", ""),
        ("J.", "initials", ""),
        ("K", "initials", ""),
        ("J. P.", "initials", ""),
        ("SMITH", "case_lost", "Smith"),
        ("o'neill", "case_lost", "O'Neill"),
        ("MCDONALD", "case_lost", "McDonald"),
        ("SmithJones", "joined_or_split", ""),
        ("Sm ith", "joined_or_split", "Smith"),
        ("Oneill", "joined_or_split", "O'Neill"),
        ("Smiht", "name_misspelt", "Smith"),
        ("Snith", "name_misspelt", "Smith"),
        ("Jmaes", "name_misspelt", "James"),
        ("Jarnes", "name_misspelt", "James"),
        ("NguyÃªn", "letters_garbled", "Nguyên"),
        ("deceased", "note_in_name", ""),
        ("contact via mother", "note_in_name", ""),
    ],
)
def test_what_is_wrong_with_a_name(name: str, kind: str, proposal: str) -> None:
    """Each kind by an example, with what the name may have been."""
    found = NameBook({**FREQUENT, name: 1}, known=NOBODY).read(name)

    assert (found.kind, found.proposal) == (kind, proposal)


def test_a_frequent_neighbour_is_a_name_of_its_own() -> None:
    """Jon is not a slip of John, and Smyth not of Smith where many are called so."""
    book = NameBook({**FREQUENT, "Smyth": 300, "Jonh": 2}, known=NOBODY)

    assert book.read("Jon").kind == ""
    assert book.read("Smyth").kind == ""
    assert book.read("Jonh").proposal == "John"


def test_a_listed_name_is_never_called_a_slip() -> None:
    """A name that lists know is right, however rare it is in the extract."""
    known = KnownNames(frozenset(), frozenset({"smyth"}))

    assert NameBook({**FREQUENT, "Smyth": 1}, known=known).read("Smyth").kind == ""


def test_an_extract_in_capitals_has_lost_nothing() -> None:
    """Where a system keeps names in capitals, capitals are no fault."""
    assert NameBook({"SMITH": 50}, known=NOBODY, keeps_case=False).read("SMITH").kind == ""


def test_two_names_run_together() -> None:
    """A given and a family name in one word are seen; a long name is not."""
    given = NameBook({"Sarah": 900}, known=NOBODY)
    family = NameBook({"Bennett": 300, "Sarahbennett": 1}, known=NOBODY)

    assert given.splits("Sarahbennett", family)
    assert not given.splits("Venkataraman", family)


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("smith", "smiht", True), ("smith", "smth", True), ("smith", "smitth", True),
        ("smith", "smyth", True), ("smith", "smith", False), ("smith", "mithes", False),
        ("smith", "htims", False), ("ab", "ba", True), ("", "a", True),
    ],
)  # fmt: skip
def test_one_slip(one: str, other: str, *, is_near: bool) -> None:
    """One letter more, fewer or other, or two exchanged; in both directions."""
    assert one_slip_apart(one, other) is is_near
    assert one_slip_apart(other, one) is is_near


def test_made_up_names_with_any_spacing() -> None:
    """Capitals, full stops and blanks do not hide one."""
    assert is_made_up("MICKEY", "mouse")
    assert is_made_up("A.N.", "Other")
    assert not is_made_up("Mickey", "Rourke")


def test_a_garble_that_cannot_be_undone_has_no_proposal() -> None:
    """Nothing is guessed."""
    assert mended_garble("Zoë") == ""
    assert mended_garble("ZoÃ«") == "Zoë"


def test_accents_are_missed_sooner_where_nobody_is_known_without_them() -> None:
    """A plain name on a list, such as Zoe, must be far rarer; one on none, such as Nunez, rarer."""
    counts = {"Núñez": 100, "Nunez": 20, "Zoë": 300, "Zoe": 20}
    book = NameBook(counts, known=KnownNames(frozenset({"zoe"}), frozenset()))

    assert (book.read("Nunez").kind, book.read("Nunez").proposal) == ("accents_lost", "Núñez")
    assert not book.read("Zoe").kind
