"""What is kept about a person: all of it is exported, all is erased, and a hold keeps all."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import ToldInstead
from reference.operations.office import personal_data
from reference.operations.personal_data import Held, PersonalData
from reference.portal.settings import settings_from
from reference.portal.timestamps import seconds
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_3,
    alex,
    closed,
    deployed,
    details,
    enveloped,
    recorded,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.people.test_not_for_me import stop
from tests.reference.portal.scene import SECRETS, SETTINGS, Scene

BO = alex("bo", given_name="Bo", family_name="Quillfeather", mobile_phone="07700900124")
WORDS = "My neighbour saw the zebra-striped van"
BY = "records officer 12"


@pytest.fixture
def told(scene_with: Callable[..., Scene]) -> Scene:
    """A portal in phase 3 in which Alex and Bo share a crime, and both have written."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(alex(), BO, recorded_at=PHASE_3))
    for address in (MOBILE, "07700900124"):
        session = scene.session(address=address)
        scene.api("POST", f"/crimes/{CRIME}/questions", {"text": WORDS}, session=session)
    scene.advance(minutes=1)
    return scene


@pytest.fixture
def data(told: Scene, storage: Storage) -> PersonalData:
    """The use case, beside the running portal."""
    return beside(storage)


def beside(storage: Storage) -> PersonalData:
    """Make the use case as the office does."""
    return personal_data(storage.open(), settings_from(SETTINGS), SECRETS.identity)


def test_an_export_has_everything_but_what_opens_the_portal(
    told: Scene, data: PersonalData, storage: Storage
) -> None:
    """A person gets their record, page, messages and log; no word, code, token or other victim."""
    found = storage.run(data.export("alex", told.now, by=BY))

    assert found is not None
    written = msgspec.json.encode(found).decode()
    assert WORDS in written
    assert MOBILE in written
    assert "We have recorded what happened" in written
    assert "signed in" in written
    assert found["person"][0]["written_at"] == seconds(NOON)
    for secret in ("digest", "token", "Quillfeather", "07700900124", '"bo"'):
        assert secret not in written


def test_an_export_does_not_say_whom_the_force_suspects(
    told: Scene, data: PersonalData, storage: Storage
) -> None:
    """An export does not tell a person that, nor how another person signs in."""
    contact = ToldInstead(given_name="Priya", agreed_word_digest="the-digest-of-a-word")
    suspect = alex(is_suspect_in_linked_crime=True, told_instead=contact)
    told.deliver(deployed(), details(suspect))
    found = storage.run(data.export("alex", told.now, by=BY))
    written = msgspec.json.encode(found).decode()

    assert "Priya" in written
    assert "suspect" not in written
    assert "the-digest-of-a-word" not in written


def test_nobody_has_no_export(told: Scene, data: PersonalData, storage: Storage) -> None:
    """Of a person who is not known nothing is made up."""
    assert storage.run(data.export("nobody", told.now, by=BY)) is None
    assert storage.run(data.erase("nobody", told.now, by=BY)) is False


def test_an_erased_person_is_gone_and_others_stay(
    told: Scene, data: PersonalData, storage: Storage
) -> None:
    """Nothing of one victim is left in any table but the log; the other reads on as before."""
    assert storage.run(data.erase("alex", told.now, by=BY))

    rows = told.rows()
    for name, kept in rows.items():
        if name not in {"audit", "errand"}:
            assert "alex" not in repr(kept), name
    assert MOBILE not in repr(rows)
    session = told.session(address="07700900124")
    conversation = told.api("GET", f"/crimes/{CRIME}/conversation", session=session)
    assert conversation.json["conversation"][0]["text"] == WORDS
    assert "erased" in repr(rows["audit"])
    assert BY in repr(rows["audit"])


def test_the_last_victim_takes_the_crime_along(
    told: Scene, data: PersonalData, storage: Storage
) -> None:
    """A crime that is nobody's any more is not kept."""
    for person_id in ("alex", "bo"):
        storage.run(data.erase(person_id, told.now, by=BY))

    rows = told.rows()
    assert rows["crime"] == rows["entry"] == rows["post"] == rows["outbox"] == []
    assert WORDS not in repr(rows)


@pytest.mark.parametrize("whose", ["alex", CRIME])
def test_what_is_held_is_not_erased(
    told: Scene, data: PersonalData, storage: Storage, whose: str
) -> None:
    """A hold on a person or on one of their crimes names itself, and nothing at all is erased."""
    storage.run(data.hold(whose, "court case 7", told.now, by=BY))
    before = told.rows()

    with pytest.raises(Held, match=f"{whose} is held since 2026-10-14 by {BY}: court case 7"):
        storage.run(data.erase("alex", told.now, by=BY))

    assert told.rows() == before
    assert storage.run(data.release(whose, told.now, by=BY))
    assert not storage.run(data.release(whose, told.now, by=BY))
    assert storage.run(data.erase("alex", told.now, by=BY))


