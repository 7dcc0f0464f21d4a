"""Evidence as files: one NDJSON line a record.

Each process writes its own file, and `read_evidence` merges them by virtual time, then process and
sequence.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
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
    lines: list[Line] = []
    for path in paths:
        for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                lines.append(decoder.decode(raw))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DamagedFile(f"{path}:{number}: not a line of evidence: {error}") from None
    lines.sort(key=lambda line: (line.record.at, line.process, line.sequence))
    return [line.record for line in lines]
