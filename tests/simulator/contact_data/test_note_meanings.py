"""Notes about contact: what warns, what says nothing, and what somebody must read."""

from pathlib import Path

import pytest

from simulator.contact_data.columns import ColumnMap, Limits, Table, Words, write_column_map
from simulator.contact_data.note_detection import measure_notes, read_notes
from simulator.contact_data.note_meanings import TO_READ
from simulator.contact_data.note_words import NoteWords, note_words
from tests.simulator.contact_data.extracts import check, found, read, rows_of, write
from tests.simulator.real_files import ROOT

NOTES = read(ROOT / "fixtures" / "contacts" / "notes.csv")


def test_the_notes_of_which_the_list_was_made() -> None:
    """None that warns is silent, nearly each is named, and no harmless one is called a warning."""
    found = measure_notes(held_out=False)
    [kinds] = [{each["warns_of"] for each in NOTES if each["held_out"] == "no"} - {""}]

    assert found.warning > 100
    assert found.silent == 0
    assert found.warned >= 0.9 * found.warning
    assert found.harmless_warned == 0
    assert found.harmless_held <= 0.05 * found.harmless
    assert kinds == {each.kind for each in note_words().family}


def test_notes_of_which_it_was_not() -> None:
    """Of notes kept aside nearly none is taken for consent, and no harmless one warns."""
    found = measure_notes(held_out=True)

    assert found.warning + found.harmless >= len(NOTES) / 3
    assert found.silent <= 0.03 * found.warning
    assert found.warned >= 0.7 * found.warning
    assert found.harmless_warned == 0
    assert found.harmless_held < 0.65 * found.harmless


@pytest.mark.parametrize(
    "written",
    [
        "DO NOT CONTACT!!!", "do_not_contact", "Don’t contact", "DONT  CONTACT", "d/n/c",
        "D N C", "Do\nnot\tcontact", "(do not contact)", "x DNC x",
    ],
)  # fmt: skip
def test_signs_and_capitals_change_nothing(written: str) -> None:
    """A warning is one however it is typed."""
    assert read_notes([written]) == ["not_safe_in_notes"]


@pytest.mark.parametrize("note", ["contact: N", "ring Barbara", "nie dzwoń"])
def test_a_note_that_nobody_understood_is_not_consent(note: str) -> None:
    """A word that no list has, or a no, waits for a person."""
    assert read_notes([note]) == [TO_READ]


def test_no_word_that_says_nothing_is_a_warning() -> None:
    """No harmless word or phrase warns, or the lists would contradict each other."""
    words = note_words().harmless.split()

    assert len(words) == len(set(words)) > 200
    assert set(read_notes(words)) == {""}


def test_a_list_that_is_not_there_is_named() -> None:
    """A name in braces that no list has is a mistake in the file."""
    with pytest.raises(ValueError, match="no list is named 'nobody'"):
        NoteWords(
            said_of_the_past=(), harmless_phrases=(), allowing_headings=(), doubtful=(),
            harmless="x", of_the_crime="x", of_contact=(), words={}, family=(),
        ).any_of(("{nobody} calls",))  # fmt: skip


def test_a_note_holds_the_record_back(tmp_path: Path) -> None:
    """Whoever has a note that warns, or that must be read, is not told; the reason says which."""
    notes = ["called back 10/3", "wrong number", "ring Barbara", ""]

    work = found(tmp_path, *({"Notes": each} for each in notes))

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes", "no", "no", "yes"]
    assert [each["why_not"] for each in told][1:3] == [
        "the notes say that it is somebody else's",
        "nobody has read the notes, and no rule understood them",
    ]
    assert [(each["row"], each["fault_or_question"]) for each in work] == [
        ("2", "fault"),
        ("3", "question"),
    ]
    assert read(tmp_path / "out" / "notes-to-read.csv") == [
        {"records": "1", "note": "ring Barbara"}
    ]


def test_another_number_in_the_notes_holds_the_record(tmp_path: Path) -> None:
    """A note with the recorded number or address changes nothing, however it is written."""
    notes = (
        "mob: +44 7700 900011", "correct number is 07700 900199",
        "tel no 07700 900013, correct no 07700900199", "email: Asha.Okafor4@example.com",
        "email asha@example.com",
    )  # fmt: skip

    found(tmp_path, *({"Notes": each} for each in notes))

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes", "no", "no", "yes", "no"]
    assert told[1]["why_not"] == "the notes have another number or address than the record"


