"""Who read and changed what: every reading and change is in the log, and no words or addresses."""

import msgspec
import pytest

from reference.operations.office_queries import Noted, audit_about
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    WORD,
    alex,
    deployed,
    details,
    enveloped,
    recorded,
    replied,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import TOKENS, Scene, SceneWith, bearer

WORDS = "My neighbour saw the zebra-striped van"


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    made = scene_with(start=PHASE_3)
    made.deliver(recorded(alex(email=EMAIL), recorded_at=PHASE_3))
    return made


def log(scene: Scene, storage: Storage, person_id: str = "alex") -> list[Noted]:
    """Read the log of a person, oldest first."""
    return scene.run(audit_about(storage.open(), person_id))


def since(scene: Scene, storage: Storage, number: int) -> list[tuple[str, str, str]]:
    """Say who did what to which crime, after so many lines."""
    return [
        (each.actor, each.action, each.crime_reference) for each in log(scene, storage)[number:]
    ]


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """The log is written the same way to both."""
    return sqlite_storage


@pytest.mark.parametrize(
    ("method", "path", "body", "action", "crime"),
    [
        ("GET", "/crimes", None, "read crimes", ""),
        ("GET", f"/crimes/{CRIME}/timeline", None, "read a crime", CRIME),
        ("GET", f"/crimes/{CRIME}/conversation", None, "read messages", CRIME),
        ("POST", f"/crimes/{CRIME}/questions", {"text": WORDS}, "wrote a message", CRIME),
        ("GET", "/contact", None, "read contact details", ""),
        ("PUT", "/contact", {"channels": ["text"]}, "chose how to be told", ""),
        ("PUT", "/contact", {"withdrawn": True}, "chose how to be told", ""),
        (
            "POST",
            f"/crimes/{CRIME}/withdrawal",
            {"confirmed": True},
            "asked to talk about withdrawing",
            CRIME,
        ),
    ],
)
def test_what_a_victim_reads_and_changes_by_api(
    scene: Scene,
    storage: Storage,
    method: str,
    path: str,
    body: dict[str, object] | None,
    action: str,
    crime: str,
) -> None:
    """Each is a line of who, what and which crime, with the request's id."""
    session = scene.session()
    before = len(log(scene, storage))
    scene.advance(seconds=1)
    scene.api(method, path, body, session=session)

    assert ("alex", action, crime) in since(scene, storage, before)
    assert {each.correlation_id for each in log(scene, storage)[before:]} == {"scene"}


@pytest.mark.parametrize(
    ("path", "fields", "action"),
    [
        ("/crimes", {}, "read crimes"),
        (f"/crimes/{CRIME}", {}, "read a crime"),
        ("/contact", {}, "read contact details"),
        (f"/crimes/{CRIME}/questions", {"text": WORDS}, "wrote a message"),
        ("/contact", {"channels": "email"}, "chose how to be told"),
        ("/contact", {"stop": "yes"}, "chose how to be told"),
        (
            f"/crimes/{CRIME}/withdrawal",
            {"confirmed": "yes"},
            "asked to talk about withdrawing",
        ),
    ],
)
def test_what_a_victim_reads_and_changes_on_pages(
    scene: Scene, storage: Storage, path: str, fields: dict[str, str], action: str
) -> None:
    """A page is a reading like any other."""
    cookies = {"session": scene.session()}
    before = len(log(scene, storage))
    scene.advance(seconds=1)
    if fields:
        scene.form(path, cookies=cookies, **fields)
    else:
        scene.page(path, cookies=cookies)

    assert ("alex", action) in {each[:2] for each in since(scene, storage, before)}


def test_what_the_crime_system_changes_is_its_own(scene: Scene, storage: Storage) -> None:
    """Each event is a line by its source, once however often it came."""
    whole = enveloped(deployed(), source="crime-system.thames-valley")
    scene.deliver(whole)
    scene.deliver(whole)
    found = [each for each in log(scene, storage) if each.action == "OfficerDeployed"]

    assert [each.actor for each in found] == ["crime-system.thames-valley"]
    assert found[0].crime_reference == CRIME


def test_coming_in_and_failing_to_are_in_it(scene: Scene, storage: Storage) -> None:
    """A sign-in, and a person for whom a stranger used up the attempts."""
    scene.session()
    step = scene.begin(MOBILE)
    for n in range(5):
        scene.prove(step, f"guess {n}")
    actions = [each.action for each in log(scene, storage)]

    assert "signed in" in actions
    assert "failed to sign in" in actions


def test_a_stranger_who_objects_is_in_it(scene: Scene, storage: Storage) -> None:
    """Who they are is unknown; the person it was about is known."""
    text = {"id": "text-1", "source_number": MOBILE, "message": "NOT ME"}
    scene.call(
        "POST", "/received-texts", msgspec.json.encode(text), bearer(TOKENS["/received-texts"])
    )
    scene.advance()

    assert ("somebody", "said not for me", "") in since(scene, storage, 0)


def test_no_words_and_no_addresses_are_in_it(scene: Scene, storage: Storage) -> None:
    """People and crimes by their references: the log of everything holds nothing that was said."""
    session = scene.session()
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": WORDS}, session=session)
    scene.deliver(replied(text=WORDS), details(alex(email=EMAIL, family_name="Quillfeather")))
    scene.form("/not-for-me", address=EMAIL)
    scene.advance()
    written = msgspec.json.encode(log(scene, storage)).decode()

    for secret in (WORDS, MOBILE, EMAIL, "Quillfeather", WORD, session, "pedal cycle"):
        assert secret not in written


def test_the_log_of_one_victim_names_no_other(scene: Scene, storage: Storage) -> None:
    """Of a crime with two victims each one's log has their own readings and the crime's events."""
    scene.deliver(recorded(alex(), sam(), crime="4", recorded_at=PHASE_3))
    scene.api(
        "GET", "/crimes/4/timeline", session=scene.session(address=SAMS_MOBILE, word=SAMS_WORD)
    )
    mine = log(scene, storage)

    assert "sam" not in {each.actor for each in mine} | {each.person_id for each in mine}
    assert ("crime-system", "CrimeRecorded", "4") in since(scene, storage, 0)
