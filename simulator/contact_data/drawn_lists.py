"""The mark of a drawn call-back list: each line carries its list's size, its seed and a digest.

Who fills in a list may sort it, add columns and save it as a spreadsheet does. A line that is lost
may be the one with bad news, and a list picked by hand was never drawn: the mark tells both.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from simulator.errors import BadInput

_MARK = re.compile(r"list-of-(\d{1,6})-seed-(\d{1,10})-([0-9a-f]{16})")
_SHOWN = 10
_PUT_BACK = "put them back as --audit-sample wrote them, with “no answer” where nobody answered"


class Drawn(Struct, frozen=True, kw_only=True):
    """How a list was drawn: `size` lines with a seed, and the digest of whom they name."""

    size: int
    seed: int
    digest: str

    @property
    def mark(self) -> str:
        """The text that each line of the list carries."""
        return f"list-of-{self.size}-seed-{self.seed}-{self.digest}"


class _Line(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def call(self) -> int: ...
    @property
    def drawn(self) -> str: ...
    @property
    def key(self) -> tuple[str, ...]: ...


def key_of(occurrence_id: str, person_id: str, row: int) -> tuple[str, ...]:
    """Return what a record is told by: its numbers, or its row where it has none."""
    if occurrence_id or person_id:
        return occurrence_id, person_id
    return (str(row),)


def drawn_list(keys: Iterable[tuple[str, ...]], *, seed: int) -> Drawn:
    """Return the mark of a list of the records with these keys, in whatever order."""
    ordered = sorted(keys)
    text = "\n".join("\t".join(each) for each in ordered)
    digest = hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest()[:16]
    return Drawn(size=len(ordered), seed=seed, digest=digest)


def check_is_whole(path: Path, lines: Sequence[_Line]) -> Drawn:
    """Return how the list was drawn; raises BadInput unless these are all its lines, and no other.

    The error says which calls are missing.
    """
    if not lines:
        raise BadInput(f"{path}: it has no lines; give the list that --audit-sample wrote")
    first = lines[0]
    for line in lines:
        if not _MARK.fullmatch(line.drawn):
            raise BadInput(
                f"{path}: line {line.number}, column 'drawn': it is {line.drawn!r:.60}, so this "
                "line was not drawn; remove it, or leave the mark as --audit-sample wrote it"
            )
        if line.drawn != first.drawn:
            raise BadInput(
                f"{path}: line {line.number}, column 'drawn': it is of another list than line "
                f"{first.number}; give the lines of one list alone"
            )
    found = _MARK.fullmatch(first.drawn)
    assert found is not None
    drawn = Drawn(size=int(found[1]), seed=int(found[2]), digest=found[3])
    if len(lines) < drawn.size:
        raise BadInput(
            f"{path}: the list was drawn with {drawn.size:,} lines, and {len(lines):,} are "
            f"there{_missing(drawn, lines)}; {_PUT_BACK}"
        )
    if drawn_list((each.key for each in lines), seed=drawn.seed) != drawn:
        raise BadInput(
            f"{path}: column 'drawn': its mark says that other records were drawn; give the list "
            "that --audit-sample wrote, filled in, with every line that it had and no other"
        )
    return drawn


def _missing(drawn: Drawn, lines: Sequence[_Line]) -> str:
    """Name the calls that a list lacks, where its lines still have their numbers."""
    there = {each.call for each in lines}
    missing = [str(call) for call in range(1, drawn.size + 1) if call not in there]
    if len(missing) != drawn.size - len(lines):
        return ""
    more = len(missing) - _SHOWN
    return (
        f": call{'s' * (len(missing) > 1)} {', '.join(missing[:_SHOWN])}"
        f"{f' and {more:,} more' if more > 0 else ''} "
        f"{'is' if len(missing) == 1 else 'are'} missing"
    )
