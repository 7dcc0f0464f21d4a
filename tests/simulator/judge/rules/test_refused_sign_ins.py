"""A victim with a good link, or known by their address, comes in with their proof."""

from datetime import date, timedelta

import pytest

from simulator.evidence.records import (
    GatewayCameBack,
    GatewayWentDown,
    LinkVisited,
    MessageReached,
    VictimRefused,
)
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.sign_ins import RIGHT, registered, tried
from tests.simulator.judge.story import Story, one_invited, with_the_phone_of

SHUT = fail("lost", "AUTH-02")
NOT_BACK = fail("lost", "AUTH-03")
LIFE = timedelta(days=ORDER.sign_in.invitation_days)
STEPS = ["invitation", "agreed_word", "one_time_code"]


def refused(story: Story, person: Person, step: str, *, link: str = "", address: str = "") -> None:
    """Have the portal refuse a person who came by a message's link, or from an address."""
    story.records.append(
        VictimRefused(
            at=story.now,
            person_id=person.person_id,
            step=step,
            invitation_id=link,
            address=address,
        )
    )


def invited() -> tuple[Story, Person, Happened, str]:
    """Tell of a victim who was invited by text, with the message's id."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    [link] = story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime, link


@pytest.mark.parametrize("step", STEPS)
def test_a_good_link_and_word_that_are_refused_are_a_harm(step: str) -> None:
    """At any step: the victim cannot read what is theirs."""
    story, alex, _crime, link = invited()
    refused(story, alex, step, link=link)

    assert story.harms() == [SHUT]


@pytest.mark.parametrize("step", STEPS)
def test_no_code_is_sent_while_the_gateway_is_down(step: str) -> None:
    """The portal may then refuse to go on from the proof; the link itself is good all the same."""
    story, alex, _crime, link = invited()
    story.records.append(GatewayWentDown(at=story.now))
    refused(story, alex, step, link=link)
    story.records.append(GatewayCameBack(at=story.now))

    assert story.harms() == ([SHUT] if step == "invitation" else [])


@pytest.mark.parametrize(("holders", "harms"), [(0, []), (1, [SHUT])])
def test_a_code_that_never_arrived_is_not_entered(holders: int, harms: list[Harmed]) -> None:
    """The portal sent it to the victim's own number, and it failed on the way."""
    story, alex, _crime, link = invited()
    story.begins_to_sign_in(alex)
    sent = story.message(alex, "text", body="······ is your code", carries="one_time_code")
    story.records.append(MessageReached(at=story.now, message_id=sent, holders=holders))
    refused(story, alex, "one_time_code", link=link)

    assert story.harms() == harms


def test_what_the_evidence_does_not_say_is_not_judged() -> None:
    """A refusal without a link or address may be of a wrong word or an old link."""
    story, alex, _crime, _link = invited()
    refused(story, alex, "agreed_word")
    refused(story, alex, "writing")

    assert story.harms() == []


def test_a_link_works_once_and_for_its_life() -> None:
    """A used link, or one too old by a second, is refused rightly."""
    story, alex, _crime, link = invited()
    story.signs_in(alex)
    refused(story, alex, "invitation", link=link)

    assert story.harms() == []

    for seconds, harms in ((-1, [SHUT]), (0, [])):
        story, alex, _crime, link = invited()
        story.until(story.now - timedelta(hours=1) + LIFE + timedelta(seconds=seconds))
        refused(story, alex, "invitation", link=link)

        assert story.harms(end=story.now) == harms


def test_a_newer_invitation_ends_the_link_of_an_older_one() -> None:
    """A text and an email at once are both good, and using one uses up both."""
    story = Story()
    alex = story.person(channels=BOTH)
    text, email = story.invite(alex, story.crime(alex))
    refused(story, alex, "agreed_word", link=text)
    refused(story, alex, "invitation", link=email)

    assert story.harms() == [SHUT]

    story, alex, _crime, old = invited()
    story.invite(alex, story.crime(alex))
    refused(story, alex, "invitation", link=old)

    assert story.harms() == []


