"""How a victim asks to talk about no longer supporting the investigation: nothing changes by it."""

from datetime import timedelta

import pytest

from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    alex,
    allocated,
    charged,
    closed,
    deployed,
    merged,
    recorded,
    sam,
    unavailable,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import Scene, SceneWith

OTHER = "43260000002"
KIND = "withdrawal_discussion"


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal that reaches Alex by text and email, whose crime has an officer."""
    made = scene_with()
    made.deliver(recorded(alex(email=EMAIL)), allocated(team="Oxford CID"))
    return made


def ask(scene: Scene, session: str, crime: str = CRIME, *, confirmed: bool = True) -> int:
    """Ask by the API; return the status, with all due work done."""
    body = {"confirmed": True} if confirmed else {}
    status = scene.api("POST", f"/crimes/{crime}/withdrawal", body, session=session).status
    scene.advance(seconds=1)
    return status


def test_the_first_step_tells_nobody(scene: Scene) -> None:
    """By the API and on the pages, one press leads on and does nothing else."""
    session = scene.session()

    assert ask(scene, session, confirmed=False) == 200

    page = scene.form(f"/crimes/{CRIME}/withdrawal", cookies={"session": session})
    scene.advance(minutes=1)

    assert b"Do you want an officer to talk to you" in page.body
    assert tasks(scene, KIND) == []


@pytest.mark.parametrize("by", ["api", "page"])
def test_the_second_step_asks_the_officer_once(scene: Scene, by: str) -> None:
    """One task a day for the officer in charge, which says what was asked and decides nothing."""
    session = scene.session()
    for _ in range(2):
        if by == "api":
            ask(scene, session)
        else:
            cookies = {"session": session}
            scene.form(f"/crimes/{CRIME}/withdrawal", cookies=cookies, confirmed="yes")
            scene.advance(seconds=1)
    [task] = tasks(scene, KIND)

    assert task["for_officer"] == "4271"
    assert "speak to the victim safely" in task["reason"]
    scene.advance(days=1)
    ask(scene, scene.session(address=MOBILE))
    assert len(tasks(scene, KIND)) == 2


def test_messages_go_on_and_none_is_about_it(scene: Scene) -> None:
    """A person who holds the phone learns nothing, and the victim is still told."""
    session = scene.session()
    news = News(scene)
    ask(scene, session)
    scene.advance(hours=1)

    assert news.messages == []

    scene.deliver(deployed())

    assert len(news.messages) == 2


def test_after_a_charge_witness_care_knows_too(scene: Scene) -> None:
    """The officer speaks to the victim; the unit is told that nothing has changed yet."""
    session = scene.session()
    scene.deliver(charged())
    ask(scene, session)

    assert [(each["for_officer"], each["for_team"]) for each in tasks(scene, KIND)] == [
        ("4271", "Oxford CID"),
        ("", "Thames Valley Witness Care Unit"),
    ]


def test_the_officer_who_left_is_not_asked(scene: Scene) -> None:
    """The team is."""
    session = scene.session()
    scene.deliver(unavailable(why="left"))
    ask(scene, session)
    [task] = tasks(scene, KIND)

    assert task["for_officer"] == ""
    assert task["for_team"] == "Oxford CID"


def test_a_merged_crime_reaches_the_officer_of_the_one_it_went_into(scene: Scene) -> None:
    """By the old reference too."""
    session = scene.session()
    scene.deliver(recorded(sam(), crime=OTHER))
    scene.deliver(merged(at=NOON + timedelta(minutes=1)))

    assert ask(scene, session, CRIME) == 200

    [task] = tasks(scene, KIND)
    assert (task["crime_reference"], task["person_id"]) == (OTHER, "alex")


def test_a_closed_case_may_be_talked_about(scene: Scene) -> None:
    """A victim who is afraid of a review is spoken to."""
    session = scene.session()
    scene.deliver(closed())

    assert ask(scene, session) == 200
    assert len(tasks(scene, KIND)) == 1
