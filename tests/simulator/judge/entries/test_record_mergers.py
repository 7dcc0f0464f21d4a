"""Records of persons are merged and taken apart: who is told, and what the force is asked."""

from datetime import date, timedelta
from typing import Literal

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

READ = "We have recorded it."


def two(
    *, same: bool = True, correlates: bool = True, born: date | None = None
) -> tuple[Story, Person, Person, Happened, Happened]:
    """Two records with a crime each: of one person, or of two who share a name."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    lex = story.person(channels=("text",), born=born)
    if same:
        story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
        story.signs_in(person)
    story.wait(hours=1)
    return story, alex, lex, crime, other


def merged(
    *, same: bool = True, correlates: bool = True
) -> tuple[Story, Person, Person, Happened, Happened]:
    """Two records that were merged two hours ago."""
    story, alex, lex, crime, other = two(same=same, correlates=correlates)
    story.persons_merged(other, lex, alex)
    story.wait(hours=2)
    return story, alex, lex, crime, other


@either_way
def test_news_of_both_goes_to_the_record_that_survives(*, correlates: bool) -> None:
    """Nothing is owed at the other's details, and nothing by the merger itself."""
    story, alex, _lex, crime, other = merged(correlates=correlates)
    story.tell(alex, story.deployed(other))
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))
    story.wait(hours=1)

    assert story.harms() == []


@pytest.mark.parametrize("is_sent", [True, False])
def test_an_invitation_that_waited_is_none_to_who_came_in_by_the_other_record(
    *, is_sent: bool
) -> None:
    """It waited for the morning: an update tells them of the crime instead."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.signs_in(alex)
    story.until(story.now.replace(hour=23))
    other = story.crime(lex)
    story.persons_merged(other, lex, alex)
    story.until(story.order.quiet_until(story.now))
    if is_sent:
        story.tell(alex, other)
    story.wait(hours=1)

    assert [harm[3] for harm in story.harms()] == ([] if is_sent else ["INV-01"])


def test_news_of_the_merged_record_is_owed() -> None:
    """A portal that tells nobody of it has lost it."""
    story, _alex, _lex, _crime, other = merged()
    story.deployed(other)
    story.wait(days=1)

    assert [harm for _kind, harm, *_rest in story.harms()] == ["lost"]


def test_the_survivor_reads_both_and_nobody_by_the_merged_record() -> None:
    """A session that was opened by the merged record shows nothing of the other."""
    story, alex, lex, crime, other = merged()
    for each in (crime, other):
        story.sees(alex, each, READ)

    assert story.harms() == []

    story.sees(lex, crime, READ)

    assert story.harms() == [fail("disclosed", "PERS-02")]


def test_of_a_crime_that_has_both_records_news_is_owed_once() -> None:
    """The record that survives is told of it, and no other."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime = story.crime(alex, lex)
    for person in (alex, lex):
        story.invite(person, crime)
    story.wait(hours=1)
    story.persons_merged(crime, lex, alex)
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))
    story.wait(days=1)

    assert story.harms() == []


@pytest.mark.parametrize("unsafe", [0, 1])
def test_what_is_unsafe_in_either_is_told_by_neither(unsafe: int) -> None:
    """The force is asked to tell the other, and a message all the same is a harm."""
    story, alex, lex, crime, other = two()
    people, crimes = (alex, lex), (crime, other)
    story.details_changed(crimes[unsafe], people[unsafe].written(safe_to_contact=False))
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.task(people[1 - unsafe], crimes[1 - unsafe], kind="sensitive_contact")
    story.wait(hours=1)
    told = story.deployed(crimes[1 - unsafe])
    story.wait(hours=1)

    assert story.harms() == []

    story.tell(alex, told)

    assert [harm for _kind, harm, *_rest in story.harms()] == ["disclosed"]


def test_stop_in_one_record_holds_for_the_other() -> None:
    """Nothing is owed by text any more, and a text is noise."""
    story, alex, lex, crime, other = two()
    story.chooses(lex)
    story.task(lex, other, kind="contact_ended")
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    told = story.deployed(crime)
    story.wait(hours=2)

    assert story.harms() == []

    story.tell(alex, told)

    assert fail("noise", "CONT-01") in story.harms()


