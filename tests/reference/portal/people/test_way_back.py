"""Who cannot sign in has a way back through the officer; nobody learns whether they are known."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from reference.contract.identity import agreed_word_digest
from reference.portal.rules import identity_proof
from reference.portal.storage.sqlite_database import SqliteDatabase
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    alex,
    allocated,
    deployed,
    details,
    merged,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import Scene, problem

UNKNOWN = "07700900999"


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def use_up(scene: Scene, step: str) -> None:
    """Guess until no attempt is left."""
    for n in range(7):
        scene.prove(step, f"guess {n}")
    scene.advance()


def test_who_used_up_their_attempts_is_helped_by_the_officer(scene: Scene) -> None:
    """Their word or details may be wrong at the force: one task a day, however often they try."""
    scene.deliver(recorded(), allocated(team="CID"))
    use_up(scene, scene.begin(MOBILE))
    use_up(scene, scene.begin(MOBILE))
    [task] = tasks(scene, "identity_not_proved")

    assert (task["crime_reference"], task["person_id"]) == (CRIME, "alex")
    assert task["for_officer"] == "4271"
    assert MOBILE not in task["reason"]

    scene.advance(days=1)
    use_up(scene, scene.begin(MOBILE))

    assert len(tasks(scene, "identity_not_proved")) == 2


def test_an_invitation_leads_back_to_the_officer_too(scene: Scene) -> None:
    """A victim who came by the link and does not know the word is helped the same way."""
    scene.deliver(recorded())
    use_up(scene, str(scene.open_invitation(scene.messages[0].link).json["step"]))

    assert len(tasks(scene, "identity_not_proved")) == 1


@pytest.mark.parametrize("address", [UNKNOWN, "nobody@mail.example"])
def test_guesses_at_nobody_are_nobodys_task(scene: Scene, address: str) -> None:
    """An address that the force does not hold makes work for no officer."""
    scene.deliver(recorded())
    use_up(scene, scene.begin(address))

    assert scene.neighbours.tasks == []


def test_everybody_at_an_address_may_be_who_tried(scene: Scene) -> None:
    """Two victims share a phone: each officer is asked."""
    scene.deliver(recorded(alex(), sam(mobile_phone=MOBILE)))
    use_up(scene, scene.begin(MOBILE))

    assert {each["person_id"] for each in tasks(scene, "identity_not_proved")} == {"alex", "sam"}


def test_who_is_not_in_the_portal_is_not_helped_into_it(scene: Scene) -> None:
    """A victim who may not be contacted is as unknown as a stranger."""
    scene.deliver(recorded(alex(safe_to_contact=False)))
    use_up(scene, scene.begin(MOBILE))

    assert scene.neighbours.tasks == []


def test_without_a_working_address_the_victim_is_told_so(scene: Scene) -> None:
    """The right word, and nowhere to send a code: they are told to ring, and nothing is sent."""
    scene.deliver(recorded(), deployed())
    invitation, update = scene.messages
    step = str(scene.open_invitation(invitation.link).json["step"])
    scene.receipt(update, "permanent-failure")
    news = News(scene)
    answer = scene.prove(step)

    assert problem(answer)["status"] == 409
    assert "101" in problem(answer)["detail"]
    assert news.messages == []


def test_who_ended_every_channel_can_still_read(scene: Scene) -> None:
    """Ending messages ends no duty: a code that a victim asks for still goes where it works."""
    scene.deliver(recorded())
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": []}, session=session)
    news = News(scene)

    again = scene.session(address=MOBILE)

    assert scene.api("GET", "/crimes", session=again).status == 200
    assert [each.to for each in news.messages] == [MOBILE]


def test_details_that_are_mended_open_the_door(scene: Scene) -> None:
    """With the word put right by the officer the same person gets in at once."""
    scene.deliver(recorded(alex(word="wrong")))
    use_up(scene, scene.begin(MOBILE))
    scene.deliver(details(alex()))

    assert scene.session(address=MOBILE)


@pytest.mark.parametrize("address", [MOBILE, ""])
def test_a_word_written_anew_ends_the_lock(scene: Scene, address: str) -> None:
    """A victim who was told to ask their officer is invited again once the officer has helped."""
    scene.deliver(recorded(alex(word="wrong")))
    step = str(scene.open_invitation(scene.messages[0].link).json["step"])
    for _ in range(4):
        use_up(scene, scene.begin(MOBILE) if address else step)
    news = News(scene)
    scene.deliver(details(alex()))
    [invitation] = news.messages

    assert invitation.link
    assert scene.session(address=address)


def test_a_word_written_anew_ends_what_the_old_one_opened(scene: Scene) -> None:
    """A victim whose word became known agrees another: a session begun with the old word ends.

    They are registered, so the new word is all they need.
    """
    scene.deliver(recorded())
    session = scene.session()
    news = News(scene)
    scene.deliver(details(alex(word="heron")))

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert news.messages == []
    assert scene.session(address=MOBILE, word="heron")


@pytest.mark.parametrize("changes", [{}, {"agreed_word_digest": ""}, {"email": "a@mail.example"}])
def test_what_is_written_of_something_else_invites_nobody_again(
    scene: Scene, changes: dict[str, Any]
) -> None:
    """The same word, or none, is no new one: no second invitation, and answers stay hidden."""
    scene.deliver(recorded())
    for _ in range(4):
        use_up(scene, scene.begin(MOBILE))
    news = News(scene)
    scene.deliver(details(alex(**changes)))

    assert news.messages == []
    assert scene.prove(scene.begin(MOBILE), "wrong").status == 200


def test_the_unknown_cost_the_same_work_as_the_known(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many digests and statements: the time of an answer tells nobody who is a victim."""
    scene.deliver(recorded())
    work: Counter[str] = Counter()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            work[name] += 1
            return real(*args, **more)

        return call

    counted_digest = counted("digests", agreed_word_digest)
    monkeypatch.setattr(identity_proof, "agreed_word_digest", counted_digest)
    for name in ("run", "one", "all"):
        real = getattr(SqliteDatabase, name)
        monkeypatch.setattr(SqliteDatabase, name, counted(name, real))
    costs = []
    for address in (MOBILE, UNKNOWN):
        step = scene.begin(address)
        for _ in range(4):
            work.clear()
            scene.prove(step, "heron")
            costs.append(dict(work))

    assert costs[0]["digests"] == 1
    assert costs[:4] == costs[4:]


def test_who_has_signed_in_comes_back_when_word_of_a_later_crime_was_given_up(scene: Scene) -> None:
    """Their first crime went on as the one of which the gateway could take no message for a day."""
    scene.deliver(recorded())
    scene.session()
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(recorded(crime="2"), merged(into="2"))
    for _ in range(48):
        scene.advance(hours=1)
    scene.neighbours.answers[GATEWAY] = 201

    assert [each["kind"] for each in scene.neighbours.tasks] == ["not_sent"]
    assert scene.api("GET", "/crimes", session=scene.session(address=MOBILE)).status == 200