def test_notes_are_read_without_a_column_for_safe_contact(tmp_path: Path) -> None:
    """Where a blank means safe, only the notes say that it is not."""
    rows = rows_of({"Notes": "husband checks her phone"}, {"Notes": "called back"})
    file = write(tmp_path / "extract.csv", rows)
    table = Table(
        file="extract.csv", rows="victims", columns={"mobile": "Mobile", "notes": "Notes"}
    )
    limits = Limits(blank_safe_to_contact="safe")
    write_column_map(tmp_path / "map.toml", ColumnMap(table=(table,), limits=limits))

    check(tmp_path, file, column_map=tmp_path / "map.toml")

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["no", "yes"]


def test_a_force_has_words_of_its_own(tmp_path: Path) -> None:
    """Its phrases add to the lists, and it may say that notes were read by people."""
    words = Words(unsafe_notes=("code 9",), harmless_notes=("Ring Barbara!",))
    assert read_notes(["Code 9 applies", "ring barbara", "ring (Barbara"], words) == [
        "not_safe_in_notes",
        "",
        "",
    ]

    file = write(tmp_path / "extract.csv", rows_of({"Notes": "ring Barbara"}))
    columns = {"mobile": "Mobile", "safe_to_contact": "Safe to contact", "notes": "Notes"}
    table = Table(file="extract.csv", rows="victims", columns=columns)
    limits = Limits(unread_notes="tell")
    write_column_map(tmp_path / "map.toml", ColumnMap(table=(table,), limits=limits))

    check(tmp_path, file, column_map=tmp_path / "map.toml")

    [told] = read(tmp_path / "out" / "who-can-be-told.csv")
    assert (told["can_be_told"], told["a_person_must_look_at"]) == (
        "yes",
        "a note with words that no list explains",
    )


def test_what_many_notes_share_is_read_once(tmp_path: Path) -> None:
    """Entries are split at their days; days, times and collar numbers make no other entry."""
    notes = (
        "12/03/2026 0930 4471 ring Barbara\n14/03/2026 PC 512 Smith: called back",
        "01/04 ring Barbara",
        "[02/04/2026 14:10 AB1234] Ring Barbara!",
        "03/04/2026 ring Barbara\n04/04/2026 husband checks her phone",
    )

    found(tmp_path, *({"Notes": note} for note in notes))

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [row["can_be_told"] for row in told] == ["no"] * 4
    assert told[3]["why_not"] == "the notes say not to contact"
    [unread] = read(tmp_path / "out" / "notes-to-read.csv")
    assert (unread["records"], unread["note"].casefold().strip("!")) == ("3", "ring barbara")


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("nil contact", "not_safe_in_notes"),
        ("Nil texts, nil calls", "not_safe_in_notes"),
        ("nil", ""),
        ("window forced, no entry gained. Called back", ""),
        ("window forced, phone found", TO_READ),
        ("no forensics", ""),
        ("not home number", "terms_in_notes"),
        ("mornings best", "terms_in_notes"),
    ],
)
def test_words_of_the_crime_say_nothing_of_contact(note: str, kind: str) -> None:
    """They are harmless in a clause that names no way of contact, and nil is a no."""
    assert read_notes([note]) == [kind]


@pytest.mark.parametrize(
    "note",
    [
        "any way but by phone",
        "whenever he is out",
        "safe to talk when alone",
        "laptop belongs to def",
        "card left at door, ex opened it",
        "cards cancelled by ex, he has her mobile",
        "reported by husband, he is now sus",
        "callers own number is for reception",
        "number is for the caller",
        "parents of youth spoken to, threatened IP re texts",
        "no one else knows",
        "nothing found but she says phone tapped",
        "wants it all dropped and to be left",
    ],
)
def test_a_harmless_phrase_frees_nothing_else(note: str) -> None:
    """Beside a phrase that says nothing, what warns or nobody knows holds the victim back."""
    assert read_notes([note]) != [""]


@pytest.mark.parametrize(
    "note",
    [
        "on night shift this wk",
        "clr works nights so ring pm",
        "paramedic on shift",
        "free to talk evenings",
        "able to speak at weekends",
        "safe to text weekdays",
        "callback tmrw pm",
        "happy to talk at work",
        "callback on work line",
        "uses work phone",
        "pilot, away till friday",
        "away 2 wks",
        "straight to oic",
        "ex husband is not responsible, still lives there",
    ],
)
def test_a_limit_holds_a_note_whatever_harmless_words_stand_beside_it(note: str) -> None:
    """An automatic message keeps no hours, and knows no work phone."""
    assert read_notes([note]) != [""]
