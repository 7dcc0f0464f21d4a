"""Before a burst, whoever can be told is invited, and the doubles know the crimes."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from msgspec import structs

from loadtests.preparation import prepare
from reference.contract.messages import Task
from simulator.clock import wall_now
from simulator.evidence.records import EventRecorded, EvidenceLog, PersonKnown
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.records import CrimeSystem
from tests.loadtests.bursts_for_tests import burst
from tests.loadtests.test_load_result import CROWD, ORDER

RATES = "scenarios/data-quality/practice-note.toml"


class _Watch:
    """Sees every message that is waited for, but those of some events."""

    def __init__(self, lost: int = 0) -> None:
        self.waited_for: set[str] = set()
        self._lost = lost

    def collect(self) -> None:
        """Nothing arrives."""

    def wait_for(self, wanted: Any, **_: Any) -> str:
        """Say whether all came."""
        self.waited_for = set(wanted)
        return "silence" if self._lost else "all"


def _scene() -> Any:
    evidence = EvidenceLog()
    system = CrimeSystem(now=wall_now, evidence=evidence, source="test")
    driver = SimpleNamespace(deliver=lambda _delivery: 202)
    return SimpleNamespace(evidence=evidence, crime_system=system, driver=driver)


def _prepared(folder: Path, watch: _Watch, **changes: Any) -> tuple[Any, frozenset[str] | None]:
    crimes = burst(folder, crimes=200, visitors=0, data_quality=RATES, **changes)
    crowd = structs.replace(CROWD, count=200, data_quality=RATES)
    scene = _scene()
    watched: Any = watch
    reached = prepare(
        crimes, crowd, scene, watched, order=ORDER, identity_key="key", show=lambda _words: None
    )
    return scene, reached


def test_only_those_who_can_be_told_are_waited_for(tmp_path: Path) -> None:
    """The judge says who, by what the force wrote down; one who is omitted is nobody."""
    watch = _Watch()
    scene, reached = _prepared(tmp_path, watch)
    recorded = [each for each in scene.evidence.records if isinstance(each, EventRecorded)]
    omitted = [each for each in recorded if b'"victims":[]' in bytes(each.data)]

    assert reached is not None
    assert len(recorded) == 200
    assert 150 < len(reached) == len(watch.waited_for) < 200
    assert omitted
    assert not reached & {each.crime_reference for each in omitted}


def test_one_who_can_be_told_and_is_not_invited_ends_the_preparation(tmp_path: Path) -> None:
    """Nothing is said of the portal under load."""
    assert _prepared(tmp_path, _Watch(lost=1))[1] is None


def test_the_doubles_know_crimes_that_the_burst_will_record(tmp_path: Path) -> None:
    """A portal raises a task about a victim whom it cannot reach: it is filed, and seen."""
    scene, reached = _prepared(tmp_path, _Watch(), update="recorded")
    reference = CROWD.crime_reference(7)
    task = Task(
        key="k-1",
        kind="contact_details",
        crime_reference=reference,
        person_id="p-1",
        reason="No number",
        due_at=wall_now(),
    )

    assert reached == frozenset(map(CROWD.crime_reference, range(200)))
    assert sum(isinstance(each, PersonKnown) for each in scene.evidence.records) >= 200
    assert scene.crime_system.raise_task(task) is Filed.created
