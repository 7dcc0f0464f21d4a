"""The victim's JSON API: their own crimes, and the same no for everything else."""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec
import pytest

from reference.contract.events import Officer
from reference.contract.messages import AdvicePage, ConversationPost, CrimeSummary, TimelineEntry
from tests.reference.portal.crimes import (
    CRIME,
    PHASE_3,
    alex,
    allocated,
    closed,
    deployed,
    recorded,
    replied,
)
from tests.reference.portal.scene import Scene, SceneWith, problem

SIGNED_IN = [
    ("GET", "/crimes"),
    ("GET", f"/crimes/{CRIME}/timeline"),
    ("GET", f"/crimes/{CRIME}/conversation"),
    ("POST", f"/crimes/{CRIME}/questions"),
    ("GET", "/advice"),
]
OTHERS = "43260000002"


@pytest.fixture
def phase_3(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime, and Sam's."""
    scene = scene_with(start=PHASE_3)
    sam = alex("sam", mobile_phone="07700900456")
    scene.deliver(recorded(sam, crime=OTHERS, recorded_at=PHASE_3), recorded(recorded_at=PHASE_3))
    return scene


@pytest.mark.parametrize(("method", "path"), SIGNED_IN)
@pytest.mark.parametrize("session", ["", "made-up", "é"])
def test_nothing_without_a_session(phase_3: Scene, method: str, path: str, session: str) -> None:
    """A visitor who is not signed in is told so, whatever they ask for."""
    answer = phase_3.api(method, path, {"text": "hello"}, session=session)

    assert problem(answer) == {
        "type": "about:blank",
        "title": "Sign in to see this page",
        "status": 401,
    }


@pytest.mark.parametrize(("method", "path"), SIGNED_IN)
def test_a_session_is_not_taken_from_elsewhere(phase_3: Scene, method: str, path: str) -> None:
    """A cookie, another scheme or the address line does not sign anyone in to the API."""
    token = phase_3.session()
    for target, headers in (
        (path, {"cookie": f"session={token}"}),
        (path, {"authorization": f"Basic {token}"}),
        (path, {"authorization": token}),
        (f"{path}?session={token}", {}),
    ):
        assert phase_3.call(method, f"/api{target}", b'{"text": "hi"}', headers).status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "timeline"), ("GET", "conversation"), ("POST", "questions")],
)
def test_anothers_crime_and_no_crime_are_the_same_404(
    phase_3: Scene, method: str, path: str
) -> None:
    """Nobody can find out which crimes there are."""
    session = phase_3.session()
    answers = [
        phase_3.api(method, f"/crimes/{reference}/{path}", {"text": "hello"}, session=session)
        for reference in (OTHERS, "43269999999")
    ]

    assert answers[0] == answers[1]
    assert problem(answers[0])["status"] == 404
    assert phase_3.rows()["post"] == []


def test_an_excluded_crime_of_ones_own_is_not_there(phase_3: Scene) -> None:
    """A crime someone must not be reminded of is not in the list, nor anywhere else."""
    phase_3.deliver(recorded(crime="4", safeguarding=("sexual",), recorded_at=PHASE_3))
    session = phase_3.session()
    listed = phase_3.api("GET", "/crimes", session=session).json["crimes"]

    assert [each["crime_reference"] for each in listed] == [CRIME]
    assert phase_3.api("GET", "/crimes/4/timeline", session=session).status == 404


def test_a_crime_is_listed_as_it_stands(phase_3: Scene) -> None:
    """The list says what it was, where it stands and who is in charge, the newest news first."""
    phase_3.deliver(recorded(crime="4", recorded_at=PHASE_3))
    phase_3.advance(minutes=1)
    phase_3.deliver(allocated())
    listed = phase_3.api("GET", "/crimes", session=phase_3.session()).json["crimes"]
    first, second = msgspec.convert(listed, list[CrimeSummary])

    assert (first.crime_reference, second.crime_reference) == (CRIME, "4")
    assert first.status == "open"
    assert first.officer_in_charge == "PC Okafor, 4271"
    assert second.officer_in_charge == ""


