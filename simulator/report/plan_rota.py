"""The rota of a plan, as tables with a column a day and as CSV with a row a shift and day."""

import csv
import io
from collections.abc import Sequence
from itertools import groupby

from msgspec import structs

from simulator.report.period_tables import PeriodTable, Row
from simulator.report.staff_tables import title
from simulator.results.planning import RotaShift

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NOTE = (
    "People are counted on the day on which their shift begins, London time; those on leave, sick "
    "or in training are among them."
)
_HEAD = ("force", "desk", "season", "day", "begins", "ends", "hours", "people")


def rota_tables(rota: Sequence[RotaShift]) -> list[PeriodTable]:
    """Make one table for each desk and season."""
    found = [
        PeriodTable(
            caption=f"Rota of {title(force)}, {desk}, {season}: people on each shift",
            columns=_DAYS,
            rows=tuple(
                Row(
                    label=f"{each.begins} to {each.ends}",
                    cells=tuple(f"{number:,}" for number in each.people),
                )
                for each in shifts
            ),
        )
        for (force, desk, season), shifts in groupby(rota, key=_desk)
    ]
    return [*found[:-1], *(structs.replace(each, note=_NOTE) for each in found[-1:])]


def _desk(each: RotaShift) -> tuple[str, str, str]:
    return each.force, each.desk, each.season


def rota_csv(rota: Sequence[RotaShift]) -> str:
    """Write how many people begin each shift on each day."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for each in rota:
        for day, people in zip(_DAYS, each.people, strict=True):
            writer.writerow(
                (
                    *(each.force, each.desk, each.season, day),
                    *(each.begins, each.ends, f"{each.hours:g}", people),
                )
            )
    return text.getvalue()
