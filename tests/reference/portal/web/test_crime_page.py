"""The page of a crime: what stands on it follows the crime, its force and how it stands."""

import pytest

from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    alex,
    allocated,
    appointment,
    charged,
    closed,
    recorded,
    replied,
    sam,
    transferred,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import Scene, SceneWith

HANTS, VALLEY = "Hampshire Constabulary", "Thames Valley Police"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3."""
    return scene_with(start=PHASE_3)


def page(scene: Scene, session: str, crime: str = CRIME) -> str:
    """Read a crime's page as HTML."""
    answer = scene.page(f"/crimes/{crime}", cookies={"session": session})

    assert answer.status == 200

    return answer.body.decode()


def test_the_forces_name_follows_the_crime(scene: Scene) -> None:
    """Two crimes of one victim with two forces: each page is its own force's alone."""
    scene.deliver(
        recorded(recorded_at=PHASE_3),
        recorded(crime="44", force="hampshire", recorded_at=PHASE_3),
    )
    session = scene.session()
    valley, hants = page(scene, session), page(scene, session, "44")

    assert VALLEY in valley
    assert HANTS not in valley
    assert HANTS in hants
    assert VALLEY not in hants


def test_the_message_is_from_the_force_of_the_crime(scene: Scene) -> None:
    """A text says whose it is: a victim of a Hampshire crime never hears from another force."""
    scene.deliver(recorded(crime="44", force="hampshire", recorded_at=PHASE_3))

    assert HANTS in scene.messages[0].words
    assert VALLEY not in scene.messages[0].words


def test_after_a_charge_the_page_says_who_informs_now(scene: Scene) -> None:
    """An outcome is not a closure: the witness care unit keeps the victim informed."""
    scene.deliver(recorded(recorded_at=PHASE_3), charged(at=PHASE_3))

    assert "Thames Valley Witness Care Unit" in page(scene, scene.session())


def test_another_forces_case_says_whose_it_is(scene: Scene) -> None:
    """A transferred crime names the force that has it, and takes no message."""
    scene.deliver(recorded(recorded_at=PHASE_3), transferred(at=PHASE_3))
    shown = page(scene, scene.session())

    assert "Wessex Constabulary" in shown
    assert "<textarea" not in shown


def test_the_officer_or_the_team_is_named(scene: Scene) -> None:
    """The officer by name and collar number; the team where none is allocated."""
    scene.deliver(recorded(recorded_at=PHASE_3), allocated(at=PHASE_3, team="Burglary Team"))
    session = scene.session()
    shown = page(scene, session)

    assert "PC Okafor" in shown
    assert "4271" in shown

    scene.deliver(recorded(crime="4", recorded_at=PHASE_3))
    scene.deliver(allocated("4", officer=None, team="Burglary Team", at=PHASE_3))

    assert "Burglary Team" in page(scene, session, "4")


def test_the_other_victims_of_a_crime_are_nowhere_on_it(scene: Scene) -> None:
    """Their meetings, messages and names are not this victim's to see, nor that they exist."""
    scene.deliver(
        recorded(alex(), sam(given_name="Samwise"), recorded_at=PHASE_3),
        appointment(person_id="sam", place="Sams own kitchen"),
        replied(person_id="sam", text="Words for Sam alone."),
    )
    mine = page(scene, scene.session(address=MOBILE))
    theirs = page(scene, scene.session(word=SAMS_WORD, address=SAMS_MOBILE))

    for secret in ("Sams own kitchen", "Words for Sam alone.", "Samwise", "Reed", SAMS_MOBILE):
        assert secret not in mine
    assert "Sams own kitchen" in theirs
    assert "Words for Sam alone." in theirs


@pytest.mark.parametrize("outcome", [4, 15, 18])
def test_a_closed_case_shows_its_reason(scene: Scene, outcome: int) -> None:
    """Outcome and reason in words, and no code of the Home Office's."""
    scene.deliver(recorded(recorded_at=PHASE_3), closed(outcome=outcome, at=PHASE_3))
    session = scene.session()
    told = scene.api("GET", f"/crimes/{CRIME}/timeline", session=session).json["timeline"][-1]

    assert told["title"] in page(scene, session)
    assert f"utcome {outcome}" not in page(scene, session)


def test_whatever_others_wrote_is_shown_as_text(scene: Scene) -> None:
    """No words of the crime system, of an officer or of a victim are markup."""
    scene.deliver(
        recorded(offence=SCRIPT, recorded_at=PHASE_3),
        allocated(officer=None, team=SCRIPT, at=PHASE_3),
        appointment(place=SCRIPT),
        replied(text=SCRIPT),
    )
    session = scene.session()
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": SCRIPT}, session=session)
    shown = page(scene, session)

    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 4