def test_advice_for_the_offence_comes_first(phase_3: Scene) -> None:
    """The victim of a bicycle theft reads about bicycles first, and can search the rest."""
    session = phase_3.session()
    pages = phase_3.api("GET", "/advice", session=session).json["advice"]
    found = phase_3.api("GET", "/advice?q=court", session=session).json["advice"]

    assert msgspec.convert(pages, list[AdvicePage])[0].slug == "keep-your-bicycle-safe"
    assert 0 < len(found) < len(pages)


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/invitation", {"token": "t"}),
        ("/sign-in", {"address": "a"}),
        ("/sign-in/word", {"step": "s", "agreed_word": "w"}),
        ("/sign-in/code", {"step": "s", "code": "c"}),
        ("/not-for-me", {"address": "a"}),
        ("/not-for-me", {"token": "t"}),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(
    scene: Scene, path: str, good: dict[str, str]
) -> None:
    """What is missing, or of another type, is named; and nothing is kept."""
    before = scene.rows()
    for field in good:
        odd: tuple[Any, ...] = (None, 7, [], {})
        for bad in odd:
            answer = scene.api("POST", path, {**good, field: bad})

            assert answer.status == 400
            assert problem(answer)["field"] == field
        missing = {name: value for name, value in good.items() if name != field}

        assert field in problem(scene.api("POST", path, missing))["detail"]

    assert scene.rows() == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 60_000])
@pytest.mark.parametrize("path", ["/invitation", "/sign-in", "/sign-in/word", "/sign-in/code"])
def test_what_is_not_json_is_refused(scene: Scene, path: str, body: bytes) -> None:
    """Anything else is a problem document, and nothing is kept."""
    before = scene.rows()

    assert problem(scene.call("POST", f"/api{path}", body))["status"] == 400
    assert scene.rows() == before


def test_a_body_too_large_is_refused(scene: Scene) -> None:
    """Nobody fills the portal's memory."""
    assert problem(scene.call("POST", "/api/sign-in", b" " * 65_537))["status"] == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/suspects", 404),
        ("DELETE", f"/api/crimes/{CRIME}/timeline", 405),
        ("GET", "/crime-events", 405),
    ],
)
def test_every_no_is_a_problem_document(scene: Scene, method: str, path: str, status: int) -> None:
    """A program that asks for what is not there reads the same kind of answer as for any other."""
    assert problem(scene.call(method, path))["status"] == status


@pytest.mark.parametrize("crime", ["42/123/26", "AB 1", "1#2", "50%", "a?b", "é"])
def test_a_crime_may_have_any_reference_that_the_contract_allows(
    scene_with: SceneWith, crime: str
) -> None:
    """Some forces write references with strokes; their victims can read and write all the same."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(crime=crime, recorded_at=PHASE_3))
    session = scene.session()
    path = f"/crimes/{quote(crime, safe='')}"

    assert scene.api("GET", f"{path}/timeline", session=session).status == 200
    assert scene.api("POST", f"{path}/questions", {"text": "Hello"}, session=session).status == 201
    assert scene.api("GET", f"{path}/conversation", session=session).json["conversation"]

    scene.advance()
    [stamp] = scene.neighbours.stamps

    parts = [unquote(part) for part in urlsplit(stamp.url).path.split("/")]

    assert parts == ["", "occurrences", crime, "enquiry-log"]


def test_answers_keep_the_contract_however_long_the_fields_are(phase_3: Scene) -> None:
    """What the contract allows in, the portal can show by the same contract."""
    long = "x" * 200
    officer = Officer(long, long)
    crime = "4" * 64
    victim = alex("long", mobile_phone="07700900789")
    phase_3.deliver(
        recorded(victim, crime=crime, offence=long, recorded_at=PHASE_3),
        allocated(crime, officer=officer, team=long),
        replied(crime, "long", reply_id="r" * 64, text="t" * 4000, officer=officer),
        deployed(crime),
        closed(crime),
    )
    session = phase_3.session()

    def read(path: str, name: str, kind: Any) -> Any:
        return msgspec.convert(phase_3.api("GET", path, session=session).json[name], kind)

    assert len(read("/crimes", "crimes", list[CrimeSummary])) == 1
    assert len(read(f"/crimes/{crime}/timeline", "timeline", list[TimelineEntry])) == 4
    assert len(read(f"/crimes/{crime}/conversation", "conversation", list[ConversationPost])) == 1
