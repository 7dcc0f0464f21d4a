"""The journal of a run by hand: every answer, and each finished scenario with its evidence.

A run that was stopped continues from here: finished scenarios are not repeated.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from simulator.errors import BadInput
from simulator.evidence.records import Record
from simulator.results.values import ScenarioResult

NAME = "journal.ndjson"
#: No scenario needs more people or crimes than this.
_USED_MAX = 10


class Answered(Struct, frozen=True, kw_only=True, tag=True):
    """A question to the tester with the answer; links and codes are struck out."""

    at: datetime
    by: str
    asked: str
    answer: str


class Begun(Struct, frozen=True, kw_only=True, tag=True):
    """A scenario began, after so many people and crimes had been used."""

    at: datetime
    scenario: str
    people: int
    crimes: int


class Finished(Struct, frozen=True, kw_only=True, tag=True):
    """A scenario was finished, with its result and its evidence."""

    at: datetime
    result: ScenarioResult
    evidence: list[Record]
    people: int
    crimes: int


Entry: TypeAlias = Answered | Begun | Finished


class Journal:
    """One journal file, written line by line, so that nothing is lost if the machine stops."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder = msgspec.json.Encoder()

    def write(self, entry: Entry) -> None:
        """Add one line."""
        with self._path.open("ab") as file:
            file.write(self._encoder.encode(entry) + b"\n")

    def read(self) -> list[Entry]:
        """Read every line; the last may be incomplete. Raises BadInput naming file and line."""
        decoder = msgspec.json.Decoder(Entry)
        lines = self._path.read_bytes().splitlines(keepends=True)
        found: list[Entry] = []
        for number, line in enumerate(lines, start=1):
            try:
                found.append(decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                if number == len(lines) and not line.endswith(b"\n"):
                    # The machine stopped in the middle of this line.
                    self._path.write_bytes(b"".join(lines[:-1]))
                    break
                raise BadInput(
                    f"{self._path}:{number}: not a line of a journal: {error}; give another "
                    "folder, or start again without --resume"
                ) from None
        return found


def finished_scenarios(entries: Iterable[Entry]) -> list[Finished]:
    """List the finished scenarios, in order."""
    return [each for each in entries if isinstance(each, Finished)]


def used_people_and_crimes(entries: Iterable[Entry]) -> tuple[int, int]:
    """Return how many people and crimes must not be used again, also by an unfinished scenario."""
    people = crimes = 0
    for each in entries:
        if isinstance(each, Begun):
            people, crimes = each.people + _USED_MAX, each.crimes + _USED_MAX
        elif isinstance(each, Finished):
            people, crimes = each.people, each.crimes
    return people, crimes
