"""Workers share a burst by the users that they have; a lost one is counted."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from loadtests.burst_victims import BurstVictims
from loadtests.locust_process import TALLY, Handover
from loadtests.locust_shares import MasterRun, Share, evidence_path
from loadtests.slots import ALL
from loadtests.visit_times import VisitCounts
from tests.loadtests.bursts_for_tests import burst

USERS = {
    "one": {"CrimeSystemUser": 3, "VisitorUser": 2},
    "two": {"CrimeSystemUser": 1, "VisitorUser": 3, "PageWatcher": 1},
}


def _master(folder: Path) -> MasterRun:
    crowd = BurstVictims(
        run="test", count=9, force="f", reference_prefix="43", offence_subgroup="Theft"
    )
    plan = Handover(
        burst=burst(folder),
        crowd=crowd,
        handsets_url="http://127.0.0.1:1",
        wait_seconds_max=1.0,
        folder=str(folder),
    )
    return MasterRun(plan, 2)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 60))
def test_everything_is_shared_out_once(counts: list[int], length: int) -> None:
    """Each thing is some worker's, and no two workers', however many users each has."""
    users = {f"worker {place}": {"VisitorUser": each} for place, each in enumerate(counts)}
    shares = MasterRun.__new__(MasterRun).shares(users)
    taken = [each for share in shares.values() for each in share.visits.taken(range(length))]

    assert sorted(taken) == (list(range(length)) if any(counts) else [])
    assert all(
        not shares[worker].visits.taken(range(length))
        for worker, each in users.items()
        if not each["VisitorUser"]
    )


def test_a_worker_has_as_much_as_it_has_users_for(tmp_path: Path) -> None:
    """Three senders of four have three quarters of the batches."""
    shares = _master(tmp_path).shares(USERS)

    assert len(shares["one"].updates.taken(range(100))) == 75
    assert len(shares["two"].visits.taken(range(100))) == 60
    assert shares["two"].pages.taken(range(7)) == list(range(7))
    assert shares["one"].pages.taken(range(7)) == []
    assert ALL.taken("abc") == ["a", "b", "c"]


def test_the_parts_are_put_together(tmp_path: Path) -> None:
    """The run is over when each worker that is there has sent its part."""
    master = _master(tmp_path)
    assert not master.is_over(["one", "two"])
    master.shares(USERS)
    master.take_part("one", b"evidence", msgspec.json.encode(VisitCounts(requests=3)))

    assert not master.is_over(["one", "two"])
    assert master.is_over(["one"])
    master.write()
    counts = msgspec.json.decode((tmp_path / TALLY).read_bytes(), type=VisitCounts)
    assert (counts.requests, counts.workers, counts.workers_lost) == (3, 2, 1)
    path = Path(evidence_path(_master(tmp_path)._plan, Share()))
    assert path.read_bytes() == b"evidence"
