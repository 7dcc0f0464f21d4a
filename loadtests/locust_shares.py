"""How Locust's master shares a burst out among its workers, and puts together what they did.

Pure but for the files of the parts. A worker gets as much of the plan as it has users for it. One
that ends before it has sent its part is lost, and the result says so.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from loadtests.locust_process import TALLY, Handover
from loadtests.slots import ALL, Slots
from loadtests.visit_times import VisitCounts, merged

#: The users that do each part of the plan.
USERS = {
    "updates": "CrimeSystemUser",
    "visits": "VisitorUser",
    "pages": "PageWatcher",
    "stops": "TextingUser",
}


class Share(msgspec.Struct, frozen=True):
    """The part of the plan that one process of so many has, by its index."""

    index: int = 0
    of: int = 1
    updates: Slots = ALL
    visits: Slots = ALL
    pages: Slots = ALL
    stops: Slots = ALL


class MasterRun:
    """The run as the master sees it: it gives each worker its share, and collects their parts."""

    def __init__(self, plan: Handover, workers: int) -> None:
        self._plan = plan
        self._workers = workers
        self._parts: dict[str, VisitCounts] = {}
        self._shares: dict[str, Share] = {}

    def shares(self, users: Mapping[str, Mapping[str, int]]) -> dict[str, Share]:
        """Give each worker its share, by how many users of each kind it has.

        `users` counts them by worker and by the name of their class.
        """
        kinds = {
            kind: _slots({worker: each.get(name, 0) for worker, each in users.items()})
            for kind, name in USERS.items()
        }
        self._shares = {
            worker: Share(
                index, len(users), **{kind: slots[worker] for kind, slots in kinds.items()}
            )
            for index, worker in enumerate(users)
        }
        return self._shares

    def take_part(self, worker: str, evidence: bytes, counts: bytes) -> None:
        """Keep what the users of a worker did."""
        share = self._shares[worker]
        evidence_path(self._plan, share).write_bytes(evidence)
        self._parts[worker] = msgspec.json.decode(counts, type=VisitCounts)

    def is_over(self, present: Iterable[str]) -> bool:
        """Whether every worker that is still `present` has sent its part."""
        return bool(self._shares) and not ({*self._shares} - {*self._parts}) & {*present}

    def write(self) -> None:
        """Write the counts where the runner reads them."""
        counts = merged([*self._parts.values()], workers=self._workers)
        write_counts(self._plan, msgspec.json.encode(counts))


def _slots(counts: Mapping[str, int]) -> dict[str, Slots]:
    """Give each worker as many slots as it has users of a kind."""
    owners = [worker for worker, count in counts.items() for _ in range(count)]
    return {
        worker: Slots(
            tuple(place for place, owner in enumerate(owners) if owner == worker),
            max(1, len(owners)),
        )
        for worker in counts
    }


def evidence_path(plan: Handover, share: Share) -> Path:
    """Give the file that holds the evidence of one share."""
    return Path(plan.folder) / f"locust-{share.index + 1}.ndjson"


def write_counts(plan: Handover, counts: bytes) -> None:
    """Write what the users did, whole or not at all."""
    path = Path(plan.folder) / TALLY
    path.with_suffix(".part").write_bytes(counts)
    path.with_suffix(".part").replace(path)
