"""One number on many records: nobody's own, so nothing goes there, and everybody is asked about."""

import pytest

from reference.contract.events import VictimRecord
from tests.reference.portal.crimes import (
    MOBILE,
    SAMS_MOBILE,
    alex,
    deployed,
    details,
    recorded,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import Scene, SceneWith


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in which two unrelated people may share an address."""
    return scene_with(people_per_address_max=2)


def people(*family_names: str) -> list[VictimRecord]:
    """Some people at one number."""
    return [
        alex(f"p{n}", family_name=name, preferred_channels=("text",))
        for n, name in enumerate(family_names)
    ]


def record_all(scene: Scene, records: list[VictimRecord]) -> None:
    """Record a crime of each."""
    for number, record in enumerate(records):
        scene.deliver(recorded(record, crime=f"crime {number}"))


def test_a_number_of_many_strangers_is_stopped_for_all(scene: Scene) -> None:
    """With the one that is too many nothing more goes there, and all are asked about."""
    record_all(scene, people("Marsh", "Reed", "Hill"))
    news = News(scene)
    scene.deliver(*(deployed(f"crime {n}") for n in range(3)))

    assert len(scene.messages) == 2  # the invitations of the first two
    assert news.messages == []
    assert {each["person_id"] for each in tasks(scene, "contact_details")} == {"p0", "p1", "p2"}
    assert all(MOBILE not in each["reason"] for each in scene.neighbours.tasks)


def test_a_family_goes_on_sharing(scene: Scene) -> None:
    """Five of one name at one number are reached there."""
    record_all(scene, people("Marsh", "Marsh", "marsh", "Marsh", "Reed"))

    assert len(scene.messages) == 5
    assert scene.neighbours.tasks == []


@pytest.mark.parametrize(("number", "name"), [(0, "Marsh"), (2, "Hill")])
def test_one_of_them_with_a_number_of_their_own_is_invited(
    scene: Scene, number: int, name: str
) -> None:
    """What the officer puts right is used, whether a link went to the shared number or not."""
    record_all(scene, people("Marsh", "Reed", "Hill"))
    mended = alex(f"p{number}", family_name=name, mobile_phone=SAMS_MOBILE)
    scene.deliver(details(mended, f"crime {number}"))

    assert scene.messages[-1].to == SAMS_MOBILE
    assert scene.messages[-1].link


def test_where_nobody_ordered_a_limit_all_are_reached(scene_with: SceneWith) -> None:
    """Without one in the order a number may be anybody's."""
    scene = scene_with(people_per_address_max=None)
    record_all(scene, people("Marsh", "Reed", "Hill", "Wood", "Moor"))

    assert len(scene.messages) == 5


def test_the_forces_own_number_reaches_nobody(scene: Scene) -> None:
    """It is on many records, and no victim's: one task and no text."""
    scene.deliver(recorded(alex(mobile_phone="01632 960101", preferred_channels=("text",))))
    [task] = tasks(scene, "contact_details")

    assert scene.messages == []
    assert "force's own" in task["reason"]


def test_one_change_that_mends_two_crimes_is_one_message(scene: Scene) -> None:
    """A victim of two crimes whose number was corrected gets one invitation, to both."""
    wrong = alex(mobile_phone="07700 90012", preferred_channels=("text",))
    scene.deliver(recorded(wrong), recorded(wrong, crime="4"))
    scene.deliver(details(alex(preferred_channels=("text",))))
    [message] = scene.messages
    session = scene.session()
    found = scene.api("GET", "/crimes", session=session).json["crimes"]

    assert message.link
    assert len(found) == 2


def test_a_flag_is_heeded_though_its_crime_is_not_known_yet(scene: Scene) -> None:
    """Not safe is not safe: it does not wait for the crime that it was written under."""
    scene.deliver(recorded())
    news = News(scene)
    scene.deliver(details(alex(safe_to_contact=False), "not recorded yet"))
    scene.deliver(deployed())

    assert news.messages == []


def test_a_crime_that_is_recorded_again_brings_what_else_it_says(scene: Scene) -> None:
    """A second recording is no second crime, but a victim it says is unsafe is so."""
    scene.deliver(recorded())
    news = News(scene)
    scene.deliver(recorded(alex(safe_to_contact=None)))
    scene.deliver(deployed())

    assert news.messages == []
