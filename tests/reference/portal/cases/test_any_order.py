"""Whatever comes, in whatever order and however often: one true page, and nobody unsafe is told."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    Officer,
)
from tests.examples import examples
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    PHASE_3,
    alex,
    allocated,
    appointment,
    cancelled,
    charged,
    closed,
    contacted,
    deployed,
    details,
    enveloped,
    merged,
    milestone,
    reclassified,
    recorded,
    reopened,
    replied,
    sam,
    transferred,
    unavailable,
)
from tests.reference.portal.reading import opened
from tests.reference.portal.scene import Scene

OTHER = "43260000002"
HOUR = timedelta(hours=1)
few = settings(
    max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def fresh(tmp_path: Path) -> Any:
    """Make a portal in phase 3 that knows nothing, as often as it is asked for."""
    return lambda: Scene(tmp_path, start=PHASE_3, database=":memory:")


def at(hours: int) -> Any:
    """Give a moment some hours on."""
    return PHASE_3 + hours * HOUR


def timed(event: AnyEvent, hours: int) -> dict[str, Any]:
    """Put an event in an envelope that was written at its hour."""
    return enveloped(event, time=at(hours))


APPOINTMENT: dict[str, Any] = {"appointment_id": "1", "person_id": "alex", "crime_reference": CRIME}
FACTS: list[tuple[AnyEvent, int]] = [
    (deployed(at=at(1)), 1),
    (allocated(at=at(2)), 2),
    (unavailable("left", at=at(3)), 3),
    (allocated(officer=Officer("PC Late", "2"), team="CID", at=at(4)), 4),
    (appointment(appointment_id="1", starts_at=at(90)), 5),
    (AppointmentChanged(starts_at=at(100), place="Reading", **APPOINTMENT), 6),
    (AppointmentCancelled(**APPOINTMENT), 7),
    (milestone(at=at(8)), 8),
    (reclassified(at=at(9)), 9),
    (reclassified(subgroup="Public order offences", at=at(10)), 10),
    (charged(at=at(11)), 11),
    (closed(at=at(12)), 12),
    (reopened(at=at(13)), 13),
    (transferred(at=at(14)), 14),
    (cancelled(at=at(15)), 15),
    (reopened(at=at(16)), 16),
    (closed(outcome=5, at=at(17)), 17),
    (contacted(at=at(18)), 18),
    (replied(replied_at=at(19)), 19),
    (details(alex(update_frequency_days=7)), 20),
]


ORDER = list(range(len(FACTS)))
OUT, TRANSFERRED = 8, 13


def deliver_all(scene: Scene, numbers: list[int], *, cuts: int = 4) -> None:
    """Deliver facts in this order, some to a delivery, with the crime among the first few."""
    whole = [timed(event, hours) for event, hours in (FACTS[number] for number in numbers)]
    for start in range(0, len(whole), cuts):
        scene.deliver(*whole[start : start + cuts])


def stands(scene: Scene) -> Any:
    """Read how a crime stands for its victim, but for when the portal heard of it."""
    begun = scene.begin(MOBILE)
    if scene.prove(begun).status == 403:
        return "not in the portal"
    session = str(scene.enter_code(begun, scene.last_code()).json["session"])
    page = opened(scene, session)
    page["crime"].pop("updated_at")
    shown = sorted((each["at"], each["kind"]) for each in page["timeline"])
    posts = scene.api("GET", f"/crimes/{CRIME}/conversation", session=session).json
    return page["crime"], shown, posts


@few
@given(st.sets(st.sampled_from(ORDER)), st.data())
def test_in_whatever_order_they_come_there_is_one_true_page(
    fresh: Any, which: set[int], data: st.DataObject
) -> None:
    """Late, early and before the crime is recorded: its victim reads the same in the end."""
    # Who was never invited before another force has the crime is not invited to it any more.
    assume(not {OUT, TRANSFERRED} <= which)
    in_order = sorted(which)
    numbers = data.draw(st.permutations(in_order))
    recorded_after = data.draw(st.integers(0, len(numbers)))
    usual, scene = fresh(), fresh()
    usual.deliver(timed(recorded(recorded_at=at(0)), 0))
    deliver_all(usual, in_order)
    deliver_all(scene, numbers[:recorded_after])
    scene.deliver(timed(recorded(recorded_at=at(0)), 0))
    deliver_all(scene, numbers[recorded_after:])

    assert stands(scene) == stands(usual)


BEFORE: list[tuple[AnyEvent, int]] = [
    (deployed(at=at(1)), 1),
    (allocated(at=at(2)), 2),
    (milestone(at=at(3)), 3),
    (appointment(), 4),
    (replied(replied_at=at(5)), 5),
    (merged(at=at(6)), 6),
]


@few
@given(st.permutations(range(len(BEFORE))), st.integers(0, 6), st.integers(0, 6))
def test_a_merger_in_any_order_makes_one_page(
    fresh: Any, numbers: list[int], recorded_after: int, other_after: int
) -> None:
    """Whichever of two crimes, the merger and what happened before comes first."""
    whole = [timed(*BEFORE[number]) for number in numbers]
    whole.insert(recorded_after, timed(recorded(recorded_at=at(0)), 0))
    whole.insert(other_after, timed(recorded(sam(), crime=OTHER, recorded_at=at(0)), 0))
    scene = fresh()
    for each in whole:
        scene.deliver(each)
    page, shown, posts = stands(scene)

    assert page["crime_reference"] == OTHER
    assert Counter(kind for _, kind in shown) == Counter(
        [
            *("CrimeRecorded", "CrimeMerged"),
            *(type(event).__name__ for event, _ in BEFORE[:4]),
        ]
    )
    assert len(posts["conversation"]) == 1
