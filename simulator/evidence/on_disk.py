"""Evidence in a file of the run's own while it goes on: that of a year does not fit in memory.

What is read again is equal to what was written, as in `evidence.ndjson`.
"""

import itertools
import os
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Sequence
from typing import overload

import msgspec

from simulator.evidence.records import EvidenceLog, Record

_READ_AT_ONCE = 2_000


class RecordsOnDisk(Sequence[Record]):
    """Records in the order in which they were kept; each is read again when it is asked for."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the records
        weakref.finalize(self, self._file.close)
        self._starts = array("Q", [0])
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(Record)

    def keep(self, record: Record) -> None:
        """Write one record at the end."""
        written = self._file.write(self._encoder.encode(record))
        self._starts.append(self._starts[-1] + written)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[Record]:
        for first in range(0, len(self), _READ_AT_ONCE):
            yield from self[first : first + _READ_AT_ONCE]

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            return self._between(first, max(first, last))[::step]
        [record] = self._between(range(len(self))[place], range(len(self))[place] + 1)
        return record

    def _between(self, first: int, last: int) -> list[Record]:
        self._file.flush()
        begin, end = self._starts[first], self._starts[last]
        read = os.pread(self._file.fileno(), end - begin, begin)
        edges = [each - begin for each in self._starts[first : last + 1]]
        return [self._decoder.decode(read[start:stop]) for start, stop in itertools.pairwise(edges)]


class EvidenceOnDisk(EvidenceLog):
    """Collects what happened in `kept`; its `records` in memory stay empty."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = RecordsOnDisk()

    def append(self, record: Record) -> None:
        """Keep one record."""
        self.kept.keep(record)
