"""When a run was made: each process's wall clock and world clock, read from the evidence.

Verdicts hold no wall time, so papers and packs take the date of a run from here.
"""

from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from reference.contract.events import Moment
from simulator.errors import BadInput, DamagedFile
from simulator.legible import on_one_line

#: A run outside these years was made on a machine whose clock was not set.
YEARS = range(2000, 2101)


class ClockSpan(Struct, frozen=True, kw_only=True):
    """What one process wrote: how many records, and its first and last wall and world times."""

    process: str
    records: int
    wall_first: datetime
    wall_last: datetime
    world_first: datetime
    world_last: datetime


class _Record(Struct, frozen=True):
    at: Moment


class _Line(Struct, frozen=True):
    process: str
    wall: Moment
    record: _Record


def read_clock_log(evidence: Path) -> list[ClockSpan]:
    """Read from an evidence file when each process wrote its first and last record.

    Raises BadInput naming file and line, also if the file has no records.
    """
    decoder = msgspec.json.Decoder(_Line)
    spans: dict[str, ClockSpan] = {}
    with evidence.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                line = decoder.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                why = on_one_line(str(error))
                raise DamagedFile(f"{evidence}:{number}: not a line of evidence: {why}") from None
            if line.wall.year not in YEARS:
                raise BadInput(
                    f"{evidence}:{number}: wall is {line.wall}; set this machine's clock and run "
                    "it again"
                )
            spans[line.process] = _stretched(spans.get(line.process), line)
    if not spans:
        raise DamagedFile(f"{evidence}: the file is empty; run it again")
    return [spans[name] for name in sorted(spans)]


def _stretched(span: ClockSpan | None, line: _Line) -> ClockSpan:
    wall, world = line.wall, line.record.at
    if span is None:
        return ClockSpan(
            process=line.process,
            records=1,
            wall_first=wall,
            wall_last=wall,
            world_first=world,
            world_last=world,
        )
    return ClockSpan(
        process=line.process,
        records=span.records + 1,
        wall_first=min(span.wall_first, wall),
        wall_last=max(span.wall_last, wall),
        world_first=min(span.world_first, world),
        world_last=max(span.world_last, world),
    )
