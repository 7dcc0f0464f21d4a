"""Before a burst, whoever can be told is invited, and the doubles know the crimes."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec import structs

from loadtests import preparation
from loadtests.preparation import Failed, prepare
from reference.contract.messages import Task
from simulator.clock import wall_now
from simulator.drivers.base import Refused, Session, Step
from simulator.errors import PortalNonsense, PortalUnreachable, SuiteError
from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    EvidenceLog,
    PersonKnown,
    SignedIn,
    VictimRefused,
)
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


class _Portal:
    """Gives these answers first, a status or an error, and then works; a used link is refused."""

    def __init__(self, *answers: int | Exception) -> None:
        self._answers = list(answers)
        self._used: set[str] = set()
        self.signed_in: list[str] = []

    def deliver(self, _delivery: object) -> int:
        """Take a batch."""
        return self._next() or 202

    def open_invitation(self, link: str) -> Step:
        """Begin by a link."""
        if link in self._used:
            raise Refused(410, "It was used")
        return Step(link, "agreed_word")

    def begin_sign_in(self, address: str) -> Step:
        """Begin by an address."""
        return Step(address, "agreed_word")

    def prove(self, step: Step, _proof: str) -> Step:
        """Take any word."""
        return step

    def enter_code(self, step: Step, _code: str) -> Session:
        """Let in; an answer that is lost uses the link up all the same."""
        self._used.add(step.id)
        self._next()
        self.signed_in.append(step.id)
        return Session(step.id)

    def sign_out(self, _session: Session) -> None:
        """End it."""

    def _next(self) -> int:
        answer = self._answers.pop(0) if self._answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer


def _scene(portal: _Portal) -> Any:
    evidence = EvidenceLog()
    system = CrimeSystem(now=wall_now, evidence=evidence, source="test")
    links = SimpleNamespace(get=lambda event_id, _default: f"link of {event_id}")
    handsets = SimpleNamespace(links=links, code=lambda _address, _since: "12345")
    return SimpleNamespace(evidence=evidence, crime_system=system, driver=portal, handsets=handsets)


def _prepared(
    folder: Path,
    watch: _Watch,
    portal: _Portal | None = None,
    *,
    seconds_max: float = 5.0,
    **changes: Any,
) -> tuple[Any, frozenset[str] | None, Failed]:
    values = {"crimes": 200, "visitors": 0, "data_quality": RATES} | changes
    crimes = burst(folder, **values)
    count = crimes.crime_count
    crowd = structs.replace(CROWD, count=count, data_quality=values["data_quality"])
    scene = _scene(portal or _Portal())
    watched, failed = cast("Any", watch), Failed(seconds_max)
    reached = prepare(
        crimes,
        crowd,
        scene,
        watched,
        order=ORDER,
        identity_key="key",
        show=lambda _words: None,
        failed=failed,
    )
    return scene, reached, failed


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before the next try."""
    monkeypatch.setattr(preparation, "wall_sleep", lambda _seconds: None)


def test_only_those_who_can_be_told_are_waited_for(tmp_path: Path) -> None:
    """The judge says who, by what the force wrote down; one who is omitted is nobody."""
    watch = _Watch()
    scene, reached, _ = _prepared(tmp_path, watch)
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
    scene, reached, _ = _prepared(tmp_path, _Watch(), update="recorded")
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


SMALL: dict[str, Any] = {"crimes": 4, "data_quality": ""}


def _statuses(scene: Any) -> list[int]:
    return [each.status for each in scene.evidence.records if isinstance(each, EventDelivered)]


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [(503, 503, "was answered 503"), (PortalUnreachable("cut off"), 0, "was not answered")],
)
def test_a_batch_that_is_not_taken_is_delivered_again(
    tmp_path: Path, answer: int | Exception, status: int, said: str
) -> None:
    """The run goes on, and counts it."""
    scene, reached, failed = _prepared(tmp_path, _Watch(), _Portal(answer), **SMALL)

    assert reached is not None
    assert _statuses(scene) == [status] * 4 + [202] * 4
    assert failed == {f"before the burst: a batch of CrimeRecorded {said}, and delivered again": 1}


@pytest.mark.parametrize(
    "error", [PortalNonsense("answered 503 and text/html"), PortalUnreachable("cut off")]
)
def test_a_registration_that_fails_is_tried_again(tmp_path: Path, error: Exception) -> None:
    """Where the answer was lost, the link is used up: the address is enough then."""
    portal = _Portal(0, error)
    scene, reached, failed = _prepared(tmp_path, _Watch(), portal, visitors=1, **SMALL)
    records = scene.evidence.records

    assert reached is not None
    assert portal.signed_in == [CROWD.mobile_phone(0)]
    assert sum(isinstance(each, SignedIn) for each in records) == 1
    assert not any(isinstance(each, VictimRefused) for each in records)
    assert list(failed.values()) == [1]


def test_who_can_never_be_registered_does_not_end_the_run(tmp_path: Path) -> None:
    """The others are; the portal is judged by that person's visits."""
    portal = _Portal(0, *[PortalUnreachable("cut off")] * 5)
    scene, reached, failed = _prepared(tmp_path, _Watch(), portal, visitors=2, **SMALL)
    refused = [each for each in scene.evidence.records if isinstance(each, VictimRefused)]

    assert reached is not None
    assert [each.person_id for each in refused] == [CROWD.person_id(0)]
    assert len(portal.signed_in) == 1
    assert sum(failed.values()) == 5


def test_a_portal_that_does_nothing_right_ends_the_preparation(tmp_path: Path) -> None:
    """It says what failed last."""
    with pytest.raises(
        SuiteError, match="did nothing right for 0 s before the burst; last: a batch"
    ):
        _prepared(tmp_path, _Watch(), _Portal(*[503] * 9), seconds_max=0.0, **SMALL)
