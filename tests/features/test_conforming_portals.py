"""Rules of false alarms: what does as it must in another way than the reference is let through."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import structs

from simulator.accept.edge_stories import KEPT_STORIES
from simulator.accept.features_run import run_features
from simulator.evidence.records import MessageAccepted, Record, VictimRefused
from simulator.explore.steps import Merge, RecordCrime, SendHeldBack, SignIn, Wait
from simulator.explore.story import Story, read_story
from simulator.processes.features_process import Run
from simulator.prove.run import REFERENCE
from tests.simulator.explore.stories import RECORDED, reference, story

PORTALS = sorted(
    path.stem
    for path in (Path(__file__).parent / "conforming_portals").glob("*.py")
    if path.stem != "__init__"
)
#: It reads the order in another way, and every test run has the scenarios of a quick look pass it;
#: `make proof` tries the others, and has each of them pass every scenario.
IN_EVERY_TEST_RUN = "sends_every_ten_minutes"

OTHER = "tests.features.conforming_portals.takes_every_other_reading:create_app"
A_MINUTE = Wait(seconds=60)
SECOND, THIRD = (structs.replace(RECORDED, crime=f"000472{n}", event=f"e{n}") for n in (2, 3))


def kept(name: str) -> Story:
    """Read a story that a portal failed once."""
    return read_story(KEPT_STORIES / f"{name}.json")


def by_way_of_one_that_is_out() -> Story:
    """Have a crime merged into one that is out, and that one into the victim's other crime.

    In phase 2 news waits to be bundled: that of the second crime waits as it is merged.
    """
    out = structs.replace(THIRD, offence_code="92D", offence_subgroup="Possession of drugs")
    steps = (
        *(RECORDED, SignIn(person="Sam", by="link"), A_MINUTE, SECOND, out),
        Merge(crime=SECOND.crime, event="e4", into=out.crime),
        Merge(crime=out.crime, event="e5", into=RECORDED.crime),
    )
    return story(*steps, phase=2)


def comes_late_to_a_chain() -> Story:
    """Have a crime come after it was merged into one that goes on as a crime not known yet."""

    def held_back(crime: RecordCrime) -> RecordCrime:
        return structs.replace(crime, carriage="held back")

    return story(
        *(RECORDED, A_MINUTE, held_back(SECOND), held_back(THIRD)),
        Merge(crime=SECOND.crime, event="e4", into=RECORDED.crime),
        Merge(crime=RECORDED.crime, event="e5", into=THIRD.crime),
        *(A_MINUTE, SendHeldBack(event=SECOND.event)),
    )


def seen(records: Iterable[Record]) -> Counter[str]:
    """Count the messages of each kind and channel, and what victims were refused."""
    return Counter(
        f"{each.carries or 'news'} by {each.channel}"
        if isinstance(each, MessageAccepted)
        else f"refused: {each.step}"
        for each in records
        if isinstance(each, MessageAccepted | VictimRefused)
    )


#: By the point of decision 49, or of one that is named: a story, and what the reference has in it
#: and the other has not, and the other way round.
OTHER_READINGS: dict[str, tuple[Callable[[], Story], set[str], set[str]]] = {
    "1: who may be told again is invited": (
        partial(kept, "a-cancelled-crime-that-nobody-was-told-of-after-a-flag-was-lifted"),
        set(),
        {"invitation by text", "invitation by email"},
    ),
    "2: an invitation that waited is worded as it goes": (
        partial(kept, "an-invitation-that-waited-for-the-gateway-as-its-reader-came-in"),
        {"invitation by email"},
        {"news by email"},
    ),
    "4: what a merger stopped is told": (
        by_way_of_one_that_is_out,
        set(),
        {"news by text", "news by email"},
    ),
    "6: a late part of a chain needs no invitation": (
        comes_late_to_a_chain,
        {"invitation by text", "invitation by email"},
        set(),
    ),
    "10: a session goes on": (
        partial(kept, "a-session-by-one-of-two-records-whose-crime-was-cancelled"),
        {"refused: reading"},
        set(),
    ),
    "decision 52, 3: what waits at a transfer is not told": (
        partial(kept, "an-end-that-waits-in-a-full-week-as-another-force-takes-over"),
        {"news by text", "news by email"},
        set(),
    ),
}


@pytest.mark.slow(seconds=3)
@pytest.mark.parametrize("reading", OTHER_READINGS)
def test_a_portal_that_takes_another_reading_fails_no_more_than_the_reference(
    reading: str,
) -> None:
    """The two do not do the same in the story, and the judge finds no harm in either."""
    tell, only_reference, only_other = OTHER_READINGS[reading]
    try:
        one, other = (reference(each).judged(tell()) for each in ("", OTHER))
    finally:
        patch.stopall()
    here, there = seen(one.records), seen(other.records)

    assert [*one.failures, *other.failures] == []
    assert set(here - there) == only_reference
    assert set(there - here) == only_other


@pytest.mark.slow(seconds=7)
def test_no_scenario_of_a_quick_look_fails_a_portal_that_conforms(
    tmp_path: Path, warm: Run
) -> None:
    """The messages of such a portal come when they must, and not when the reference's do."""
    application = f"tests.features.conforming_portals.{IN_EVERY_TEST_RUN}:create_app"
    scenarios = run_features(
        REFERENCE, phase=3, out=tmp_path, application=application, quick=True, run=warm
    )

    assert IN_EVERY_TEST_RUN in PORTALS
    assert len(scenarios) > 10
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []


@pytest.mark.proof
@pytest.mark.slow(seconds=30)
@pytest.mark.parametrize("portal", PORTALS)
def test_no_scenario_fails_a_portal_that_conforms(portal: str, tmp_path: Path, warm: Run) -> None:
    """A false alarm is as bad as a miss: every scenario of phase 3 and before passes."""
    application = f"tests.features.conforming_portals.{portal}:create_app"
    scenarios = run_features(REFERENCE, phase=3, out=tmp_path, application=application, run=warm)

    assert len(scenarios) > 50
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []


@pytest.mark.proof
@pytest.mark.slow(seconds=7)
def test_before_phase_2_a_portal_has_the_order_s_time_to_catch_up(
    tmp_path: Path, warm: Run
) -> None:
    """Without time to bundle news, only the time to catch up lets a message wait for so long."""
    application = "tests.features.conforming_portals.tries_again_after_80_minutes:create_app"
    scenarios = run_features(REFERENCE, phase=1, out=tmp_path, application=application, run=warm)

    assert len(scenarios) > 50
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []
