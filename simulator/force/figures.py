"""Load the published figures: how much crime, of which kinds, with which outcome.

They are read from `fixtures/figures/*.csv`, which have their sources beside them.
"""

import csv
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from reference.contract.outcomes import OUTCOMES
from simulator.errors import BadInput
from simulator.files.paths import ROOT

FIGURES = ROOT / "fixtures" / "figures"
FILE_BYTES_MAX = 5_000_000
# First month of each quarter, and the days it had in the year to March 2025.
QUARTER_DAYS = {1: 90, 4: 91, 7: 92, 10: 92}

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0)]
T = TypeVar("T", bound=Struct)


class Offence(Struct, frozen=True, kw_only=True):
    """How many offences of one Home Office code a force recorded in the year."""

    force: Name
    group: Name
    subgroup: Name
    offence_code: Name
    offence_description: Name
    count: Count


class Outcome(Struct, frozen=True, kw_only=True):
    """How many of a force's offences of one group had an outcome; 0 is not yet assigned."""

    force: Name
    group: Name
    outcome: int
    count: Count

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES and self.outcome != 0:
            raise ValueError(f"outcome is {self.outcome}; give a Home Office code, or 0 for none")


class Quarter(Struct, frozen=True, kw_only=True):
    """How many offences a force recorded in the three months from `first_month`."""

    force: Name
    first_month: Literal[1, 4, 7, 10]
    count: Count


class Figures(Struct, frozen=True, kw_only=True, dict=True):
    """A year of recorded crime: the offences, their outcomes, and the quarters."""

    offences: tuple[Offence, ...]
    outcomes: tuple[Outcome, ...]
    quarters: tuple[Quarter, ...]

    @cached_property
    def forces(self) -> tuple[str, ...]:
        """Forces in the figures, in order of name."""
        return tuple(sorted({each.force for each in self.offences}))

    @cached_property
    def subgroups(self) -> tuple[str, ...]:
        """Offence subgroups in the figures, in order of name."""
        return tuple(sorted({each.subgroup for each in self.offences}))

    def per_day(self, force: str, month: int) -> float:
        """Count the force's offences on an average day of the quarter that holds `month`."""
        first = month - (month - 1) % 3
        return next(
            each.count / QUARTER_DAYS[first]
            for each in self.quarters
            if each.force == force and each.first_month == first
        )


def load_figures(*, folder: Path = FIGURES) -> Figures:
    """Load `offences.csv`, `outcomes.csv` and `quarters.csv` from `folder`.

    Raises BadInput naming the file, the line, the field and the value.
    """
    figures = Figures(
        offences=_rows(folder / "offences.csv", Offence),
        outcomes=_rows(folder / "outcomes.csv", Outcome),
        quarters=_rows(folder / "quarters.csv", Quarter),
    )
    _check_complete(figures, folder)
    return figures


def _rows(path: Path, kind: type[T]) -> tuple[T, ...]:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise BadInput(f"{path}: larger than {FILE_BYTES_MAX:,} bytes; is it the right file?")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a readable text file"
        raise BadInput(f"{path}: {reason}; check the path") from None
    rows: tuple[T, ...] = _rows_of(text, path, kind)
    return rows


@lru_cache(maxsize=16)
def _rows_of(text: str, path: Path, kind: type[Struct]) -> tuple[Any, ...]:
    """Read the text of a table once: every part of a run asks for the figures."""
    wanted = list(kind.__struct_fields__)
    reader = csv.DictReader(text.splitlines())
    if list(reader.fieldnames or ()) != wanted:
        raise BadInput(
            f"{path}: columns are {','.join(reader.fieldnames or ())!r}; "
            f"make them {','.join(wanted)!r}"
        )
    return tuple(_row(path, reader.line_num, raw, kind) for raw in reader)


def _row(path: Path, line: int, raw: dict[str, str], kind: type[T]) -> T:
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        found = re.search(r"`\$\.(\w+)`", str(error))
        what = str(error).split(" - at ")[0]
        if found is None:
            raise BadInput(f"{path}:{line}: {what}") from None
        raise BadInput(f"{path}:{line}: {found[1]} is {raw[found[1]]!r}; {what}") from None


def _check_complete(figures: Figures, folder: Path) -> None:
    """Refuse figures with a force without quarters or a group without outcomes; raises BadInput."""
    for force in figures.forces:
        months = sorted(each.first_month for each in figures.quarters if each.force == force)
        if months != list(QUARTER_DAYS):
            raise BadInput(
                f"{folder / 'quarters.csv'}: {force}: first_month is {months}; "
                f"give each of {list(QUARTER_DAYS)} once"
            )
    _check_counted(figures.offences, "offences of", folder / "offences.csv")
    _check_counted(figures.outcomes, "outcomes of", folder / "outcomes.csv")
    counted = {(each.force, each.group) for each in figures.outcomes}
    for offence in figures.offences:
        if (offence.force, offence.group) not in counted:
            raise BadInput(
                f"{folder / 'outcomes.csv'}: no outcomes for {offence.group} at {offence.force}; "
                "add them"
            )


def _check_counted(rows: Sequence[Offence | Outcome], what: str, path: Path) -> None:
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.force, row.group)
        totals[key] = totals.get(key, 0) + row.count
    if not totals:
        raise BadInput(f"{path}: it has no rows; add them")
    for (force, group), total in totals.items():
        if total == 0:
            raise BadInput(f"{path}: {what} {group} at {force} are 0 in total; leave them out")
