"""Who is told of a crime and who is not: each harm, and nearly the same evidence without it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import IncidentReported, Role, ToldInstead, VictimRecord
from simulator.judge.facts.eligible_people import EligibilityRegister
from tests.simulator.judge.expected import fail, kinds
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

GUARDIAN = "07700900801"
NEXT = "07700900802"
CHILDS = "07700900803"


def told(mobile: str = GUARDIAN, name: str = "Priya") -> ToldInstead:
    """Make a person to be told by text."""
    return ToldInstead(
        given_name=name,
        family_name="Nair",
        mobile_phone=mobile,
        preferred_channels=("text", "email"),
        safe_to_contact=True,
        email=f"{name.lower()}@example.test",
    )


def for_another(story: Story, by: ToldInstead | None = None, **changes: Any) -> Person:
    """Make the person told in a victim's place, whose own number is in the record too."""
    by = by or told()
    person = story.person("Robin", who_is_told="another", told_instead=by)
    story.holds(person.person_id, mobile_phone=by.mobile_phone, email=by.email)
    return person.written(mobile_phone=CHILDS, email="robin@example.test", **changes)


def text(story: Story, person: Person, about: Happened, to: str = GUARDIAN, **more: Any) -> None:
    """Have the portal text a number."""
    story.message(person, "text", about, to=to, **more)


def invite(story: Story, person: Person, about: Happened, by: ToldInstead | None = None) -> None:
    """Have the portal invite the person who is told."""
    by = by or told()
    for channel, to in (("text", by.mobile_phone), ("email", by.email)):
        story.message(person, channel, about, to=to, carries="invitation", body="Your link is …")  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["reporter", "witness"])
@either_way
def test_who_is_no_victim_is_not_told(*, correlates: bool, role: str) -> None:
    """An invitation to a reporter or a witness says too much; silence is no loss."""
    story = Story(correlates=correlates)
    alex, sam = story.person(), story.person("Sam", role=role)
    crime = story.crime(alex, sam)
    story.invite(alex, crime)

    assert story.harms() == []

    story.invite(sam, crime, by=("text",))

    assert story.harms() == [fail("disclosed", "WHO-01")]


@pytest.mark.parametrize("roles", [("reporter", "victim"), ("victim", "reporter")])
def test_who_reported_what_happened_to_them_is_its_victim(roles: tuple[Role, Role]) -> None:
    """They stand in it twice, in any order, and are invited."""
    story = Story()
    alex = story.person()
    records = tuple(structs.replace(alex.record, role=role) for role in roles)
    crime = story.crime(alex, victims=records)

    assert {*story.harms()} == {fail("lost", "INV-01")}

    story.invite(alex, crime)

    assert story.harms() == []


@either_way
def test_a_role_is_of_one_crime(*, correlates: bool) -> None:
    """A witness of one crime is told of the crime they are a victim of."""
    story = Story(correlates=correlates)
    sam = story.person("Sam")
    own = story.crime(sam)
    story.invite(sam, own)
    seen = story.crime(story.person("Kim", safe_to_contact=None), sam.written(role="witness"))
    story.tell(sam, story.deployed(own))

    assert story.harms() == []

    story.wait(minutes=1)
    story.deployed(seen)
    story.deployed(own)

    assert story.harms() == [fail("lost", "MSG-01")] * 2


@pytest.mark.parametrize(
    ("flag", "kind", "requirement"),
    [
        ("has_died", "who_is_told", "SAFE-03"),
        ("is_suspect_in_linked_crime", "sensitive_contact", "SAFE-04"),
        ("is_police_employee", "sensitive_contact", "WHO-04"),
        ("is_restricted", "sensitive_contact", "WHO-04"),
    ],
)
@either_way
def test_whom_a_person_tells_is_not_told_and_somebody_is_asked(
    *, correlates: bool, flag: str, kind: Any, requirement: str
) -> None:
    """From when the portal has it: no message, and one task; before, telling was right."""
    story = Story(correlates=correlates)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    flagged = alex.written(**{flag: True})
    story.details_changed(crime, flagged)
    without = story.harms()
    story.task(alex, crime, kind=kind)
    news = story.deployed(crime)

    assert without == [fail("lost", requirement)]
    assert story.harms() == []

    story.tell(alex, news, by=("text",))

    assert story.harms() == [fail("disclosed", requirement)]