def test_long_after_the_end_a_case_is_let_go(scene: Scene) -> None:
    """A case that ended more than the ordered days ago goes by itself; one that goes on stays."""
    scene.deliver(recorded(), recorded(BO, crime="43260000002"))
    scene.deliver(closed())
    scene.advance(to=NOON + timedelta(days=364))

    assert CRIME in repr(scene.rows()["crime"])

    scene.advance(days=3)

    rows = scene.rows()
    assert [row[0] for row in rows["crime"]] == ["43260000002"]
    assert [row[0] for row in rows["person"]] == ["bo"]
    assert CRIME not in repr([rows[name] for name in ("entry", "outbox", "victim")])


def test_what_was_said_of_a_crime_that_never_came_is_let_go(scene: Scene) -> None:
    """It waits as long as a case that ended is kept, and the person it names with it."""
    scene.deliver(details(alex(), "never recorded"))
    scene.advance(to=NOON + timedelta(days=364))

    assert [len(scene.rows()[table]) for table in ("event_waiting", "person")] == [1, 1]

    scene.advance(days=3)

    assert [len(scene.rows()[table]) for table in ("event_waiting", "person")] == [0, 0]


def test_a_held_case_outlives_its_time(scene: Scene, storage: Storage) -> None:
    """Retention respects a hold on the crime and one on its victim, and goes on when it ends."""
    scene.deliver(recorded(), recorded(BO, crime="43260000002"))
    scene.deliver(closed(), closed(crime="43260000002"))
    data = beside(storage)
    storage.run(data.hold(CRIME, "appeal", scene.now, by=BY))
    storage.run(data.hold("bo", "appeal", scene.now, by=BY))
    scene.advance(days=400)

    assert len(scene.rows()["crime"]) == 2

    storage.run(data.release("bo", scene.now, by=BY))
    scene.advance(days=1)

    assert [row[0] for row in scene.rows()["crime"]] == [CRIME]


@pytest.fixture
def scattered(scene: Scene) -> Scene:
    """A portal in which Alex's number was said to be another's, and an event of theirs waits."""
    scene.deliver(recorded(), details(alex(is_suspect_in_linked_crime=False), crime="unknown"))
    stop(scene, MOBILE)
    return scene


def test_an_export_has_what_waits_and_what_is_stopped(scattered: Scene, storage: Storage) -> None:
    """What the portal keeps beside a person's own tables is theirs to know too."""
    found = storage.run(beside(storage).export("alex", scattered.now, by=BY))

    assert found is not None
    assert found["address_stopped"] == [{"address": MOBILE, "reason": "not for me"}]
    [waiting] = found["event_waiting"]
    assert waiting["crime_reference"] == "unknown"
    assert waiting["data"]["victim"]["mobile_phone"] == MOBILE
    for secret in ("digest", "suspect"):
        assert secret not in repr(waiting)


def test_an_erased_persons_number_stays_stopped_and_is_not_kept(
    scattered: Scene, storage: Storage
) -> None:
    """The stranger who has it asked for no more; written again, it is nobody's to be texted."""
    data = beside(storage)

    assert storage.run(data.erase("alex", scattered.now, by=BY))

    rows = scattered.rows()
    left = {name for name, kept in rows.items() if "alex" in repr(kept) or MOBILE in repr(kept)}
    assert left <= {"audit", "errand"}
    assert rows["event_waiting"] == []

    sent = len(scattered.messages)
    scattered.deliver(recorded(alex("again"), crime="4"))

    assert len(scattered.messages) == sent

    assert storage.run(data.allow(MOBILE, scattered.now, by=BY))
    assert not storage.run(data.allow(MOBILE, scattered.now, by=BY))
    assert scattered.rows()["address_stopped"] == []


def test_a_stopped_number_of_somebody_else_too_is_kept(scene: Scene, storage: Storage) -> None:
    """What is held on the other is not erased with the first."""
    scene.deliver(recorded(alex(), alex("sam", family_name="Reed", word="heron")))
    stop(scene, MOBILE)
    data = beside(storage)
    storage.run(data.erase("alex", scene.now, by=BY))

    assert scene.rows()["address_stopped"] == [(MOBILE, "not for me")]

    storage.run(data.erase("sam", scene.now, by=BY))

    assert MOBILE not in repr(scene.rows()["address_stopped"])


@pytest.mark.parametrize("whose", ["alex", "unknown"])
def test_a_hold_keeps_what_waits(scattered: Scene, storage: Storage, whose: str) -> None:
    """A hold on the person, or on the crime that has not come, forbids erasure and retention."""
    data = beside(storage)
    storage.run(data.hold(whose, "court case 7", scattered.now, by=BY))

    with pytest.raises(Held):
        storage.run(data.erase("alex", scattered.now, by=BY))

    scattered.advance(days=400)

    assert len(scattered.rows()["event_waiting"]) == 1

    storage.run(data.release(whose, scattered.now, by=BY))
    scattered.advance(days=1)

    assert scattered.rows()["event_waiting"] == []


def test_retention_lets_go_of_all_that_is_kept_on_a_person(scene: Scene) -> None:
    """A person with no crime leaves no address behind either."""
    scene.deliver(enveloped(details(alex(), crime="unknown")))
    scene.advance(days=400)

    assert scene.rows()["person"] == scene.rows()["address_of"] == []
