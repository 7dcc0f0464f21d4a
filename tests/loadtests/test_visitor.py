"""A visitor gives the proof, then the code; before a burst, again while no code can be sent."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from loadtests import visitor
from loadtests.visitor import finish_sign_in, read_everything
from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Driver, Refused, Session, Step
from simulator.errors import PortalNotAvailable
from simulator.evidence.records import EvidenceLog, Seen
from tests.loadtests.test_load_result import CROWD
from tests.simulator.judge.expected import fail
from tests.simulator.judge.story import Story

STEP = Step("s-1", "agreed_word")


class Portal:
    """Cannot send a code the first few times; only what a sign-in needs works."""

    def __init__(self, cannot: int = 0) -> None:
        self.cannot = cannot
        self.proofs: list[str] = []
        self.codes: list[str] = []

    def prove(self, step: Step, proof: str) -> Step:
        """Take a proof, and send the code if it can."""
        self.proofs.append(proof)
        if len(self.proofs) <= self.cannot:
            raise PortalNotAvailable("the portal cannot do it now")
        return step

    def enter_code(self, _step: Step, code: str) -> Session:
        """Let the visitor in."""
        self.codes.append(code)
        return Session("in")


class Clock:
    """Stands still but for the waits."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the visitor's waits move."""
    made = Clock()
    monkeypatch.setattr(visitor, "wall_sleep", made.sleep)
    return made


def signed_in(
    portal: Portal, clock: Clock, *, patience: float = 0, code: str = "123456"
) -> Session:
    """Sign in; the code is on the telephone at once."""
    driver: Driver = portal  # type: ignore[assignment]
    return finish_sign_in(
        driver, STEP, "heron", lambda _since: code, now=clock, patience_seconds=patience
    )


def test_the_proof_is_followed_by_the_code(clock: Clock) -> None:
    """Once each."""
    portal = Portal()

    assert signed_in(portal, clock) == Session("in")
    assert (portal.proofs, portal.codes) == (["heron"], ["123456"])


def test_before_a_burst_the_proof_is_given_again(clock: Clock) -> None:
    """The gateway may be busy with the invitations: a code comes when it can be sent."""
    portal = Portal(cannot=3)

    assert signed_in(portal, clock, patience=10) == Session("in")
    assert portal.proofs == ["heron"] * 4


@pytest.mark.parametrize("patience", [0, 5])
def test_in_a_burst_nobody_tries_for_long(clock: Clock, patience: int) -> None:
    """A portal that cannot send a code has failed this visit."""
    portal = Portal(cannot=1000)

    with pytest.raises(PortalNotAvailable):
        signed_in(portal, clock, patience=patience)
    assert len(portal.proofs) == patience + 1


def test_a_list_of_crimes_is_recorded_by_its_references() -> None:
    """Whose they are is for the judge: what is listed may be somebody else's, and not open."""
    evidence = EvidenceLog()
    summaries = [
        CrimeSummary(
            crime_reference=each,
            offence="Bicycle theft",
            status="open",
            force="thames_valley",
            officer_in_charge="",
            updated_at=datetime(2026, 11, 28, tzinfo=UTC),
        )
        for each in ("43260000001", "43260000002")
    ]
    driver: Driver = SimpleNamespace(crimes=lambda _: summaries, timeline=lambda *_: [])
    read_everything(driver, Session("in"), "p-1", evidence, crowd=CROWD)
    read_everything(
        SimpleNamespace(crimes=lambda _: []),
        Session("in"),
        "p-2",
        evidence,
        crowd=CROWD,
    )
    seen = [each for each in evidence.records if isinstance(each, Seen) and each.where == "crimes"]

    assert [(each.person_id, each.crime_reference) for each in seen] == [
        ("p-1", "43260000001"),
        ("p-1", "43260000002"),
        ("p-2", ""),
    ]


def test_somebody_elses_crime_in_a_list_is_a_disclosure() -> None:
    """The judge says so of what a burst records."""
    story = Story()
    alex, sam = story.person(), story.person("Sam")
    crime, other = story.crime(alex), story.crime(sam)
    for person, of in ((alex, crime), (sam, other)):
        story.invite(person, of)
        story.signs_in(person)
    story.sees(alex, crime, "Bicycle theft open", where="crimes")

    assert story.harms() == []

    story.sees(alex, other, "Bicycle theft open", where="crimes")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_a_proof_that_is_answered_late_leaves_time_for_the_code(clock: Clock) -> None:
    """A slow portal is slow, and no portal without codes."""

    class Slow(Portal):
        def prove(self, step: Step, proof: str) -> Step:
            clock.sleep(11)
            return super().prove(step, proof)

    assert signed_in(Slow(), clock) == Session("in")


def test_a_code_that_does_not_come_is_a_refusal(clock: Clock) -> None:
    """After five seconds."""
    with pytest.raises(Refused, match="no one-time code arrived"):
        signed_in(Portal(), clock, code="")
