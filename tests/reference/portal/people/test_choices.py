"""How a victim says they are told: it ends a channel, never the duty, and the force may hear it."""

from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.people.choices import is_stop
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    PHASE_2,
    alex,
    deployed,
    details,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import SECRETS, Scene, SceneWith, bearer, problem

OTHER = "43260000002"
OTHER_WORDS = ("Stopped by a man in red", "End of the road was where I saw him", "Cancel my visit")
_ids = count(1)


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal that reaches Alex by text and email."""
    made = scene_with()
    made.deliver(recorded(alex(email=EMAIL)))
    return made


def text_back(scene: Scene, words: str, *, number: str = MOBILE, text_id: str = "") -> None:
    """Send a text to the force's number, and let the portal do what is due."""
    body = {"id": text_id or f"text-{next(_ids)}", "source_number": number, "message": words}
    answer = scene.call(
        "POST", "/received-texts", msgspec.json.encode(body), bearer(SECRETS.receipts)
    )

    assert answer.status == 204, answer.body

    scene.advance()


@pytest.mark.parametrize("by", ["api", "page"])
@pytest.mark.parametrize(
    ("channels", "reached"), [(["text"], [MOBILE]), (["email"], [EMAIL]), ([], [])]
)
def test_what_is_chosen_is_used(
    scene: Scene, by: str, channels: list[str], reached: list[str]
) -> None:
    """By API or page: the channels that were chosen are used, and the officer knows what ended."""
    session = scene.session()
    if by == "api":
        answer = scene.api("PUT", "/contact", {"channels": channels}, session=session)

        assert answer.json["channels"] == channels
    else:
        fields: dict[str, str] = {"channels": " ".join(channels)} if channels else {"stop": "yes"}
        assert scene.form("/contact", cookies={"session": session}, **fields).status == 200

    news = News(scene)
    scene.deliver(deployed())
    [task] = tasks(scene, "contact_ended")

    assert news.to == sorted(reached)
    assert not any(each in repr(task) for each in (MOBILE, EMAIL))


def test_what_waits_on_a_channel_that_ends_does_not_go(scene: Scene) -> None:
    """A text that was on its way when texts were ended is not sent."""
    session = scene.session()
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.api("PUT", "/contact", {"channels": ["email"]}, session=session)
    scene.neighbours.answers[GATEWAY] = 201
    news = News(scene)
    scene.advance(hours=1)

    assert news.to == [EMAIL]


def test_choosing_the_same_again_is_nobodys_task(scene: Scene) -> None:
    """Only a channel that ends is something for an officer to know."""
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": ["email", "text"]}, session=session)
    scene.advance()

    assert tasks(scene, "contact_ended") == []


@pytest.mark.parametrize("body", [{}, {"channels": None}, {"channels": ["letter"]}, []])
def test_what_is_no_choice_is_refused(scene: Scene, body: Any) -> None:
    """No channels are named, or one that does not exist: nothing changes."""
    session = scene.session()

    assert scene.api("PUT", "/contact", body, session=session).status in {400, 422}

    news = News(scene)
    scene.deliver(deployed())

    assert news.to == sorted([MOBILE, EMAIL])


def test_a_page_without_a_choice_names_the_field(scene: Scene) -> None:
    """Nothing ticked is a slip and not an end: it is said, and nothing changes."""
    session = scene.session()

    assert scene.form("/contact", cookies={"session": session}).status == 422
    assert problem(scene.api("PUT", "/contact", {}, session=session))["field"] == "channels"


@pytest.mark.parametrize(
    "words",
    [
        *("STOP", "stop", " Stop. ", "STOPALL", "Unsubscribe", "opt out"),
        *("STOP ALL", "stop please", "Stop texting me", "Stop.\nSent from my phone"),
        "\uff33\uff54\uff4f\uff50",  # as wide as a Chinese letter
    ],
)
def test_stop_ends_texts_and_not_the_duty(scene: Scene, words: str) -> None:
    """No text after it but the one that says so; the email goes on, and the officer is told."""
    text_back(scene, words)
    news = News(scene)
    scene.deliver(deployed())

    assert scene.messages[-1].to == EMAIL
    assert news.to == [EMAIL]
    assert len(tasks(scene, "contact_ended")) == 1