def test_a_link_is_the_persons_it_was_for() -> None:
    """Another person at that phone does not have the word; a link they used up is used up."""
    story, alex, _crime, link = invited()
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.known.mobile_phone)
    refused(story, sam, "agreed_word", link=link)
    refused(story, alex, "invitation", link=link)

    assert story.harms() == []


def test_a_person_who_may_no_longer_be_told_is_kept_out_rightly() -> None:
    """After a late flag their link has ended."""
    story, alex, crime, link = invited()
    story.details_changed(crime, alex.written(safe_to_contact=False))
    refused(story, alex, "invitation", link=link)

    assert story.harms() == []


def test_a_code_that_went_to_a_wrong_number_is_the_contact_datas() -> None:
    """The link came by email; the code may rightly have gone to the number that is recorded."""
    story = Story()
    story.stranger(mobile_phone="07700900555")
    alex = story.person(channels=BOTH, mobile_phone="07700900555")
    _text, email = story.invite(alex, story.crime(alex))
    refused(story, alex, "one_time_code", link=email)

    assert [each for each in story.harms() if each[0] == "FAIL"] == []


def test_a_registered_victim_comes_back_by_their_address() -> None:
    """Not before they registered, and not by an address they do not use."""
    story, alex, _crime, _link = invited()
    refused(story, alex, "agreed_word", address=alex.known.mobile_phone)

    assert story.harms() == []

    story.signs_in(alex)
    story.wait(hours=1)
    refused(story, alex, "agreed_word", address=alex.known.email)
    refused(story, alex, "agreed_word", address="07700900999")

    assert story.harms() == []

    refused(story, alex, "agreed_word", address=alex.known.mobile_phone)

    assert story.harms() == [NOT_BACK]
    assert story.judged().findings[0].at == story.now


def test_of_two_who_share_an_address_neither_need_be_told_apart() -> None:
    """They may have chosen the same word."""
    story, alex, _crime, _link = invited()
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.known.mobile_phone)
    story.invite(sam, story.crime(sam))
    story.signs_in(alex)
    refused(story, alex, "agreed_word", address=alex.known.mobile_phone)

    assert "AUTH-03" not in {each[3] for each in story.harms()}


def test_a_signed_in_victim_reads_their_own() -> None:
    """A refusal just after they came in is a harm; later the session may be over."""
    story, alex, _crime = one_invited(phase=3)
    story.signs_in(alex)
    refused(story, alex, "reading")
    refused(story, alex, "reading the conversation")

    assert story.harms() == [fail("lost", "CASE-01"), fail("lost", "TWO-04")]

    story, alex, _crime = one_invited(phase=3)
    story.signs_in(alex)
    story.wait(hours=2)
    refused(story, alex, "reading")

    assert story.harms() == []


def without_the_task(story: Story) -> list[Harmed]:
    """Give the harms but that nobody was told of the lock-out, which is another rule's."""
    return [each for each in story.harms() if each[3] != "COERCE-02"]


def test_a_right_answer_within_the_attempts_is_accepted() -> None:
    """Refused after one wrong answer fewer than the order allows, it is a harm; after all, none."""
    most = ORDER.sign_in.attempts_max
    for wrong, harms in ((most - 1, [fail("lost", "AUTH-14")]), (most, [])):
        story, alex, address = registered()
        guesses = [("proof", "another one")] * wrong
        tried(story, alex, *guesses, ("proof", ""), address=address, let_in=False)

        assert without_the_task(story) == harms


def test_wrong_answers_before_may_lock_a_person_out() -> None:
    """Of another sign-in, at that address or by their link: for a day at most."""
    story, alex, address = registered()
    guesses = [("proof", "another one")] * ORDER.sign_in.attempts_max
    tried(story, alex, *guesses, address=address, let_in=False)
    tried(story, alex, ("proof", ""), address=address, let_in=False)

    assert without_the_task(story) == []


def test_a_code_that_came_in_time_is_accepted_until_its_time_is_over() -> None:
    """A second before it is too old a refusal is a harm; when it is as old as that, none."""
    life = timedelta(minutes=ORDER.sign_in.code_minutes)
    for age, harms in ((life - timedelta(seconds=1), [fail("lost", "AUTH-14")]), (life, [])):
        story, alex, address = registered()
        sent = story.now
        story.until(sent + age)
        tried(story, alex, *RIGHT, address=address, code_sent_at=sent, let_in=False)

        assert story.harms() == harms