@pytest.mark.parametrize("is_told", [True, False])
def test_what_a_record_ended_holds_for_those_merged_into_the_other(*, is_told: bool) -> None:
    """Also while the force is asked whether the two are one: what either ended holds for both."""
    story, alex, lex, own, other = two(born=date(1999, 1, 1))
    third = story.person(channels=("text",), born=date(1999, 1, 1))
    story.are_one(lex, third)
    crime = story.crime(third)
    story.invite(third, crime)
    story.persons_merged(crime, third, lex)
    story.chooses(alex)
    story.task(alex, own, kind="contact_ended")
    story.persons_merged(other, lex, alex)
    story.task(lex, other, kind="same_person_check")
    story.wait(hours=1)
    news = story.deployed(crime)
    if is_told:
        story.tell(lex, news)
    story.wait(hours=2)

    assert story.harms() == ([fail("noise", "CONT-01")] if is_told else [])


@pytest.mark.parametrize("is_asked", [True, False])
def test_records_that_differ_wait_for_the_force(*, is_asked: bool) -> None:
    """Each is told by their own details until the surviving record is written down again."""
    story, alex, lex, crime, other = two(born=date(1999, 1, 1))
    story.persons_merged(other, lex, alex)
    if is_asked:
        story.task(lex, other, kind="same_person_check")
    story.wait(hours=1)
    story.tell(lex, story.deployed(other))
    story.wait(hours=1)

    assert story.harms() == ([] if is_asked else [fail("lost", "PERS-04")])

    story.details_changed(crime, alex)
    story.wait(hours=1)
    story.tell(alex, story.deployed(other))
    story.sees(alex, other, READ)
    story.wait(hours=1)

    assert story.harms() == ([] if is_asked else [fail("lost", "PERS-04")])


def test_held_back_the_other_crime_is_not_theirs() -> None:
    """Until the force has looked."""
    story, alex, lex, _crime, other = two(born=date(1999, 1, 1))
    story.persons_merged(other, lex, alex)
    story.task(lex, other, kind="same_person_check")
    story.sees(alex, other, READ)

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_taken_back_each_reads_and_is_told_of_their_own() -> None:
    """A page of the other's, and a message to their phone, are harms."""
    story, alex, lex, crime, other = merged(same=False)
    story.persons_unmerged(other, lex)
    story.wait(hours=1)
    told = story.deployed(other)
    story.tell(lex, told)
    story.sees(alex, crime, READ)
    story.sees(lex, other, READ)
    story.wait(hours=1)

    assert story.harms() == []

    story.sees(alex, other, READ)
    story.message(lex, "text", told, to=alex.record.mobile_phone)

    assert fail("disclosed", "PERS-05") in story.harms()
    assert fail("misdirected", "PERS-05") in story.harms()


@pytest.mark.parametrize("has_come_in", [True, False])
def test_taken_back_a_record_that_nobody_came_in_by_may_be_invited_anew(
    *, has_come_in: bool
) -> None:
    """They share a mailbox that neither asked for: no portal need have let both in at once."""
    story = Story()
    alex = story.person(channels=("text",))
    again = story.person(channels=("text",), email=alex.record.email)
    story.are_one(alex, again)
    crime = story.crime(alex, again)
    for person in (alex, again):
        story.invite(person, crime)
    story.signs_in(alex)
    if has_come_in:
        story.signs_in(again)
    story.wait(hours=1)
    story.persons_merged(crime, again, alex)
    story.wait(hours=1)
    parted = story.persons_unmerged(crime, again)
    story.invite(again, parted)

    assert bool(story.harms()) is has_come_in


