"""Every template is asked for by a portal at work: no words are kept for what never happens."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.catalogue_check.triggers import ADVISED
from reference.contract.events import (
    AnyEvent,
    CrimeMerged,
    CrimeRecorded,
    CrimeUnmerged,
    IncidentReported,
    Officer,
    ToldInstead,
    VictimRecord,
)
from reference.portal.cases.timeline import _case
from reference.portal.words.catalogue import Catalogue, Entry, Notice
from tests.reference.catalogue_check.spoiled_words import READ
from tests.reference.catalogue_check.test_coverage import events
from tests.reference.portal.crimes import (
    MOBILE,
    OFFICER,
    PHASE_3,
    alex,
    allocated,
    charged,
    closed,
    merged,
    recorded,
    replied,
    sam,
    unavailable,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN
from tests.reference.portal.scene import SECRETS, Scene, bearer

Reached = set[str]
SHOP = alex(
    "shop",
    kind="organisation",
    organisation_name="Marsh Cycles",
    who_is_told="another",
    told_instead=ToldInstead(given_name="Ali", mobile_phone="07700900321", safe_to_contact=True),
)
READERS: tuple[VictimRecord, ...] = (alex(), sam(enhanced_rights=True), SHOP)
SUBGROUPS = (*ADVISED, "Shoplifting")


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Reached:
    """Note which templates' words are used: on a page, or in a message of theirs alone."""
    found: Reached = set()
    entry, notice = Catalogue.entry, Catalogue.notice

    def noted_entry(self: Catalogue, *given: Any, **named: Any) -> Entry:
        words = entry(self, *given, **named)
        found.add(words.id)
        return words

    def noted_notice(self: Catalogue, notice_id: str) -> Notice:
        found.update(
            each.id for each in READ.template if each.message == notice_id and not each.text
        )
        return notice(self, notice_id)

    monkeypatch.setattr(Catalogue, "entry", noted_entry)
    monkeypatch.setattr(Catalogue, "notice", noted_notice)
    return found


@pytest.fixture
def scene(scene_with: Callable[..., Scene], reached: Reached) -> Scene:
    """A portal in phase 3 with advice for every offence, and no closure for a person to say."""
    assert not reached
    return scene_with(
        start=PHASE_3,
        eligible_subgroups=list(SUBGROUPS),
        advice_for=dict.fromkeys(SUBGROUPS, "keep-your-bicycle-safe"),
        sensitive_outcomes=[],
        not_a_victims=[],
        people_per_address_max=1000,
    )


def kinds_of_events() -> list[AnyEvent]:
    """Return one event for each case of the catalogue; of an appointment one for each reader."""
    found = {(type(event).__name__, *_case(event)): event for event in events()}
    of_one = [each for each in found.values() if getattr(each, "person_id", None)]
    single = [each for each in found.values() if each not in of_one]
    return single + [
        structs.replace(each, person_id=reader.person_id) for each in of_one for reader in READERS
    ]


def of_its_own(number: int, event: AnyEvent) -> Iterator[AnyEvent]:
    """Yield an event with a crime of its own to happen to, for every kind of reader."""
    crime = f"4326{number:07}"
    of_crime: dict[str, Any] = {"crime_reference": crime}
    if isinstance(event, CrimeMerged):
        of_crime["into"] = "43260000000"
    if isinstance(event, IncidentReported):
        yield structs.replace(event, **of_crime, victim=sam(), received_at=PHASE_3)
        return
    grade = {"grade": event.grade} if isinstance(event, CrimeRecorded) else {}
    yield recorded(*READERS, crime=crime, recorded_at=PHASE_3, **grade)
    if isinstance(event, CrimeUnmerged):
        yield merged(crime, "43260000000", PHASE_3)
        of_crime["unmerged_at"] = PHASE_3 + timedelta(hours=1)
    if not isinstance(event, CrimeRecorded):
        yield structs.replace(event, **of_crime)


def go_through_events(scene: Scene) -> None:
    """Have every event of the contract happen, in each way that changes its words."""
    hands = [(OFFICER, ""), (Officer("PC Lund", "1193"), ""), (None, "Oxford team")]
    happened: list[AnyEvent] = [recorded(*READERS, crime="1", recorded_at=PHASE_3)]
    for hours, (officer, team) in enumerate(hands):
        at = PHASE_3 + timedelta(hours=hours)
        happened.append(allocated("1", officer=officer, team=team, at=at))
    for number, event in enumerate(kinds_of_events()):
        happened += of_its_own(number, event)
    happened.append(recorded(*READERS, crime="2", recorded_at=PHASE_3))
    happened.append(allocated("2", at=PHASE_3))
    happened.append(closed("2", outcome=18, at=PHASE_3 + timedelta(hours=1)))
    for start in range(0, len(happened), 100):
        scene.deliver(*happened[start : start + 100])


def wait_without_news(scene: Scene) -> None:
    """Have nothing happen to a crime of each offence, with an officer and without, for months."""
    for number, subgroup in enumerate(SUBGROUPS):
        crime = f"4426{number:07}"
        about = recorded(*READERS, crime=crime, offence_subgroup=subgroup, recorded_at=scene.now)
        scene.deliver(about, *([allocated(crime, at=scene.now)] if number == 0 else []))
    scene.advance(days=3)
    for _month in range(4):
        scene.advance(days=30)


def write_and_be_answered(scene: Scene) -> None:
    """Write about a crime however it stands, and text back."""

    def ask(number: int, *happened: AnyEvent, wait_days: int = 0) -> str:
        crime = f"4526{number:07}"
        moved = [structs.replace(each, crime_reference=crime) for each in happened]
        scene.deliver(recorded(crime=crime, recorded_at=scene.now), *moved)
        session = scene.session(address=MOBILE)
        scene.api("POST", f"/crimes/{crime}/questions", {"text": "Any news?"}, session=session)
        scene.advance()
        scene.advance(days=wait_days)
        session = scene.session(address=MOBILE) if wait_days else session
        assert scene.page(f"/crimes/{crime}", cookies={"session": session}).status == 200
        return crime

    now = scene.now
    ask(0, allocated(at=now))
    ask(1)
    ask(2, allocated(at=now), unavailable(at=now, until=now + timedelta(days=9)))
    ask(3, charged(at=now))
    ask(4, closed(at=now))
    scene.deliver(replied(ask(5, wait_days=30), replied_at=scene.now))
    scene.neighbours.answers[CRIME_SYSTEM] = DOWN
    ask(6)
    scene.neighbours.answers[CRIME_SYSTEM] = 201
    for number, words in enumerate(("Any news?", "STOP")):
        body = {"id": f"{number}", "source_number": MOBILE, "message": words}
        headers = bearer(SECRETS.receipts)
        assert (
            scene.call("POST", "/received-texts", msgspec.json.encode(body), headers).status == 204
        )


@pytest.mark.proof
def test_every_template_is_reached(scene: Scene, reached: Reached) -> None:
    """All that can happen is played to a portal: each template is used, and each use has words."""
    write_and_be_answered(scene)
    wait_without_news(scene)
    go_through_events(scene)

    assert sorted({each.id for each in READ.template} - reached) == []
