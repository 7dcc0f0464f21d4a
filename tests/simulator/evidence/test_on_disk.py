"""Evidence in a file is read again as it was written, in order, from any place."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.evidence.on_disk import EvidenceOnDisk, RecordsOnDisk
from simulator.evidence.records import PhaseEntered, Record, SignedIn

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def some_records(count: int) -> list[Record]:
    """Give records that differ."""
    found: list[Record] = [PhaseEntered(at=START, phase=1)]
    found += [
        SignedIn(at=START + timedelta(seconds=each), person_id=f"person-{each}")
        for each in range(1, count)
    ]
    return found


def test_what_is_read_is_what_was_kept() -> None:
    """As a whole, one by one, from the end, and by slices, over more than are read at once."""
    records, kept = some_records(4_500), RecordsOnDisk()
    for each in records:
        kept.keep(each)

    assert len(kept) == len(records)
    assert list(kept) == records
    assert kept[1] == records[1]
    assert kept[-1] == records[-1]
    assert list(kept[10:2_100:7]) == records[10:2_100:7]
    assert list(kept[5:5]) == []


def test_there_is_nothing_beyond_the_end() -> None:
    """As with a list."""
    kept = RecordsOnDisk()

    assert list(kept) == []
    with pytest.raises(IndexError):
        kept[0]


def test_reading_and_writing_may_take_turns() -> None:
    """A run writes on after something was read."""
    log = EvidenceOnDisk()
    for each in some_records(3):
        log.append(each)
        assert log.kept[-1] == each

    assert list(log.kept) == some_records(3)
    assert log.records == []
