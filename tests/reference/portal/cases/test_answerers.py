"""Who answers what a victim writes, until when, and what the victim is told of it meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import AnyEvent
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    PHASE_3,
    alex,
    allocated,
    cancelled,
    charged,
    closed,
    contacted,
    recorded,
    replied,
    transferred,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN
from tests.reference.portal.reading import status_of_page, tasks
from tests.reference.portal.scene import SETTINGS, Scene, SceneWith, problem

ASK, READ = f"/crimes/{CRIME}/questions", f"/crimes/{CRIME}/conversation"


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    return with_officer(scene_with(start=PHASE_3))


def with_officer(scene: Scene) -> Scene:
    """Have an officer of a team look into Alex's crime."""
    scene.deliver(recorded(recorded_at=PHASE_3), allocated(at=PHASE_3, team="Burglary Team"))
    return scene


def ask(scene: Scene, session: str, text: str = "Any news?") -> int:
    """Write to the officer; answers the status."""
    return scene.api("POST", ASK, {"text": text}, session=session).status


def posts(scene: Scene, session: str) -> list[dict[str, Any]]:
    """Read the conversation."""
    found: list[dict[str, Any]] = scene.api("GET", READ, session=session).json["conversation"]
    return found


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (closed(at=PHASE_3), 201),
        (charged(at=PHASE_3), 201),
        (transferred(at=PHASE_3), 409),
    ],
)
def test_a_case_that_has_ended_takes_what_somebody_answers(
    scene: Scene, end: AnyEvent, status: int
) -> None:
    """Closed a little while, or with the court: taken. Another force's: they are told where."""
    scene.deliver(end)

    assert ask(scene, scene.session()) == status


def test_a_closed_case_takes_messages_for_as_long_as_the_order_says(scene: Scene) -> None:
    """28 days; then the victim is told how to reach the force instead, and nothing is kept."""
    scene.deliver(closed(at=PHASE_3))
    scene.advance(days=27, hours=23)

    assert ask(scene, scene.session(address=MOBILE)) == 201

    scene.advance(hours=2)
    session = scene.session(address=MOBILE)
    answer = scene.api("POST", ASK, {"text": "Hello?"}, session=session)

    assert problem(answer)["status"] == 409
    assert "101" in problem(answer)["detail"]
    assert [post["text"] for post in posts(scene, session)] == ["Any news?"]


def test_a_closure_that_is_not_told_yet_looks_open(scene: Scene) -> None:
    """Who has not heard that the case ended can write for as long as they like, to the officer."""
    scene.deliver(closed(outcome=5, at=PHASE_3))
    scene.advance(days=60)

    assert ask(scene, session := scene.session(address=MOBILE)) == 201

    scene.deliver(contacted(at=scene.now))

    assert ask(scene, session, "And now?") == 409


def test_a_cancelled_case_takes_nothing(scene: Scene) -> None:
    """Its page is gone, and so is the way to write."""
    session = scene.session()
    scene.deliver(cancelled(at=PHASE_3))

    assert ask(scene, session) == 401
    assert status_of_page(scene, session) == 401


@pytest.mark.parametrize(
    ("own", "queue"),
    [({}, "Thames Valley Supervisors"), ({"Burglary Team": "Burglary Sergeants"}, None)],
)
def test_what_is_not_answered_in_time_is_a_supervisors_once(
    scene_with: SceneWith, own: dict[str, str], queue: str | None
) -> None:
    """The day after the deadline there is one more task, for the supervisors, and never another.

    The force's, or those of the team where it has its own: never the team that had the question.
    """
    scene = with_officer(scene_with(start=PHASE_3, supervisors={**SETTINGS["supervisors"], **own}))
    ask(scene, scene.session())
    scene.advance(days=6)

    assert tasks(scene, "late_answer") == []

    scene.advance(days=2)
    scene.advance(days=60)
    [task] = tasks(scene, "late_answer")

    assert (task["for_team"], task["person_id"]) == (queue or own["Burglary Team"], "alex")
    assert not task.get("for_officer")


@pytest.mark.parametrize("minutes", [-1, 5])
def test_only_an_answer_of_after_the_question_answers_it(scene: Scene, minutes: int) -> None:
    """A reply that was written before the question, and came late, is no answer to it."""
    ask(scene, scene.session())
    scene.advance(minutes=10)
    scene.deliver(replied(replied_at=PHASE_3 + timedelta(minutes=minutes)))
    scene.advance(days=30)

    assert len(tasks(scene, "late_answer")) == (minutes < 0)


def test_a_form_that_is_sent_twice_is_one_message(scene: Scene) -> None:
    """A double click, or a page sent again, writes once; other words from it write again."""
    session = scene.session()
    cookies = {"session": session}
    for text in ("Any news?", "Any news?", "I forgot: it was red."):
        sent = scene.form(f"/crimes/{CRIME}/questions", cookies=cookies, text=text, key="form-1")

        assert sent.status == 303

    scene.advance()

    assert {post["text"] for post in posts(scene, session)} == {
        "Any news?",
        "I forgot: it was red.",
    }
    assert len(scene.neighbours.stamps) == 2
    assert len(tasks(scene, "victim_question")) == 2


def test_two_victims_may_send_the_same_form(scene_with: SceneWith) -> None:
    """The key of a form is worth nothing to another person."""
    scene = scene_with(start=PHASE_3)
    sam = alex("sam", word="heron", mobile_phone="07700900456")
    scene.deliver(recorded(alex(), sam, recorded_at=PHASE_3))
    for word, address in (("kingfisher", MOBILE), ("heron", "07700900456")):
        cookies = {"session": scene.session(word=word, address=address)}
        scene.form(f"/crimes/{CRIME}/questions", cookies=cookies, text="Any news?", key="one")
    scene.advance()

    assert len(scene.neighbours.stamps) == 2


def test_the_victim_is_told_the_truth_while_the_crime_system_is_down(scene: Scene) -> None:
    """Kept and not yet with the force; with it once it is, and not a moment before."""
    session = scene.session()
    scene.neighbours.answers[CRIME_SYSTEM] = DOWN
    ask(scene, session)
    scene.advance(minutes=5)

    assert [post["is_with_force"] for post in posts(scene, session)] == [False]

    scene.neighbours.answers[CRIME_SYSTEM] = 201
    scene.advance(minutes=20)

    assert [post["is_with_force"] for post in posts(scene, session)] == [True]


def test_words_that_the_crime_system_refuses_are_not_said_to_be_there(scene: Scene) -> None:
    """A refusal is no reason to tell the victim that an officer will read it."""
    session = scene.session()
    scene.neighbours.answers[CRIME_SYSTEM] = 422
    ask(scene, session)
    scene.advance(minutes=5)

    assert [post["is_with_force"] for post in posts(scene, session)] == [False]


def test_the_same_words_from_one_form_are_taken_once(
    scene_with: Callable[..., Scene],
) -> None:
    """A request that was sent again, for nobody knew whether it arrived, asks nothing twice."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    session = scene.session()
    for form in ("a", "a", "b", "", ""):
        body = {"text": "Is there any news?", "form": form}
        scene.api("POST", f"/crimes/{CRIME}/questions", body, session=session)
    scene.advance()

    assert len(scene.neighbours.stamps) == 4
