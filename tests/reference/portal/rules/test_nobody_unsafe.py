"""Whatever comes, in whatever order and however often: nobody unsafe is told, nobody told twice."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import AnyEvent, AppointmentCancelled, VictimRecord
from tests.examples import examples
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    PHASE_3,
    SAMS_MOBILE,
    alex,
    allocated,
    appointment,
    cancelled,
    charged,
    closed,
    contacted,
    deployed,
    details,
    enveloped,
    merged,
    milestone,
    reclassified,
    recorded,
    reopened,
    replied,
    sam,
    transferred,
    unavailable,
)
from tests.reference.portal.scene import Scene

OTHER = "43260000002"
CRIMES = {CRIME, OTHER}  # what comes by itself is named by its crime
HOUR = timedelta(hours=1)
FLAGS = ("has_died", "is_suspect_in_linked_crime", "is_police_employee", "is_restricted")


def at(hours: int) -> Any:
    """Give a moment some hours on."""
    return PHASE_3 + hours * HOUR


hours = st.integers(-3, 24)  # what is dated more than a day ahead is refused
crimes = st.sampled_from([CRIME, OTHER])
people = st.sampled_from(["alex", "sam"])


@st.composite
def records(draw: st.DrawFn) -> VictimRecord:
    """A record of Alex or Sam, safe or not, reached or not."""
    make = draw(st.sampled_from([alex, sam]))
    changes: dict[str, Any] = {
        "safe_to_contact": draw(st.sampled_from([True, True, False, None])),
        "enhanced_rights": draw(st.booleans()),
        **dict.fromkeys(draw(st.sampled_from([(), (), (), *((each,) for each in FLAGS)])), True),
        "email": EMAIL if make is alex else "sam@mail.example",
    }
    if draw(st.booleans()):
        changes["mobile_phone"] = draw(st.sampled_from(["", "N/A", "07700 90012", "101"]))
    record: VictimRecord = make(**changes)
    return record


@st.composite
def happenings(draw: st.DrawFn) -> dict[str, Any]:
    """Anything that a crime system may say, about anything, at any hour."""
    crime, person, hour = draw(crimes), draw(people), draw(hours)
    when = at(hour)
    subgroups = ("Bicycle theft", "Public order offences", "Rape")
    marks = draw(st.sampled_from([(), ("domestic_abuse",)]))
    said: list[AnyEvent] = [
        deployed(crime, at=when),
        allocated(crime, at=when),
        allocated(crime, officer=None, at=when),
        unavailable("away", crime, at=when, until=when + HOUR),
        unavailable("left", crime, at=when),
        appointment(crime, person, starts_at=when),
        AppointmentCancelled(
            crime_reference=crime, appointment_id="appointment-1", person_id=person
        ),
        milestone(crime=crime, at=when),
        charged(crime, at=when),
        closed(crime, at=when),
        closed(crime, outcome=5, at=when),
        reopened(crime, at=when),
        reclassified(crime, draw(st.sampled_from(subgroups)), when, safeguarding=marks),
        merged(crime, draw(crimes), at=when),
        transferred(crime, at=when),
        cancelled(crime, at=when),
        contacted(crime, person, at=when),
        replied(crime, person, reply_id=f"{hour}", replied_at=when),
        details(draw(records()), crime),
        recorded(
            *draw(st.lists(records(), min_size=1, max_size=2)),
            crime=crime,
            recorded_at=at(0),
            safeguarding=marks,
        ),
    ]
    return enveloped(draw(st.sampled_from(said)), time=when)


class Truth:
    """Who may be messaged, by what the crime system said last of each."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[str, Any]] = {}

    def learn(self, envelope: dict[str, Any]) -> None:
        """Take what an event says of people."""
        data = envelope["data"]
        for record in [*data.get("victims", ()), *filter(None, [data.get("victim")])]:
            known = self._newest.get(record["person_id"], ("", None))
            if envelope["time"] >= known[0]:
                is_safe = record["safe_to_contact"] is True and not any(map(record.get, FLAGS))
                self._newest[record["person_id"]] = envelope["time"], is_safe

    @property
    def forbidden(self) -> set[str]:
        """Every address of a person who may not be told, or whom only an officer may tell."""
        own = {"alex": (MOBILE, EMAIL), "sam": (SAMS_MOBILE, "sam@mail.example")}
        unsafe = (who for who, (_, is_safe) in self._newest.items() if not is_safe)
        return {address for who in unsafe for address in own[who]}


@settings(max_examples=examples(50))
@given(st.lists(happenings(), min_size=1, max_size=30), st.data())
def test_nobody_unsafe_is_told_and_one_event_is_told_once(
    told: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Of all that may come, some twice: no failure, nobody unsafe, and no message too many."""
    scene, truth = Scene(Path(), start=PHASE_3, database=":memory:"), Truth()
    first = enveloped(recorded(alex(email=EMAIL), sam(), recorded_at=at(0)), time=at(-3))
    scene.deliver(first)
    truth.learn(first)
    for envelope in told:
        before = len(scene.messages)
        scene.deliver(*[envelope] * data.draw(st.integers(1, 2)))
        truth.learn(envelope)
        scene.advance(hours=data.draw(st.sampled_from([0, 2])))

        assert not truth.forbidden & {each.to for each in scene.messages[before:]}

    scene.advance(days=3)
    named = Counter(
        (each.body["reference"], each.to) for each in scene.messages if each.body["reference"]
    )

    assert [each for each, times in named.items() if times > 1 and each[0] not in CRIMES] == []
