"""Tasks: for the officer who has the case now, once each, with their deadline."""

from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import AnyEvent, Officer
from tests.reference.portal.crimes import (
    CRIME,
    OFFICER,
    PHASE_3,
    alex,
    allocated,
    charged,
    recorded,
    unavailable,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import tasks
from tests.reference.portal.scene import Scene, SceneWith

DAY = timedelta(days=1)
TEAM = "Burglary Team"
REED = Officer("DC Reed", "7")


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    made = scene_with(start=PHASE_3)
    made.deliver(recorded(recorded_at=PHASE_3))
    return made


def asked(scene: Scene) -> dict[str, Any]:
    """Ask the officer something; answers the task."""
    session = scene.session()
    question = {"text": "Any news?"}

    assert scene.api("POST", f"/crimes/{CRIME}/questions", question, session=session).status == 201

    scene.advance()
    return tasks(scene, "victim_question")[-1]


def officer(at: timedelta = timedelta(0), who: Officer | None = OFFICER) -> AnyEvent:
    """An officer is in charge, of a team."""
    return allocated(officer=who, team=TEAM, at=PHASE_3 + at)


@pytest.mark.parametrize(
    ("events", "for_officer", "for_team"),
    [
        ([], "", ""),  # nobody knows yet; the crime system does
        ([officer()], "4271", TEAM),
        ([officer(who=None)], "", TEAM),
        ([officer(), unavailable("away", at=PHASE_3)], "", TEAM),
        ([officer(), unavailable("left", at=PHASE_3)], "", TEAM),
        ([officer(), unavailable("away", at=PHASE_3, until=PHASE_3 + DAY)], "", TEAM),
        ([officer(), unavailable("away", at=PHASE_3 - DAY, until=PHASE_3)], "4271", TEAM),
        # Who left is not back, whatever day was written there.
        ([officer(), unavailable("left", at=PHASE_3, until=PHASE_3)], "", TEAM),
        # Another officer has it since: that the first is away is of no matter.
        (
            [officer(), officer(DAY, REED), unavailable("left", at=PHASE_3 + DAY)],
            "7",
            TEAM,
        ),
        ([officer(), unavailable("left", at=PHASE_3), officer(DAY, REED)], "7", TEAM),
        ([unavailable("left", at=PHASE_3), officer()], "4271", TEAM),
    ],
)
def test_a_task_is_for_the_person_who_has_the_case(
    scene: Scene, events: list[AnyEvent], for_officer: str, for_team: str
) -> None:
    """The officer in charge, unless they are away or left, or none was named: then the team."""
    scene.deliver(*events) if events else None
    task = asked(scene)

    assert (task.get("for_officer", ""), task.get("for_team", "")) == (for_officer, for_team)


def test_who_is_back_has_the_tasks_again(scene: Scene) -> None:
    """From the moment an absence ends its officer is asked, without another event."""
    scene.deliver(officer(), unavailable("away", at=PHASE_3, until=PHASE_3 + DAY))

    assert asked(scene)["for_officer"] == ""

    scene.advance(days=1)
    session = scene.session(address="07700900123")
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": "And now?"}, session=session)
    scene.advance()

    assert tasks(scene, "victim_question")[-1]["for_officer"] == "4271"


def test_after_a_charge_who_keeps_the_victim_informed_is_asked(scene: Scene) -> None:
    """Court questions go to the witness care unit, whichever officer was in charge."""
    scene.deliver(officer(), charged(at=PHASE_3))
    task = asked(scene)

    assert task.get("for_officer", "") == ""
    assert task["for_team"] == "Thames Valley Witness Care Unit"


@pytest.mark.parametrize(("enhanced", "days"), [(False, 5), (True, 1)])
def test_an_answer_is_due_in_working_days(
    scene_with: SceneWith, *, enhanced: bool, days: int
) -> None:
    """Five, and one with enhanced rights: to the end of that day in London."""
    scene = scene_with(start=PHASE_3)  # a Wednesday in summer time
    scene.deliver(recorded(alex(enhanced_rights=enhanced), recorded_at=PHASE_3))
    due = {5: "2026-10-21T23:00:00Z", 1: "2026-10-15T23:00:00Z"}

    assert asked(scene)["due_at"] == due[days]


def test_no_task_says_what_a_victim_wrote_or_where_they_are_reached(scene: Scene) -> None:
    """The words are in the enquiry log; a task names people and crimes by their references."""
    task = asked(scene)

    assert not any(each in repr(task) for each in ("Any news", "07700", "Alex", "Marsh"))
