"""Sign-in: what each step asks and how it ends; the same answer to the known and the unknown."""

from datetime import date
from typing import Any

import pytest

from reference.contract.identity import agreed_word_digest
from tests.reference.portal.crimes import EMAIL, IDENTITY_KEY, MOBILE, WORD, alex, recorded
from tests.reference.portal.neighbours import DOWN, GATEWAY
from tests.reference.portal.scene import Scene, problem

UNKNOWN = "07700900999"


def test_an_invitation_leads_to_the_word_and_the_word_to_a_code(scene: Scene) -> None:
    """Each step says what it asks next, and the last gives a session."""
    scene.deliver(recorded())
    opened = scene.open_invitation(scene.messages[0].link).json

    assert opened["asks"] == "agreed_word"
    assert scene.prove(opened["step"]).json == {"step": opened["step"], "asks": "one_time_code"}
    assert scene.enter_code(opened["step"], f" {scene.last_code()} ").json["session"]


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


@pytest.mark.parametrize("digest", ["é" * 64, "not a digest", "\x01"])
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

    pat = alex("pat", given_name="Pat", word="heron")
    scene.deliver(recorded(pat, crime="43260000003"))

    assert scene.prove(scene.begin(MOBILE), "heron").status == 403


@pytest.mark.parametrize(
    "changes",
    [{"safe_to_contact": False}, {"safe_to_contact": None}, {"born": date(2010, 1, 1)}],
)
def test_an_excluded_person_cannot_sign_in_by_address(
    scene: Scene, changes: dict[str, Any]
) -> None:
    """With the right number and word, a person who was never invited is unknown."""
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

    assert (
        scene.api("POST", "/sign-in/word", {"step": step, "agreed_word": WORD}).json["asks"]
        == "one_time_code"
    )
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
    assert scene.enter_code(step, scene.last_code()).status == 200


def test_the_store_opens_nothing(scene: Scene) -> None:
    """A thief who copies the database finds no token, code or session in it."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    step = str(scene.open_invitation(link).json["step"])
    scene.prove(step)
    code = scene.last_code()
    kept = repr(scene.rows())
    session = str(scene.enter_code(step, code).json["session"])

    assert not any(secret in kept for secret in (link, step, WORD))
    assert session not in repr(scene.rows())
    assert agreed_word_digest(IDENTITY_KEY, "alex", WORD) in kept
