"""How soon exploring alone finds each broken portal: a line for each, kept beside the kill matrix.

`prove --exploring` writes it, and `make explored` keeps it in `fixtures/golden`. The proof's report
says of each broken portal what is kept.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from simulator.errors import BadInput
from simulator.files.paths import ROOT

KEPT = ROOT / "fixtures" / "golden" / "explored-portals.csv"


class Explored(Struct, frozen=True, kw_only=True):
    """How one broken portal was explored.

    It was caught by story number `story` after `seconds` of a core, if `fingerprint` is not "".
    """

    id: str
    name: str
    requirement: str
    phase: int
    caught: bool
    seconds: float
    stories: int
    story: int | None = None
    fingerprint: str = ""
    #: Whether any story called what is replaced, for one that was not caught.
    reached: bool = True
    #: Why its stories could not be played to their end ("" if they could).
    why_not_played: str = ""

    @property
    def label(self) -> str:
        """Its name, with the id before it."""
        return f"{self.id} {self.name}"

    @property
    def in_words(self) -> str:
        """Say how soon it was found, or why it was not."""
        stories = "1 story" if self.stories == 1 else f"{self.stories:,} stories"
        return f"{stories}, {self.seconds:.1f} s" if self.caught else f"no: {self.why_not}"

    @property
    def why_not(self) -> str:
        """Say what a broken portal that was not caught waits for ("" for one that was caught)."""
        if self.caught:
            return ""
        if self.why_not_played:
            return f"could not be played: {self.why_not_played}"
        return "needs the judge to look" if self.reached else "needs a step"


def said_of(path: Path = KEPT) -> dict[str, str]:
    """Say in a few words how soon each was found, by its id; nothing where none is kept."""
    return {each.id: each.in_words for each in read_explored(path)}


def explored_csv(rows: Iterable[Explored]) -> str:
    """Write the table, a line for each broken portal."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(each) for each in rows)
    return text.getvalue()


def read_explored(path: Path) -> list[Explored]:
    """Read the table of an earlier run that was stopped; raises BadInput; none if there is none."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [_row(each) for each in csv.DictReader(file)]
    except (KeyError, ValueError) as error:
        raise BadInput(f"{path}: {error}: not a table that prove --exploring wrote") from None


_COLUMNS = (
    "id", "name", "requirement", "phase", "caught", "seconds", "stories", "fingerprint", "why_not",
)  # fmt: skip


def _cells(row: Explored) -> tuple[object, ...]:
    return (
        row.id,
        row.name,
        row.requirement,
        row.phase,
        "yes" if row.caught else "no",
        f"{row.seconds:.1f}",
        row.stories,
        row.fingerprint,
        row.why_not,
    )


def _row(cells: Mapping[str, str]) -> Explored:
    return Explored(
        id=cells["id"],
        name=cells["name"],
        requirement=cells["requirement"],
        phase=int(cells["phase"]),
        caught=cells["caught"] == "yes",
        seconds=float(cells["seconds"]),
        stories=int(cells["stories"]),
        fingerprint=cells["fingerprint"],
        reached=cells["why_not"] != "needs a step",
        why_not_played=cells["why_not"].partition("could not be played: ")[2],
    )