def test_after_that_what_comes_to_the_survivors_phone_is_the_survivors() -> None:
    """Advice for one; the other waits for news, and has a crime that was recorded since."""
    story = Story(phase=2, correlates=False, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime, other = (
        story.crime(alex),
        story.crime(lex, offence_subgroup="Robbery of personal property"),
    )
    story.invite(alex, crime)
    story.invite(lex, other)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    story.wait(days=ADVISES_CYCLISTS.journey.advice_after_days, hours=-2)
    since, news = story.crime(lex), story.deployed(other)
    story.invite(lex, since)
    story.tell(alex, crime)
    story.wait(hours=1)
    story.tell(lex, news)

    assert story.harms() == []


@pytest.mark.parametrize("has_come_in", [True, False])
def test_a_survivor_who_has_signed_in_needs_no_link_to_a_crime_of_the_other_record(
    *, has_come_in: bool
) -> None:
    """They come back by what they have; a survivor who never came in is invited."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    story.invite(lex, other)
    if has_come_in:
        story.signs_in(alex)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.tell(alex, story.crime(lex))
    story.wait(hours=1)

    assert ([] if has_come_in else [fail("lost", "INV-01")]) == [
        each for each in story.harms() if each[1] == "lost"
    ]


@pytest.mark.parametrize("is_asked", [True, False])
def test_what_was_sent_meanwhile_is_looked_into(*, is_asked: bool) -> None:
    """The message itself was the force's mistake."""
    story, alex, lex, _crime, other = merged(same=False)
    story.tell(alex, story.deployed(other))
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    if is_asked:
        story.task(lex, other, kind="breach")
    story.wait(hours=1)

    failed = [each for each in story.harms() if each[0] == "FAIL"]

    assert failed == ([] if is_asked else [fail("lost", "PERS-06")])


@pytest.mark.parametrize("is_asked", [True, False])
def test_what_was_merged_into_a_parted_record_goes_with_it(*, is_asked: bool) -> None:
    """Its news goes to that record and to no other, and what went to the other is looked into."""
    story, alex, lex, _crime, other = two(same=False)
    robin = story.person(channels=("text",))
    third = story.crime(robin)
    story.invite(robin, third)
    story.signs_in(robin)
    story.wait(hours=1)
    story.persons_merged(third, robin, lex)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=2)
    story.tell(alex, story.deployed(third))
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    if is_asked:
        story.task(robin, third, kind="breach")
    story.wait(hours=1)
    told = story.deployed(third)
    story.tell(lex, told)
    story.wait(hours=1)
    expected = [] if is_asked else [fail("lost", "PERS-06")]

    assert [each for each in story.harms() if each[0] == "FAIL"] == expected

    story.sees(alex, third, READ)
    story.message(robin, "text", told, to=alex.record.mobile_phone)

    assert fail("disclosed", "PERS-05") in story.harms()
    assert fail("misdirected", "PERS-05") in story.harms()


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("is_disowned", [True, False])
def test_the_force_looks_into_it_in_time_to_report_it(more: int, *, is_disowned: bool) -> None:
    """A second more is too long; of a number that was disowned too it cannot be told which."""
    story, alex, lex, _crime, other = merged(same=False)
    story.tell(alex, story.deployed(other))
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    if is_disowned:
        story.says_not_for_me(lex.record.mobile_phone, by="address")
    hours = timedelta(hours=story.order.deadlines.breach_hours)
    story.task(lex, other, kind="breach", due_at=story.now + hours + timedelta(seconds=more))
    story.wait(hours=1)
    late = fail("late", "NOTME-02" if is_disowned else "PERS-06")

    assert [each for each in story.harms() if each[1] == "late"] == [late] * more


def test_a_merger_that_was_taken_back_already_does_nothing() -> None:
    """The newer fact stands."""
    story, alex, lex, _crime, other = two()
    late = story.persons_merged(other, lex, alex, deliver=False)
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    story.deliver(late)
    story.sees(alex, other, READ)

    assert story.harms() == [fail("disclosed", "PRIV-03")]