def test_a_mail_scanners_visit_uses_nothing_up() -> None:
    """The link that it fetched still works."""
    story, alex, _crime, link = invited()
    story.records.append(LinkVisited(at=story.now, person_id=alex.person_id, invitation_id=link))
    tried(story, alex, link=link, let_in=False)

    assert story.harms() == [fail("lost", "INV-02")]


def test_without_the_gateway_no_code_can_be_sent() -> None:
    """The portal cannot let the victim in."""
    story, alex, _crime, link = invited()
    story.records.append(GatewayWentDown(at=story.now))
    refused(story, alex, "agreed_word", link=link)
    tried(story, alex, ("proof", ""), link=link, let_in=False)

    assert story.harms(end=story.now) == []


def test_a_session_may_end_where_an_address_is_disowned() -> None:
    """The portal cannot know which of two people is signed in: they can come in again."""
    story, alex, _crime = one_invited(channels=BOTH)
    story.signs_in(alex)
    story.says_not_for_me(alex.known.mobile_phone)
    refused(story, alex, "reading")

    assert "CASE-01" not in {each[3] for each in story.harms()}

    story.signs_in(alex)
    refused(story, alex, "reading")

    assert "CASE-01" in {each[3] for each in story.harms()}


@pytest.mark.parametrize(
    ("how", "minutes", "harms"),
    [
        ("text", 60, [fail("lost", "NOTME-07")]),
        ("text", 0, []),
        ("link", 60, []),
        ("link, then text", 60, []),
        ("text, then link", 60, []),
    ],
)
def test_a_text_that_anybody_can_send_shuts_nobody_out(
    how: str, minutes: int, harms: list[Harmed]
) -> None:
    """A minute later they come in again; a link, which only the holder has, shuts the number."""
    story, alex, _number = registered()
    for each in how.split(", then "):
        if each == "text":
            story.texts(alex.known.mobile_phone, "NOT ME")
        else:
            story.says_not_for_me(alex.known.mobile_phone)
    story.wait(minutes=minutes)
    tried(story, alex, *RIGHT[:-1], address=alex.known.mobile_phone, let_in=False)

    assert [each for each in story.harms() if each[3] in ("AUTH-03", "NOTME-07")] == harms


@pytest.mark.parametrize("is_cancelled", [True, False])
@pytest.mark.parametrize("is_at_one_number", [True, False])
def test_a_session_by_the_number_of_two_records_may_end_with_either(
    *, is_at_one_number: bool, is_cancelled: bool
) -> None:
    """A person comes in by one of their records there, and only the portal knows by which."""
    story = Story()
    alex = story.person(channels=("text",))
    number = alex.record.mobile_phone if is_at_one_number else "07700900777"
    twice = story.person(channels=("text",), mobile_phone=number)
    story.holds(twice.person_id, mobile_phone=number)
    story.invite(alex, story.crime(alex))
    crime = story.crime(twice)
    story.invite(twice, crime)
    story.signs_in(alex)
    if is_cancelled:
        story.cancelled(crime)
    else:
        story.reclassified(crime, "Miscellaneous crimes against society")
    refused(story, alex, "reading")

    assert ("CASE-01" in {each[3] for each in story.harms()}) == (not is_at_one_number)


def test_a_session_by_the_number_of_two_records_goes_on_while_each_is_told_of_a_crime() -> None:
    """One of their crimes was cancelled, and their other record is told of one still."""
    story = Story()
    alex = story.person(channels=("text",))
    twice = story.person(channels=("text",), mobile_phone=alex.record.mobile_phone)
    story.holds(twice.person_id, mobile_phone=alex.record.mobile_phone)
    story.invite(alex, story.crime(alex))
    crime, other = story.crime(twice), story.crime(twice)
    for each in (crime, other):
        story.invite(twice, each)
    story.signs_in(alex)
    story.cancelled(crime)
    refused(story, alex, "reading")

    assert "CASE-01" in {each[3] for each in story.harms()}


