"""Phase 3: what a victim writes reaches the officer as it is, and the reply reaches the victim."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Officer
from reference.contract.messages import ConversationPost, Stamp, Task
from reference.portal.cases import conversations
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    OFFICER,
    PHASE_2,
    PHASE_3,
    alex,
    enveloped,
    recorded,
    replied,
)
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN
from tests.reference.portal.reading import tasks
from tests.reference.portal.scene import Scene, SceneWith, problem

ASK, READ = f"/crimes/{CRIME}/questions", f"/crimes/{CRIME}/conversation"


@pytest.fixture
def phase_3(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    return scene


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, str]]:
    """A portal in phase 3 with a victim signed in, for many questions."""
    scene = Scene(tmp_path_factory.mktemp("asked"), start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conversations, "A_DAY_MAX", 10_000)
        yield scene, scene.session()


def conversation(scene: Scene, session: str) -> list[ConversationPost]:
    """Read a conversation by the contract."""
    found = scene.api("GET", READ, session=session).json["conversation"]
    return msgspec.convert(found, list[ConversationPost])


def test_one_person_raises_twenty_tasks_a_day(phase_3: Scene) -> None:
    """Who has their phone, too: then 101 or 999 is said, and the next day there is room."""
    session = phase_3.session()
    asked = [
        phase_3.api("POST", ASK, {"text": f"he will kill me {n}"}, session=session)
        for n in range(300)
    ]

    assert [answer.status for answer in asked] == [201] * 20 + [429] * 280
    assert "999" in problem(asked[-1])["detail"]

    phase_3.advance()

    assert len(tasks(phase_3, "safety_concern")) == 20

    phase_3.advance(days=1)
    again = phase_3.session(address=MOBILE)

    assert phase_3.api("POST", ASK, {"text": "and now"}, session=again).status == 201


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_words_reach_the_crime_system_as_they_are(asked: tuple[Scene, str], words: str) -> None:
    """What a victim writes is stamped letter for letter, and shown to them the same."""
    scene, session = asked

    assert scene.api("POST", ASK, {"text": words}, session=session).status == 201

    scene.advance()
    stamp = msgspec.convert(scene.neighbours.stamps[-1].body, Stamp)

    assert stamp.text == words
    assert stamp.written_at == scene.now
    assert words in [post.text for post in conversation(scene, session)]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "x" * 2001])
def test_nothing_and_too_much_are_refused(phase_3: Scene, text: str) -> None:
    """An empty message and one too long are said at once, and nothing is kept."""
    session = phase_3.session()
    before = phase_3.rows()
    answer = phase_3.api("POST", ASK, {"text": text}, session=session)

    assert answer.status == 422
    assert problem(answer)["field"] == "text"
    assert phase_3.rows() == before


def test_the_longest_message_is_taken(phase_3: Scene) -> None:
    """2,000 characters are 2,000 characters, in any alphabet."""
    session = phase_3.session()

    assert phase_3.api("POST", ASK, {"text": "ŵ" * 2000}, session=session).status == 201


def test_a_question_becomes_a_stamp_and_a_task_once(phase_3: Scene) -> None:
    """One question is one stamp and one task, however long the crime system was down."""
    session = phase_3.session()
    phase_3.neighbours.answers[CRIME_SYSTEM] = DOWN
    phase_3.api("POST", ASK, {"text": "Any news?"}, session=session)
    phase_3.advance(minutes=5)

    assert [post.author for post in conversation(phase_3, session)] == ["victim"]

    phase_3.neighbours.answers[CRIME_SYSTEM] = 201
    phase_3.advance(hours=1)
    phase_3.advance(hours=1)
    [task] = msgspec.convert(phase_3.neighbours.tasks, list[Task])

    assert len(phase_3.neighbours.stamps) == 1
    assert task.crime_reference == CRIME


def test_a_question_asked_twice_is_two(phase_3: Scene) -> None:
    """A victim who writes the same again wants an answer more, not less."""
    session = phase_3.session()
    for _ in range(2):
        phase_3.api("POST", ASK, {"text": "Any news?"}, session=session)
    phase_3.advance()

    assert len({stamp.body["key"] for stamp in phase_3.neighbours.stamps}) == 2


def test_question_and_reply_stand_in_order(phase_3: Scene) -> None:
    """The reply names the officer and stands after what it answers."""
    session = phase_3.session()
    phase_3.api("POST", ASK, {"text": "Any news?"}, session=session)
    phase_3.advance(minutes=10)
    phase_3.deliver(replied(replied_at=phase_3.now))
    first, second = conversation(phase_3, session)

    assert (first.author, first.text) == ("victim", "Any news?")
    assert (second.author, second.name) == ("officer", "PC Okafor, 4271")
    assert second.at == phase_3.now


def test_a_reply_that_comes_twice_is_shown_once(phase_3: Scene) -> None:
    """The crime system may tell of one reply under two events."""
    session = phase_3.session()
    phase_3.deliver(replied())
    phase_3.deliver(enveloped(replied()))

    assert len(conversation(phase_3, session)) == 1


def test_a_reply_that_comes_twice_is_announced_once(phase_3: Scene) -> None:
    """Under another event it is the same words, which are no news."""
    phase_3.deliver(replied())
    before = len(phase_3.messages)
    phase_3.deliver(replied())
    phase_3.advance(days=1)

    assert len(phase_3.messages) == before


@pytest.mark.parametrize(
    ("officer", "name"),
    [(OFFICER, "PC Okafor, 4271 (corrected)"), (None, "Your officer (corrected)")],
)
def test_a_reply_that_is_corrected_replaces_what_was_said(
    phase_3: Scene, officer: Officer | None, name: str
) -> None:
    """A victim who would come on the wrong day is told, and reads only the right day."""
    phase_3.deliver(replied(text="Come on Monday.", officer=officer))
    before = len(phase_3.messages)
    right = replied(text="Come on Tuesday, not Monday.", officer=officer)
    phase_3.deliver(enveloped(right, time=NOON + timedelta(seconds=0.2)))
    told = len(phase_3.messages) - before
    [post] = conversation(phase_3, phase_3.session())

    assert told == 1
    assert (post.text, post.name) == ("Come on Tuesday, not Monday.", name)


def test_words_that_were_corrected_do_not_come_back(phase_3: Scene) -> None:
    """The first words may come late: the victim never reads them."""
    right = replied(text="Come on Tuesday, not Monday.")
    phase_3.deliver(enveloped(right, time=NOON + timedelta(seconds=0.2)))
    before = len(phase_3.messages)
    phase_3.deliver(replied(text="Come on Monday."))
    told = len(phase_3.messages) - before
    [post] = conversation(phase_3, phase_3.session())

    assert told == 0
    assert (post.text, post.name) == ("Come on Tuesday, not Monday.", "PC Okafor, 4271")


def test_a_conversation_is_between_one_victim_and_the_officer(phase_3: Scene) -> None:
    """Another victim of the same crime reads none of it."""
    sam = alex("sam", mobile_phone="07700900456")
    phase_3.deliver(recorded(alex("pat", mobile_phone="07700900789"), sam, crime="4"))
    session = phase_3.session()  # Sam, whose invitation is the newest
    phase_3.deliver(replied("4", "pat"))
    posts = phase_3.api("GET", "/crimes/4/conversation", session=session)

    assert posts.json["conversation"] == []


@pytest.mark.parametrize("start", [NOON, PHASE_2])
def test_there_is_no_conversation_before_phase_3(scene_with: SceneWith, start: object) -> None:
    """Before it goes live two-way messaging is not there, not even for a reply that came early."""
    scene = scene_with(start=start)
    scene.deliver(recorded())
    session = scene.session()
    before = len(scene.messages)
    scene.deliver(replied(replied_at=scene.now))

    assert problem(scene.api("GET", READ, session=session))["status"] == 404
    assert problem(scene.api("POST", ASK, {"text": "Hello"}, session=session))["status"] == 404

    scene.advance(hours=2)

    assert len(scene.messages) == before
    assert scene.neighbours.stamps == []
