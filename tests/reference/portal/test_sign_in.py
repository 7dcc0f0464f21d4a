"""Sign-in: what each step asks and how it ends; the same answer to the known and the unknown."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from reference.contract.identity import agreed_word_digest
from tests.reference.portal.crimes import EMAIL, IDENTITY_KEY, MOBILE, WORD, alex, recorded
from tests.reference.portal.neighbours import DOWN, GATEWAY
from tests.reference.portal.scene import Scene, problem
from tests.simulator.asgi import Answer

SceneWith = Callable[..., Scene]
UNKNOWN = "07700900999"


def enter(scene: Scene, step: str, code: str) -> Answer:
    """Give a one-time code."""
    return scene.api("POST", "/sign-in/code", {"step": step, "code": code})


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_an_invitation_leads_to_the_word_and_the_word_to_a_code(scene: Scene) -> None:
    """Each step says what it asks next, and the last gives a session."""
    scene.deliver(recorded())
    opened = scene.open_invitation(scene.messages[0].link).json

    assert opened["asks"] == "agreed_word"
    assert scene.prove(opened["step"]).json == {"step": opened["step"], "asks": "one_time_code"}
    assert enter(scene, opened["step"], f" {scene.last_code()} ").json["session"]


@pytest.mark.parametrize("address", [MOBILE, "+44 7700 900123", "ALEX@mail.example "])
def test_somebody_comes_back_by_number_or_email(scene: Scene, address: str) -> None:
    """However they type it, the address we hold lets the word be asked."""
    scene.deliver(recorded(alex(email=EMAIL)))

    assert scene.session(address=address)


@pytest.mark.parametrize("address", ["", "hello", "0118 496 0123", "07700 90012", "alex@mail"])
def test_what_is_no_address_is_refused_by_its_field(scene: Scene, address: str) -> None:
    """A slip in typing is said at once, and tells nothing about anybody."""
    answer = scene.api("POST", "/sign-in", {"address": address})

    assert problem(answer)["field"] == "address"
    assert answer.status == 422


def test_the_known_and_the_unknown_get_the_same_answers(scene: Scene) -> None:
    """Whether the police know an address cannot be found out without the word."""
    scene.deliver(recorded())
    answers = []
    for address in (MOBILE, UNKNOWN):
        begun = scene.api("POST", "/sign-in", {"address": address})
        step = begun.json["step"]
        again = [scene.prove(step, "heron") for _ in range(6)]
        answers.append(
            [(begun.status, begun.json.keys(), len(step))] + [(a.status, a.body) for a in again]
        )

    assert answers[0] == answers[1]
    assert len(scene.messages) == 1


def test_a_word_is_known_in_capitals_and_with_spaces(scene: Scene) -> None:
    """People type as they speak."""
    scene.deliver(recorded())

    assert scene.session(word="  KINGfisher ")


def test_without_an_agreed_word_nobody_gets_in(scene: Scene) -> None:
    """A record without a word has no word that fits, not even an empty one."""
    scene.deliver(recorded(alex(agreed_word_digest="")))
    step = scene.begin(MOBILE)

    assert [scene.prove(step, word).status for word in ("", " ", WORD)] == [403] * 3


@pytest.mark.parametrize("digest", ["é" * 64, "not a digest", "\x00"])
def test_a_digest_that_is_none_lets_nobody_in(scene: Scene, digest: str) -> None:
    """What the crime system wrote wrong is a refusal and not a failure."""
    scene.deliver(recorded(alex(agreed_word_digest=digest)))

    assert scene.prove(scene.begin(MOBILE)).status == 403


def test_people_who_share_a_phone_are_told_apart_by_the_word(scene: Scene) -> None:
    """Two victims at one number each open their own crimes; one word for both opens neither."""
    sam = alex("sam", word="heron")
    scene.deliver(recorded(), recorded(sam, crime="43260000002"))

    for word, crime in ((WORD, "43260000001"), ("heron", "43260000002")):
        session = scene.session(word=word, address=MOBILE)
        found = scene.api("GET", "/crimes", session=session).json["crimes"]

        assert [each["crime_reference"] for each in found] == [crime]

    scene.deliver(recorded(alex("pat", word="heron"), crime="43260000003"))

    assert scene.prove(scene.begin(MOBILE), "heron").status == 403


def test_attempts_at_the_word_are_limited(scene: Scene) -> None:
    """After five wrong words even the right one does not open this step."""
    scene.deliver(recorded())
    step = str(scene.open_invitation(scene.messages[0].link).json["step"])
    tries = [scene.prove(step, f"guess {n}").status for n in range(5)]

    assert tries == [403] * 5
    assert problem(scene.prove(step))["status"] == 429


@pytest.mark.parametrize("address", [MOBILE, UNKNOWN])
def test_beginning_again_does_not_give_more_attempts(scene: Scene, address: str) -> None:
    """A word is short: whoever knows the number could else guess for ever, five at a time."""
    scene.deliver(recorded())
    for _ in range(4):
        step = scene.begin(address)
        for n in range(5):
            scene.prove(step, f"guess {n}")

    assert scene.prove(scene.begin(address)).status == 429


def test_attempts_at_the_code_are_limited(scene: Scene) -> None:
    """After five wrong codes even the right one does not open this step."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()
    tries = [enter(scene, step, wrong(code)).status for _ in range(5)]

    assert tries == [403] * 5
    assert enter(scene, step, code).status == 429