@pytest.mark.parametrize("is_of_both", [True, False])
def test_advice_on_a_crime_of_both_was_the_survivors_own(*, is_of_both: bool) -> None:
    """Two messages at once to the surviving record; one on the other's own crime is a breach."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    other = story.crime(lex)
    story.invite(lex, other)
    story.signs_in(lex)
    crime, shared = story.crime(alex), story.crime(alex, lex)
    for each in (crime, shared):
        story.invite(alex, each)
    story.wait(hours=1)
    story.tell(lex, shared)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(days=ADVISES_CYCLISTS.journey.advice_after_days)
    for each in (crime, shared) if is_of_both else (crime, other):
        story.tell(alex, each)
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    story.wait(hours=1)

    failed = [each for each in story.harms() if each[0] == "FAIL"]

    assert failed == ([] if is_of_both else [fail("lost", "PERS-06")])


@pytest.mark.parametrize("times", [1, 2])
def test_news_that_none_named_is_not_advice_on_a_crime_of_the_merged_record(times: int) -> None:
    """A reply told it too; advice on the other's crime is due, and comes once."""
    story = Story(phase=3, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    story.invite(alex, story.crime(alex, offence_subgroup="Criminal damage"))
    story.signs_in(alex)
    other = story.crime(lex, offence_subgroup="Bicycle theft")
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.tell(alex, other)
    deployed = story.deployed(other)
    story.wait(hours=1)
    story.tell(alex, deployed)
    story.wait(days=2)
    shared = story.crime(lex, alex, offence_subgroup="Criminal damage")
    story.tell(alex, story.replied(shared, alex))
    story.wait(hours=1)
    story.tell(alex, shared)
    for _time in range(times):
        story.wait(hours=1)
        story.tell(alex, deployed)

    assert story.harms() == ([] if times == 1 else [fail("duplicated", "ONCE-01")])


def test_advice_by_a_new_channel_is_each_for_who_is_told_of_the_crime() -> None:
    """The survivor may be invited there anew; the advice on a crime of both is theirs already."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",), email=""), story.person(channels=("text",))
    story.are_one(alex, lex)
    other, crime, shared = story.crime(lex), story.crime(alex), story.crime(alex, lex)
    story.persons_merged(other, lex, alex)
    for each in (other, crime, shared):
        story.invite(alex, each)
    story.wait(hours=1)
    both = alex.written(preferred_channels=("text", "email"), email=alex.known.email)
    story.details_changed(crime, both)
    story.wait(days=ADVISES_CYCLISTS.journey.advice_after_days)
    for each in (shared, other, crime):
        story.tell(both, each)

    assert story.harms() == []


@pytest.mark.parametrize("was_invited", [True, False])
def test_invited_before_a_merger_that_was_taken_back_a_record_found_safe_need_not_be_again(
    *, was_invited: bool
) -> None:
    """It was not safe to tell them then; who was never invited is owed an invitation now."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    unsafe = lex.written(safe_to_contact=False)
    crime, other = story.crime(alex), story.crime(lex if was_invited else unsafe)
    story.invite(alex, crime)
    if was_invited:
        story.invite(lex, other)
        story.wait(hours=1)
        story.details_changed(other, unsafe)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.persons_unmerged(other, lex)
    story.wait(hours=1)
    story.details_changed(other, lex)
    story.wait(hours=1)

    lost = [each for each in story.harms() if each[3] == "INV-01"]
    assert bool(lost) is not was_invited


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_channel_that_was_ended_and_approved_since_may_have_ended_for_the_other(
    *, is_approved: bool
) -> None:
    """An officer may have asked them; without that it has ended for both."""
    story = Story()
    alex, lex = story.person(), story.person("Lex", channels=("email",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.chooses(alex, "text")
    story.task(alex, crime, kind="contact_ended")
    if is_approved:
        story.details_changed(crime, alex.written(safe_channel="email"))
    other = story.crime(lex)
    story.persons_merged(other, lex, alex)
    story.task(lex, other, kind="same_person_check")
    story.invite(lex, other)

    found = [each for each in story.harms() if each[3] == "CONT-01"]
    assert found == ([] if is_approved else [fail("noise", "CONT-01")])


@pytest.mark.parametrize("is_merged", [True, False])
def test_the_weekly_limit_may_count_what_went_to_either_of_two_merged_records(
    *, is_merged: bool
) -> None:
    """It is for a person; two people have a week each."""
    story = Story(phase=2)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
        story.signs_in(person)
    for _time in range(story.order.messages.per_week_max):
        story.wait(hours=1)
        story.tell(lex, story.deployed(other))
    story.wait(minutes=1)
    if is_merged:
        story.persons_merged(crime, alex, lex)
    news = story.deployed(crime)
    story.wait(hours=2)
    if is_merged:
        story.persons_unmerged(crime, alex)
    story.tell(alex, news)

    found = [each for each in story.harms() if each[1] == "late"]
    assert found == ([] if is_merged else [fail("late", "MSG-02")])


@pytest.mark.parametrize("is_asked", [True, False])
def test_of_a_child_who_died_by_a_record_merged_with_theirs_it_is_asked_once(
    *, is_asked: bool
) -> None:
    """Who is told is the same question; not asked at all, it is lost."""
    story = Story()
    alex = story.person(born=date(2020, 5, 1))
    lex = story.person("Lex", born=date(2020, 5, 1), has_died=True)
    crime, other = story.crime(alex), story.crime(lex)
    if is_asked:
        story.task(alex, crime, kind="who_is_told")
    story.task(lex, other, kind="who_is_told")
    story.persons_merged(other, lex, alex)
    story.task(lex, other, kind="same_person_check")
    story.wait(hours=1)

    assert bool([each for each in story.harms() if each[1] == "lost"]) == (not is_asked)


@pytest.mark.parametrize("has_died", [True, False])
def test_while_a_merger_is_held_a_record_alike_to_the_other_may_forbid_this_one(
    *, has_died: bool
) -> None:
    """The careful portal tells nothing until the merger is taken back."""
    story = Story()
    alex = story.person(born=date(1980, 5, 1))
    dead = story.person(born=date(1980, 5, 1), has_died=has_died, channels=("text",))
    lex = story.person("Lex", channels=("text",))
    crimes = [story.crime(each) for each in (alex, dead, lex)]
    for person, crime in zip((alex, dead, lex), crimes, strict=True):
        if person is lex or not has_died:
            story.invite(person, crime)
    story.persons_merged(crimes[2], lex, alex)
    news = story.deployed(crimes[2])
    story.wait(days=1)
    story.persons_unmerged(crimes[2], lex)
    story.tell(lex, news)

    found = [each for each in story.harms() if each[1] == "late"]
    assert found == ([] if has_died else [fail("late", "MSG-02")])


@pytest.mark.parametrize("is_merged", [True, False])
@pytest.mark.parametrize("carries", ["", "invitation"])
def test_an_invitation_that_waited_when_records_were_merged_may_go_once_they_are_parted(
    carries: Literal["", "invitation"], *, is_merged: bool
) -> None:
    """To who has come in it may be news. A second one, after the first went, is too many."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime = story.crime(alex, lex)
    for each in (alex, lex):
        story.invite(each, crime)
    story.wait(hours=1)
    other = story.crime(alex, lex)
    story.invite(alex, other)
    story.signs_in(lex)
    story.wait(minutes=1)
    if is_merged:
        story.persons_merged(crime, lex, alex)
        story.wait(minutes=1)
        story.persons_unmerged(crime, lex)
    else:
        story.invite(lex, other)
    story.message(lex, "text", other, carries=carries)

    found = [each for each in story.harms() if each[3] == "ONCE-01"]
    assert bool(found) == (not is_merged)


@pytest.mark.parametrize("sent_to", ["survivor", "own"])
def test_what_went_to_the_survivor_filled_no_week_of_the_person_parted_from_it(
    sent_to: Literal["survivor", "own"],
) -> None:
    """At most so many a week is for a person: at their own phone too many are too many."""
    story = Story(phase=2)
    alex, lex = (story.person(channels=("text",)) for _ in range(2))
    crime, other = story.crime(alex), story.crime(lex)
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
        story.signs_in(person)
    story.wait(hours=1)
    if sent_to == "survivor":
        story.persons_merged(other, lex, alex)
    for _ in range(ORDER.messages.per_week_max):
        story.wait(hours=1)
        story.tell(alex if sent_to == "survivor" else lex, story.deployed(other))
    story.wait(hours=1)
    if sent_to == "survivor":
        story.persons_unmerged(other, lex)
        story.task(lex, other, kind="breach")
    story.wait(hours=1)
    story.tell(lex, story.deployed(other))

    too_many = [each for each in story.harms() if each[3] == "JOUR-02"]
    assert too_many == ([] if sent_to == "survivor" else [fail("noise", "JOUR-02")])


@pytest.mark.parametrize("times", [1, 2])
def test_each_of_two_crimes_that_a_merger_opens_may_have_its_own_first_word(times: int) -> None:
    """A message about the one may tell of both, and the other's goes in the same moment, once."""
    story = Story()
    alex = story.person(channels=("text",))
    lex = story.person(channels=("text",)).written(safe_to_contact=None)
    story.are_one(alex, lex)
    story.invite(alex, story.crime(alex))
    story.signs_in(alex)
    first = story.crime(lex)
    transferred = story.transferred(first)
    story.wait(hours=1)
    second = story.crime(lex)
    story.wait(hours=1)
    story.persons_merged(second, lex, alex)
    story.tell(alex, transferred)
    for _time in range(times):
        story.tell(alex, second)

    assert story.harms() == ([] if times == 1 else [fail("duplicated", "ONCE-01")])