def test_a_flag_ends_the_links_that_were_sent_before_it() -> None:
    """Lifted again, it need not make them good again; a link sent afterwards is good."""
    story, alex, crime, link = invited()
    story.details_changed(crime, alex.written(safe_to_contact=False))
    story.wait(hours=1)
    story.details_changed(crime, alex)
    refused(story, alex, "invitation", link=link)

    assert story.harms() == []

    second = story.crime(alex)
    [newer] = story.invite(alex, second)
    refused(story, alex, "invitation", link=newer)

    assert story.harms() == [SHUT]


@pytest.mark.parametrize(("minutes", "harms"), [(0, []), (9 * 60, [SHUT])])
def test_a_link_may_end_when_its_address_leaves_the_record(
    minutes: int, harms: list[Harmed]
) -> None:
    """It need not be good again until another may have come, in the morning."""
    story, alex, crime, link = invited()
    story.until(story.now.replace(hour=23))
    story.details_changed(crime, alex.written(mobile_phone=""))
    story.wait(minutes=1)
    story.details_changed(crime, alex)
    story.wait(minutes=minutes)
    refused(story, alex, "invitation", link=link)

    assert [each for each in story.harms() if each == SHUT] == harms


def test_a_link_to_an_address_of_two_may_be_the_other_persons() -> None:
    """Without correlation nothing tells whose it is; with it a refusal of their own is a harm."""
    for correlates, harms in ((False, []), (True, [SHUT])):
        story = Story(correlates=correlates)
        alex = story.person(channels=("text",))
        sam = with_the_phone_of(story, alex)
        [link] = story.invite(alex, story.crime(alex))
        story.invite(sam, story.crime(sam))
        refused(story, alex, "agreed_word", link=link)

        assert [each for each in story.harms() if each == SHUT] == harms


@pytest.mark.parametrize("is_same_person", [True, False])
def test_who_comes_in_by_another_record_of_theirs_has_used_this_link_up_or_not(
    *, is_same_person: bool
) -> None:
    """They came in by both records, at one phone; a stranger's sign-in uses nobody's link up."""
    story = Story()
    alex = story.person(channels=("text",), born=date(1990, 1, 1))
    phone = alex.known.mobile_phone
    lex = story.person(
        "Alex" if is_same_person else "Sam",
        channels=("text",),
        born=date(1990, 1, 1),
        mobile_phone=phone,
    )
    story.holds(lex.person_id, mobile_phone=phone)
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    [link] = story.invite(lex, other)
    story.wait(hours=1)
    tried(story, alex, *RIGHT, address=phone)
    story.wait(hours=1)
    refused(story, lex, "invitation", link=link)

    assert story.harms() == ([] if is_same_person else [SHUT])


@pytest.mark.parametrize("has_died", [True, False])
def test_a_merger_that_is_held_may_shut_out_while_a_record_alike_to_the_other_forbids(
    *, has_died: bool
) -> None:
    """The record that is alike says that the person died; if it does not, it shuts nobody out."""
    story = Story()
    alex, dead = story.person(channels=()), story.person(channels=(), has_died=has_died)
    lex = story.person("Lex", channels=("text",))
    crimes = [story.crime(each) for each in (alex, dead, lex)]
    story.invite(lex, crimes[2])
    story.signs_in(lex)
    story.wait(hours=1)
    story.persons_merged(crimes[2], lex, alex)
    story.wait(hours=1)
    refused(story, lex, "agreed_word", address=lex.record.mobile_phone)

    found = [each for each in story.harms() if each[3] == "AUTH-03"]
    assert found == ([] if has_died else [NOT_BACK])


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_who_is_told_of_no_crime_for_a_moment_has_no_session(*, is_cancelled: bool) -> None:
    """One crime was cancelled and the other excluded; while the first goes on, the session does."""
    story = Story()
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    if is_cancelled:
        story.cancelled(crime)
    story.signs_in(alex)
    story.reclassified(other, "Miscellaneous crimes against society")
    story.tell(alex, story.crime(alex))
    refused(story, alex, "reading")

    shut_out = [each for each in story.harms() if each[3] in {"AUTH-03", "CASE-01"}]
    assert bool(shut_out) == (not is_cancelled)
