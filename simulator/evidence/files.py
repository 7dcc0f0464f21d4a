"""Evidence as files: one NDJSON line a record.

Each process writes its own file, and `read_evidence` merges them by virtual time, then process and
sequence.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import BinaryIO

import msgspec
from msgspec import Struct

from simulator.errors import DamagedFile
from simulator.evidence.records import Record


class Line(Struct, frozen=True, kw_only=True):
    """A record with its origin: process, sequence and wall time."""

    process: str
    sequence: int
    wall: datetime
    record: Record


def write_evidence(
    file: BinaryIO, records: Iterable[Record], *, process: str, wall: datetime
) -> None:
    """Write records as NDJSON, one line each."""
    encoder = msgspec.json.Encoder()
    for sequence, record in enumerate(records):
        line = Line(process=process, sequence=sequence, wall=wall, record=record)
        file.write(encoder.encode(line) + b"\n")


def read_evidence(paths: Iterable[Path]) -> list[Record]:
    """Read and merge evidence files; raises DamagedFile naming file and line."""
    decoder = msgspec.json.Decoder(Line)
    # A record is kept, and of its line what puts it in order: there may be millions.
    found: list[tuple[datetime, str, int, Record]] = []
    for path in paths:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                try:
                    line = decoder.decode(raw)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    what = f"not a line of evidence: {error}"
                    raise DamagedFile(f"{path}:{number}: {what}") from None
                found.append((line.record.at, intern(line.process), line.sequence, line.record))
    found.sort(key=itemgetter(0, 1, 2))
    return [record for _at, _process, _sequence, record in found]
