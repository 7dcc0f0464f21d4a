"""Notes, headings and mailboxes whose author had not read the rules: what the check makes of them.

`fixtures/contacts/README.md` says what their truths mean. The numbers are printed as ratios.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.contact_data.note_detection import read_notes
from simulator.contact_data.note_meanings import TO_READ
from simulator.contact_data.words_of_columns import is_readable, ways_named
from tests.simulator.contact_data.extracts import found, read
from tests.simulator.real_files import ROOT

CONTACTS = ROOT / "fixtures" / "contacts"
CORPORA = ("first", "second")
#: Fields that are about somebody else than a victim.
NOT_VICTIMS = ("supervisor", "officer", "suspect_mobile", "suspect_email")
Ratio = Callable[[str, float], None]
#: Of harmless notes so many may be held. At first sight of the third set it was 64%: words of one
#: set free few of another (docs/contact_data.md).
HELD_AIM = 0.2
HELD_MISSED = {"third": 0.35}
#: Of notes with a limit one of 61 and two of 40 pass: those that ask how one speaks with them.
LIMITED_TOLD = 0.05


@pytest.fixture
def ratio(capsys: pytest.CaptureFixture[str]) -> Ratio:
    """Print a number where a bench looks for it."""

    def printed(name: str, value: float) -> None:
        with capsys.disabled():
            print(f"\nratio {name} {value:.4f}")

    return printed


@pytest.mark.parametrize("corpus", [*CORPORA, "third"])
def test_notes_of_strangers(corpus: str, ratio: Ratio) -> None:
    """Nobody who must not be contacted can be told, and few harmless notes are held."""
    rows = [row for row in read(CONTACTS / "strangers_notes.csv") if row["corpus"] == corpus]
    meant = read_notes([row["note"] for row in rows])
    said: dict[str, list[str]] = {}
    for row, kind in zip(rows, meant, strict=True):
        said.setdefault(row["truth"], []).append(kind)
    tellable = {truth: kinds.count("") / len(kinds) for truth, kinds in said.items()}
    held = 1 - tellable["harmless"]
    ratio(f"check-data-never-told-{corpus}", tellable["never"])
    ratio(f"check-data-limited-told-{corpus}", tellable.get("limited", 0.0))
    ratio(f"check-data-harmless-held-{corpus}", held)
    ratio(
        f"check-data-never-named-{corpus}", 1 - (said["never"].count(TO_READ) / len(said["never"]))
    )

    assert tellable["never"] <= 0.002
    assert tellable.get("limited", 0.0) <= LIMITED_TOLD
    assert held <= HELD_MISSED.get(corpus, HELD_AIM)


@pytest.mark.parametrize("corpus", [*CORPORA, "partners"])
def test_mailboxes_of_strangers(tmp_path: Path, corpus: str, ratio: Ratio) -> None:
    """No mailbox that may be another's is used, no repair that is made at once is wrong."""
    rows = [row for row in read(CONTACTS / "strangers_mailboxes.csv") if row["corpus"] == corpus]

    found(
        tmp_path,
        *(
            {
                "Forename": row["given_name"],
                "Surname": row["family_name"],
                "Email": row["email"],
                "Mobile": "",
            }
            for row in rows
        ),
    )

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    mended = read(tmp_path / "out" / "mended-proposal.csv")
    used = {row["row"] for row in told if row["by_email"]}
    repaired = {row["row"] for row in mended if "email" in row["changed"].split()}
    of = {
        truth: {str(n) for n, row in enumerate(rows, 1) if row["truth"] == truth}
        for truth in ("use", "ask", "repair")
    }
    ratio(f"check-data-mailboxes-wrongly-used-{corpus}", len(used - of["use"]) / len(of["ask"]))
    ratio(f"check-data-mailboxes-held-{corpus}", len(of["use"] - used) / len(of["use"]))
    assert used - of["use"] == set()
    assert of["use"] - used == set()
    assert repaired == of["repair"]


def test_headings_of_strangers(ratio: Ratio) -> None:
    """No heading is taken for another field, and an officer's or a suspect's is never guessed."""
    rows = read(CONTACTS / "strangers_headers.csv")
    ways = {row["header"]: ways_named(row["header"]) for row in rows}
    named = {
        header: min(found, key=lambda way: found[way], default="") for header, found in ways.items()
    }
    wrong = {
        row["header"]: named[row["header"]]
        for row in rows
        if named[row["header"]] not in ("", row["kind"], *(() if row["kind"] else NOT_VICTIMS))
    }
    known = [row for row in rows if row["kind"] and named[row["header"]] == row["kind"]]
    ratio("check-data-headings-known", len(known) / sum(row["kind"] != "" for row in rows))

    assert wrong == {}
    assert [
        row["header"] for row in rows if not row["kind"] and not is_readable(row["header"])
    ] == []