@pytest.mark.parametrize(
    ("record", "choice", "is_told"),
    [
        ({"safe_to_contact": None}, {}, False),
        ({"safe_to_contact": None}, {"blank_safe_to_contact": "safe"}, True),
        ({"safe_to_contact": False}, {"blank_safe_to_contact": "safe"}, False),
        ({"is_police_employee": True}, {}, False),
        ({"is_police_employee": True}, {"unmarked_police_employee": "not_restricted"}, True),
        ({"is_police_employee": True, "is_restricted": False}, {}, True),
        ({"is_restricted": True}, {"unmarked_police_employee": "not_restricted"}, False),
    ],
    ids=str,
)
@either_way
def test_the_order_says_what_a_blank_means(
    *, correlates: bool, record: dict[str, Any], choice: dict[str, Any], is_told: bool
) -> None:
    """A victim who is told is owed an invitation, and one who is not gets none."""
    order = structs.replace(ORDER, eligibility=structs.replace(ORDER.eligibility, **choice))
    story = Story(correlates=correlates, order=order)
    alex = story.person(channels=("text",), **record)
    crime = story.crime(alex)

    assert (fail("lost", "INV-01") in story.harms()) is is_told

    story.invite(alex, crime)

    assert ("disclosed" in {each[1] for each in story.harms()}) is not is_told


@either_way
def test_an_officer_who_was_asked_to_tell_them_is_not_asked_again(*, correlates: bool) -> None:
    """The victim works for the police, and then is a suspect: an officer tells them either way."""
    story = Story(correlates=correlates)
    alex = story.person(is_police_employee=True)
    crime = story.crime(alex)
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(hours=1)
    story.details_changed(
        crime, alex.written(is_police_employee=False, is_suspect_in_linked_crime=True)
    )

    assert story.harms() == []


@either_way
def test_of_a_crime_merged_in_the_same_delivery_the_survivor_is_asked_about(
    *, correlates: bool
) -> None:
    """A marker on another crime forbids telling the victim: one task for the two merged crimes."""
    story = Story(correlates=correlates)
    alex = story.person()
    marked, merged, into = story.crime(alex), story.crime(alex), story.crime(alex)
    for each in (marked, merged, into):
        story.invite(alex, each)
    story.wait(hours=1)
    story.reclassified(marked, "Bicycle theft", safeguarding=("domestic_abuse",))

    assert story.harms() == [fail("lost", "SAFE-06")] * 2

    story.merged(merged, into)

    assert story.harms() == [fail("lost", "SAFE-06")]

    story.task(alex, into, kind="sensitive_contact")

    assert story.harms() == []


@either_way
def test_a_child_is_told_for_as_was_decided(*, correlates: bool) -> None:
    """The named person is owed it all at their own addresses; nothing goes to the child's."""
    story = Story(correlates=correlates)
    robin = for_another(story, born=date(2012, 5, 1))
    story.stranger(mobile_phone=CHILDS)
    crime = story.crime(robin)

    assert story.harms() == [fail("lost", "INV-01")] * 2

    invite(story, robin, crime)

    assert story.harms() == []

    text(story, robin, story.deployed(crime), CHILDS)

    assert fail("misdirected", "SAFE-05") in story.harms()


@pytest.mark.parametrize("decision", [None, "nobody"])
@either_way
def test_of_a_child_nobody_is_told_undecided(*, correlates: bool, decision: Any) -> None:
    """The force is asked when it is open, and not when it decided that nobody is told."""
    story = Story(correlates=correlates)
    alex = story.person(born=date(2012, 5, 1), who_is_told=decision)
    crime = story.crime(alex)
    owed = [fail("lost", "SAFE-05")] if decision is None else []

    assert story.harms() == owed

    story.task(alex, crime, kind="who_is_told")

    assert story.harms() == []

    story.invite(alex, crime, by=("text",))

    assert story.harms() == [fail("disclosed", "INV-03" if decision is None else "SAFE-05")]


@either_way
def test_a_decision_ends_when_the_victim_comes_of_age(*, correlates: bool) -> None:
    """Told on the day before the birthday, and not on the day; then the force is asked."""
    story = Story(correlates=correlates)
    robin = for_another(story, born=date(2008, 6, 4))
    crime = story.crime(robin)
    invite(story, robin, crime)
    story.wait(days=2)
    news = story.deployed(crime)
    text(story, robin, news)
    story.message(robin, "email", news, to="priya@example.test")
    story.wait(days=1)
    story.task(robin, crime, kind="who_is_told")

    assert story.harms() == []

    text(story, robin, story.deployed(crime))

    assert story.harms() == [fail("disclosed", "SAFE-05")]