def test_asking_for_another_code_does_not_give_more_attempts(scene: Scene) -> None:
    """Whoever knows the word cannot guess codes, or have texts sent, without end."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    for _ in range(10):
        scene.prove(step)
        for _ in range(3):
            enter(scene, step, wrong(scene.last_code()))

    assert scene.prove(step).status == 429
    assert len(scene.messages) <= 6


def test_a_code_runs_out(scene: Scene) -> None:
    """A quarter of an hour later the code is worth nothing."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()
    scene.advance(minutes=15)

    assert enter(scene, step, code).status == 410


def test_a_code_works_once(scene: Scene) -> None:
    """Nobody who sees a code over a shoulder can use it after its owner did."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()

    assert enter(scene, step, code).status == 200
    assert enter(scene, step, code).status == 410


def test_a_code_is_for_its_own_step(scene: Scene) -> None:
    """Somebody else's code, or none yet, opens nothing."""
    scene.deliver(recorded())
    first, second = scene.begin(MOBILE), scene.begin(MOBILE)
    scene.prove(first)
    code = scene.last_code()
    scene.prove(second)

    assert enter(scene, second, code).status == 403
    assert enter(scene, scene.begin(MOBILE), code).status == 403
    assert enter(scene, scene.begin(MOBILE), "").status == 403


def test_a_sign_in_runs_out(scene: Scene) -> None:
    """A step nobody finished within half an hour is begun again; an unknown one is the same."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.advance(minutes=30)

    assert scene.prove(step).body == scene.prove("no such step").body
    assert scene.prove(step).status == 410


def test_a_session_ends_half_an_hour_after_its_last_use(scene: Scene) -> None:
    """Reading keeps somebody signed in; leaving does not."""
    scene.deliver(recorded())
    session = scene.session()
    for _ in range(3):
        scene.advance(minutes=25)

        assert scene.api("GET", "/crimes", session=session).status == 200

    scene.advance(minutes=30)

    assert scene.api("GET", "/crimes", session=session).status == 401


def test_signing_out_ends_one_session(scene: Scene) -> None:
    """Whoever signs out on one device stays signed in on the other."""
    scene.deliver(recorded())
    phone, tablet = scene.session(), scene.session(address=MOBILE)

    assert scene.api("POST", "/sign-out", session=phone).status == 204
    assert scene.api("GET", "/crimes", session=phone).status == 401
    assert scene.api("GET", "/crimes", session=tablet).status == 200


def test_signing_out_of_nothing_is_no_error(scene: Scene) -> None:
    """Signing out twice, or without a session, is as good as having done it."""
    assert scene.api("POST", "/sign-out").status == 204
    assert scene.api("POST", "/sign-out", session="none").status == 204


@pytest.mark.parametrize(
    "changes", [{"safe_to_contact": False}, {"safe_to_contact": None}, {"born": "child"}]
)
def test_an_excluded_person_cannot_sign_in_by_address(
    scene: Scene, changes: dict[str, object]
) -> None:
    """With the right number and the right word, somebody who was never invited is unknown."""
    if "born" in changes:
        changes = {"born": (scene.now - timedelta(days=17 * 365)).date()}
    scene.deliver(recorded(alex(**changes)))
    known, unknown = scene.prove(scene.begin(MOBILE)), scene.prove(scene.begin(UNKNOWN))

    assert known.body == unknown.body
    assert known.status == 403
    assert scene.messages == []


def test_a_code_goes_where_the_person_is_reached_now(scene: Scene) -> None:
    """To the phone if there is one, else to the mailbox."""
    scene.deliver(recorded(alex(email=EMAIL)))
    scene.prove(scene.begin(EMAIL))

    assert scene.messages[-1].to == MOBILE

    scene.deliver(recorded(alex("sam", mobile_phone="", email="sam@mail.example"), crime="4"))
    step = scene.begin("sam@mail.example")

    assert scene.api(
        "POST", "/sign-in/word", {"step": step, "agreed_word": WORD}
    ).json["asks"] == "one_time_code"
    assert scene.messages[-1].to == "sam@mail.example"


def test_a_code_comes_in_the_name_of_the_force_that_has_the_crime(scene: Scene) -> None:
    """A code from another force would look like a trick."""
    scene.deliver(recorded(force="hampshire"))
    scene.prove(scene.begin(MOBILE))

    assert "Hampshire Constabulary" in scene.messages[-1].words
    assert "Thames Valley" not in scene.messages[-1].words


@pytest.mark.parametrize("status", [DOWN, 429, 500, 400])
def test_a_code_that_could_not_be_sent_is_said(scene: Scene, status: int) -> None:
    """Nobody waits for a code that will not come; a little later it can be asked for again."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.neighbours.answers[GATEWAY] = status

    assert problem(scene.prove(step))["status"] == 503

    scene.neighbours.answers[GATEWAY] = 201

    assert scene.prove(step).status == 200
    assert enter(scene, step, scene.last_code()).status == 200


def test_the_store_opens_nothing(scene: Scene) -> None:
    """Whoever steals a copy of what is kept finds no token, code or session in it."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    step = str(scene.open_invitation(link).json["step"])
    scene.prove(step)
    code = scene.last_code()
    kept = repr(scene.rows())
    session = str(enter(scene, step, code).json["session"])

    assert not any(secret in kept for secret in (link, step, WORD))
    assert session not in repr(scene.rows())
    assert agreed_word_digest(IDENTITY_KEY, "alex", WORD) in kept