def test_stop_leaves_the_email_that_may_yet_be_mended(scene_with: SceneWith) -> None:
    """Who asked for both and stopped texts is emailed as soon as the address is put right."""
    scene = scene_with()
    scene.deliver(recorded(alex(email="alex@mail")))
    text_back(scene, "STOP")
    scene.deliver(details(alex(email=EMAIL)))
    news = News(scene)
    scene.deliver(deployed())

    assert news.to == [EMAIL]


@pytest.mark.parametrize(
    "words", ["Who is this?", "", "please stop the thief", "🙂", "x" * 4000, *OTHER_WORDS]
)
def test_anything_else_is_told_where_to_write(scene: Scene, words: str) -> None:
    """No one reads what a victim texts, and the reply says so, once a day."""
    news = News(scene)
    text_back(scene, words)
    text_back(scene, words)

    assert news.to == [MOBILE]

    scene.advance(days=1)
    text_back(scene, words)

    assert news.to == [MOBILE, MOBILE]
    assert tasks(scene, "contact_ended") == []


def test_a_text_that_comes_twice_counts_once(scene: Scene) -> None:
    """The gateway may call back twice; a channel that was chosen again meanwhile stays."""
    session = scene.session()
    text_back(scene, "STOP", text_id="one")
    scene.api("PUT", "/contact", {"channels": ["text", "email"]}, session=session)
    text_back(scene, "STOP", text_id="one")
    news = News(scene)
    scene.deliver(deployed())

    assert news.to == sorted([MOBILE, EMAIL])


@pytest.mark.parametrize("number", ["07700900999", "TVPOLICE", "", "+33612345678", "60006"])
def test_a_person_who_nobody_knows_is_not_answered(scene: Scene, number: str) -> None:
    """A number that is no victim's, or no number, changes nothing and costs no text."""
    news = News(scene)
    text_back(scene, "STOP", number=number)

    assert news.messages == []
    assert tasks(scene, "contact_ended") == []


def test_nobody_unsafe_is_answered(scene: Scene) -> None:
    """Who must not be contacted gets no text either for sending one."""
    scene.deliver(details(alex(email=EMAIL, safe_to_contact=False)))
    news = News(scene)
    text_back(scene, "Hello?")
    text_back(scene, "STOP")

    assert news.messages == []


def test_everybody_at_a_number_is_stopped(scene: Scene) -> None:
    """Two victims at one phone: each officer is told."""
    scene.deliver(recorded(sam(mobile_phone=MOBILE), crime=OTHER))
    text_back(scene, "STOP")

    assert {each["person_id"] for each in tasks(scene, "contact_ended")} == {"alex", "sam"}


@pytest.mark.parametrize("body", [{"channels": []}, {"withdrawn": True}])
def test_a_victim_who_stops_messages_is_not_said_to_withdraw(scene: Scene, body: Any) -> None:
    """By the old word too: each officer learns that messages end, and nothing of support."""
    scene.deliver(recorded(alex(email=EMAIL), crime=OTHER))
    session = scene.session()
    scene.api("PUT", "/contact", body, session=session)
    news = News(scene)
    scene.deliver(deployed(), deployed(OTHER))
    told = {each["crime_reference"]: each["reason"] for each in tasks(scene, "contact_ended")}

    assert news.messages == []
    assert told.keys() == {CRIME, OTHER}
    assert all("gets no messages any more" in each for each in told.values())
    assert not any("support" in each for each in told.values())
    assert tasks(scene, "withdrawal_discussion") == []
    assert scene.api("GET", "/crimes", session=session).status == 200


def test_a_record_that_asks_otherwise_later_counts(scene: Scene) -> None:
    """An officer who spoke to them writes what they want now; the same as before is no word."""
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": ["text"]}, session=session)
    news = News(scene)
    scene.deliver(details(alex(email=EMAIL, enhanced_rights=True)))
    scene.deliver(deployed())

    assert news.to == [MOBILE]

    scene.deliver(details(alex(email=EMAIL, preferred_channels=("email",))))
    scene.deliver(deployed())

    assert news.to == [MOBILE, EMAIL]


def test_still_with_us_ends_with_the_channels(scene_with: SceneWith) -> None:
    """What comes by itself is a message like any other."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(recorded_at=PHASE_2))
    scene.api("PUT", "/contact", {"channels": []}, session=scene.session())
    news = News(scene)
    for _ in range(5):
        scene.advance(days=20)

    assert news.messages == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_it(words: str) -> None:
    """Whatever is sent back, it is STOP or it is not."""
    assert is_stop(words) in {True, False}