@either_way
def test_that_a_decision_ended_is_owed_a_question(*, correlates: bool) -> None:
    """Unless the force is asked whom to tell now, the victim is lost."""
    story = Story(correlates=correlates)
    robin = for_another(story, born=date(2008, 6, 4))
    invite(story, robin, story.crime(robin))
    story.wait(days=4)
    story.note(Happened("", "nothing"), "a record, for time to have passed")

    assert story.harms() == [fail("lost", "SAFE-05")]


@either_way
def test_nothing_more_to_a_contact_who_left(*, correlates: bool) -> None:
    """The next contact is invited anew, and the one before gets nothing more."""
    story = Story(correlates=correlates)
    shop = for_another(story, kind="organisation", organisation_name="Kiln Lane Stores")
    crime = story.crime(shop)
    invite(story, shop, crime)
    story.signs_in(shop)
    left = shop.written(told_instead=told(NEXT, "Jo"))
    story.holds(shop.person_id, mobile_phone=NEXT, email="jo@example.test")
    news = story.details_changed(crime, left)

    assert story.harms() == [fail("lost", "INV-01")] * 2

    invite(story, shop, news, told(NEXT, "Jo"))

    assert story.harms() == []

    text(story, shop, news)

    assert story.harms() == [fail("misdirected", "WHO-03")]


@pytest.mark.parametrize("is_another", [True, False])
@either_way
def test_the_weekly_limit_begins_anew_with_the_next_contact(
    *, correlates: bool, is_another: bool
) -> None:
    """Five to each of two contacts are not too many; the sixth to one is."""
    story = Story(phase=2, correlates=correlates)
    shop = for_another(story, kind="organisation", organisation_name="Kiln Lane Stores")
    crime = story.crime(shop)
    invite(story, shop, crime)
    story.wait(hours=1)
    limit, to = story.order.messages.per_week_max, GUARDIAN
    for number in range(limit + 1):
        if number == limit and is_another:
            to = NEXT
            story.holds(shop.person_id, mobile_phone=NEXT, email="jo@example.test")
            invite(
                story,
                shop,
                story.details_changed(crime, shop.written(told_instead=told(NEXT, "Jo"))),
                told(NEXT, "Jo"),
            )
        text(story, shop, story.deployed(crime), to)
        story.wait(hours=2)

    too_many = [each for each in story.harms() if each[1:4:2] == ("noise", "JOUR-02")]
    assert too_many == ([] if is_another else [fail("noise", "JOUR-02")])


@pytest.mark.parametrize(
    ("changes", "named", "requirement"),
    [
        ({"kind": "organisation", "organisation_name": "Kiln Lane"}, "Kiln Lane", "WHO-02"),
        ({"has_died": True}, "Robin", "SAFE-03"),
        ({"born": date(2012, 5, 1)}, "Robin", "SAFE-05"),
    ],
)
@either_way
def test_a_message_speaks_to_the_person_who_is_told(
    *, correlates: bool, changes: dict[str, Any], named: str, requirement: str
) -> None:
    """By their own name or none, and never by the victim's."""
    story = Story(correlates=correlates, phase=2)
    robin = for_another(story, **changes)
    crime = story.crime(robin)
    invite(story, robin, crime)
    news = story.deployed(crime)
    text(story, robin, news)
    spoken_to = [*story.records]
    story.message(robin, "email", news, to="priya@example.test", body="Hello Priya, an update.")
    rightly = story.harms()
    story.records[:] = spoken_to
    story.message(robin, "email", news, to="priya@example.test", body=f"Hello {named}, an update.")

    assert rightly == []
    assert story.harms() == [fail("disclosed", requirement)]


@pytest.mark.parametrize("is_before", [True, False])
@either_way
def test_a_marker_holds_for_every_crime_of_a_victim(*, correlates: bool, is_before: bool) -> None:
    """In either order of the crimes; and not for a crime that they only witnessed."""
    story = Story(correlates=correlates)
    alex, sam = story.person(), story.person("Sam")
    abuse: dict[str, Any] = {"safeguarding": ("domestic_abuse",)}
    witness = sam.written(role="witness")
    if is_before:
        story.crime(alex, witness, **abuse)
    crime = story.crime(alex, sam)
    story.invite(sam, crime)
    if not is_before:
        story.invite(alex, crime)
        story.crime(alex, witness, **abuse)
    story.task(alex, crime, kind="sensitive_contact")
    news = story.deployed(crime)
    story.tell(sam, news)

    assert story.harms() == []

    story.tell(alex, news, by=("text",))

    # By address nobody can tell of which of the two it is.
    assert kinds(story.harms()) == [("FAIL", "disclosed", "portal")]
    assert correlates <= (story.harms() == [fail("disclosed", "SAFE-06")])


