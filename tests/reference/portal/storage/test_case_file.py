"""What a victim reads: appointments as they were last said to be, and only what is theirs."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from reference.contract.events import AnyEvent, AppointmentCancelled, AppointmentChanged
from reference.portal.storage.case_file import Appointment, CaseFile
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    SAMS_MOBILE,
    SAMS_WORD,
    alex,
    appointment,
    enveloped,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import kinds, status_of_page, summary
from tests.reference.portal.scene import Scene

FIRST, SECOND = NOON + timedelta(days=2), NOON + timedelta(days=3)
WHAT: dict[str, Any] = {"crime_reference": CRIME, "appointment_id": "1", "person_id": "alex"}
MADE = appointment(appointment_id="1", starts_at=FIRST, place="Oxford")
CHANGED = AppointmentChanged(starts_at=SECOND, place="Reading", **WHAT)
CANCELLED = AppointmentCancelled(**WHAT)
SAID: list[AnyEvent] = [MADE, CHANGED, CANCELLED]


def appointments(scene: Scene, storage: Storage, person_id: str = "alex") -> list[Appointment]:
    """List a victim's appointments as their page has them."""
    return scene.run(CaseFile(storage.open()).appointments(CRIME, person_id))


@pytest.mark.parametrize(
    "numbers", [order for last in (1, 2, 3) for order in permutations(range(last))]
)
def test_an_appointment_is_what_was_said_last(
    scene: Scene, storage: Storage, numbers: tuple[int, ...]
) -> None:
    """Made, changed, cancelled: in whatever order it comes, the newest word stands."""
    scene.deliver(recorded())
    for number in numbers:
        at = NOON + timedelta(minutes=number)
        scene.deliver(enveloped(SAID[number], time=at))
    [found] = appointments(scene, storage)

    assert (found.place, found.status) == (
        "Oxford" if len(numbers) == 1 else "Reading",
        "cancelled" if len(numbers) == 3 else "made",
    )


def test_a_cancellation_of_what_was_never_made_is_no_appointment(
    scene: Scene, storage: Storage
) -> None:
    """Without a time there is nothing to show a victim."""
    scene.deliver(recorded(), CANCELLED)

    assert appointments(scene, storage) == []


def test_appointments_are_their_victims_own(scene: Scene, storage: Storage) -> None:
    """The same reference for two victims is two appointments, and each sees one."""
    scene.deliver(recorded(alex(), sam()))
    scene.deliver(appointment(place="Oxford"), appointment(person_id="sam", place="Reading"))

    assert [each.place for each in appointments(scene, storage)] == ["Oxford"]
    assert [each.place for each in appointments(scene, storage, "sam")] == ["Reading"]


def test_nobody_reads_of_a_crime_that_is_not_theirs(scene: Scene) -> None:
    """Not in the list, and not by any route that names it: the same 404 as for none."""
    scene.deliver(recorded(), recorded(sam(), crime="4/4"), appointment())
    sams = scene.session(word=SAMS_WORD, address=SAMS_MOBILE)
    cookies = {"session": sams}
    none, others = (
        [
            scene.api("GET", f"/crimes/{crime}/timeline", session=sams),
            scene.api("GET", f"/crimes/{crime}/conversation", session=sams),
            scene.api("POST", f"/crimes/{crime}/questions", {"text": "Hi"}, session=sams),
            scene.page(f"/crimes/{crime}", cookies=cookies),
            scene.form(f"/crimes/{crime}/questions", cookies=cookies, text="Hi"),
        ]
        for crime in ("43269999999", CRIME)
    )

    assert {each.status for each in others} == {404}
    assert [each.body for each in others] == [each.body for each in none]
    assert summary(scene, sams) is None
    assert kinds(scene, sams, "4/4") == ["CrimeRecorded"]


def test_who_is_shut_out_of_one_crime_reads_the_other(scene: Scene) -> None:
    """What excludes is looked at crime by crime."""
    scene.deliver(recorded(), recorded(crime="4", safeguarding=("sexual",)))
    session = scene.session(address=MOBILE)

    assert status_of_page(scene, session) == 200
    assert status_of_page(scene, session, "4") == 404