@pytest.mark.parametrize("born", [None, date(1970, 1, 1)], ids=["blank", "another"])
@pytest.mark.parametrize("is_reported", [False, True])
def test_what_a_record_forbids_ends_for_those_whom_it_was_alike_to(
    born: date | None, *, is_reported: bool
) -> None:
    """It is put right, with another date of birth, in one event: they may be told again."""
    story = Story()
    alex, twin = story.person(channels=("text",)), story.person(channels=("text",))
    own, other = story.crime(alex), story.crime(twin)
    story.invite(alex, own)
    story.invite(twin, other)
    story.details_changed(other, twin.written(has_died=True))
    story.wait(hours=1)
    right = twin.written(born=born)
    if is_reported:
        report = IncidentReported(
            crime_reference="43261111111",
            force="thames_valley",
            received_at=story.now,
            victim=right.record,
        )
        story.happens(report)
    else:
        story.details_changed(other, right)
    story.tell(alex, story.deployed(own))

    assert [each for each in story.harms() if each[1] == "disclosed"] == []


def test_of_a_person_who_died_by_another_record_it_may_be_asked_who_is_told() -> None:
    """Nobody can speak to them; to a person whom it is not safe to write to an officer can."""
    not_asked = [fail("lost", "SAFE-06")]
    for flag, harms in (({"has_died": True}, []), ({"safe_to_contact": False}, not_asked)):
        story = Story()
        alex, twin = story.person(), story.person()
        own, other = story.crime(alex), story.crime(twin)
        story.invite(alex, own)
        story.invite(twin, other)
        story.wait(hours=1)
        story.details_changed(other, twin.written(**flag))
        for person, crime in ((alex, own), (twin, other)):
            story.task(person, crime, kind="who_is_told")

        assert story.harms() == harms


@either_way
def test_a_flag_holds_for_every_record_of_a_person(*, correlates: bool) -> None:
    """Forces match by name and birthday; another birthday is another person."""
    for born, harms in ((date(1984, 5, 1), [fail("disclosed", "SAFE-06")]), (None, [])):
        story = Story(correlates=correlates)
        alex = story.person()
        crime = story.crime(alex)
        story.invite(alex, crime)
        story.crime(story.person(born=born, safe_to_contact=False))
        if born:
            story.task(alex, crime, kind="sensitive_contact")
        story.tell(alex, story.deployed(crime))

        assert set(story.harms()) == set(harms)


@given(st.integers(0, 30))
def test_whatever_the_day_the_task_is_owed_once(days: int) -> None:
    """However long the evidence goes on after a birthday, one task meets it."""
    story = Story()
    robin = for_another(story, born=date(2008, 6, 4))
    crime = story.crime(robin)
    invite(story, robin, crime)
    story.until(story.now + timedelta(days=3))
    story.task(robin, crime, kind="who_is_told")
    story.wait(days=days)
    story.note(crime, "later")

    assert story.harms() == []


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(("Robin", " ROBIN ", "Sam", ""))))
)
def test_records_are_alike_by_what_was_written_last_of_each(written: list[tuple[str, str]]) -> None:
    """What an older record said joins nobody: all is as if only the newest had been written."""
    at, register, newest = datetime(2026, 5, 18, tzinfo=UTC), EligibilityRegister(ORDER), {}
    for number, (person_id, name) in enumerate(written):
        newest[person_id] = VictimRecord(
            person_id=person_id,
            given_name=name,
            family_name="Nair",
            born=date(1990, 5, 1),
            safe_to_contact=True,
        )
        register.write(newest[person_id], at + timedelta(minutes=number))
    fresh = EligibilityRegister(ORDER)
    for record in newest.values():
        fresh.write(record, at)
    for person_id in (*newest, "a stranger"):
        assert register.of_one_name(person_id) == fresh.of_one_name(person_id)
        assert person_id in register.of_one_name(person_id)
