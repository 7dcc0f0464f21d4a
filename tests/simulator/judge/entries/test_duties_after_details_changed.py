"""Details that are recorded anew: they are used from then on, or stop what they must stop."""

from datetime import UTC, datetime, timedelta

import pytest

from reference.contract.events import IncidentReported
from tests.simulator.judge.expected import fail, kinds
from tests.simulator.judge.story import Story, either_way, one_invited

SILENCE = [fail("lost", "MSG-01")]
OLD = "07700900555"


@either_way
def test_mended_details_are_used(*, correlates: bool) -> None:
    """Once the number stands in its field the victim is invited."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex.written(mobile_phone="", other_phone=alex.known.mobile_phone))
    story.task(alex, crime)
    story.wait(hours=3)
    mended = story.details_changed(crime, alex)

    assert kinds(story.harms()) == [("FAIL", "lost", "portal")]

    story.invite(alex, mended)

    assert story.harms() == []


@either_way
def test_details_mended_at_once_need_no_look(*, correlates: bool) -> None:
    """They were corrected and used before the force had to be asked."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex.written(mobile_phone="N/A"))
    story.wait(minutes=5)
    mended = story.details_changed(crime, alex)
    story.invite(alex, mended)

    assert story.harms() == []


@either_way
def test_a_mended_bounce_is_told(*, correlates: bool) -> None:
    """The invitation never arrived: with the right number the victim is owed one, and gets it."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex.written(mobile_phone=OLD))
    [message] = story.invite(alex.written(mobile_phone=OLD), crime)
    story.wait(minutes=1)
    story.receipt(message)
    story.task(alex, crime)
    story.wait(hours=3)
    mended = story.details_changed(crime, alex)
    silent = story.harms()
    story.invite(alex, mended)

    assert story.harms() == []
    assert kinds(silent) == [("FAIL", "lost", "portal")]


@either_way
def test_a_bounce_from_an_address_already_mended_changes_nothing(*, correlates: bool) -> None:
    """A receipt may come hours late: the new number still works, and needs no look."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    story.holds(alex.person_id, mobile_phone=OLD)
    before = alex.written(mobile_phone=OLD)
    crime = story.crime(before)
    story.invite(before, crime)
    story.wait(hours=1)
    [message] = story.tell(before, story.deployed(crime))
    story.wait(minutes=30)
    story.details_changed(crime, alex)
    news = story.deployed(crime)
    story.wait(minutes=1)
    story.receipt(message)
    story.tell(alex, news)

    assert story.harms() == []

    story.records.pop()

    assert story.harms() == SILENCE


@either_way
def test_a_first_invitation_by_a_mended_channel_is_no_duplicate(*, correlates: bool) -> None:
    """Invited by email, the victim may be invited by text once there is a number for it."""
    story = Story(correlates=correlates)
    alex = story.person()
    unusable = alex.written(mobile_phone="N/A")
    crime = story.crime(unusable)
    story.invite(unusable, crime, by=("email",))
    story.task(alex, crime)
    story.wait(hours=3)
    mended = story.details_changed(crime, alex)
    story.invite(alex, mended, by=("text",))

    assert story.harms() == []


@either_way
def test_who_never_came_in_may_be_invited_where_they_are(*, correlates: bool) -> None:
    """A stranger had the number, unknown to the portal: at the right one it is no duplicate."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    wrong = alex.written(mobile_phone=OLD)
    crime = story.crime(wrong)
    story.invite(wrong, crime)
    story.wait(hours=3)
    mended = story.details_changed(crime, alex)
    known = story.harms()
    story.invite(alex, mended)

    assert story.harms() == known

    story.wait(hours=1)
    story.invite(alex, mended)

    assert kinds(story.harms()) == [*kinds(known), ("FAIL", "duplicated", "portal")]


@either_way
def test_a_channel_no_longer_wanted_is_owed_nothing(*, correlates: bool) -> None:
    """What waited for the morning goes by the channels that the victim has in the morning."""
    story = Story(correlates=correlates)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.until(story.now.replace(hour=22))
    news = story.deployed(crime)
    story.details_changed(crime, alex.written(preferred_channels=("email",)))
    story.wait(hours=9)
    story.tell(alex, news, by=("email",))

    assert story.harms() == []


@either_way
def test_new_details_do_not_settle_what_is_owed(*, correlates: bool) -> None:
    """A name is corrected while news of one crime waits: it stays owed.

    The victim's other crime is one that nobody is told of: that says nothing of this one.
    """
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    story.crime(alex, offence_subgroup="Fraud")
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.wait(minutes=5)
    story.details_changed(crime, alex.written(family_name="Blyth"))

    assert story.harms() == SILENCE

    story.tell(alex, news)

    assert story.harms() == []


@either_way
def test_a_flag_added_late_stops_everything(*, correlates: bool) -> None:
    """From then on nothing is owed, not even what waited, and any message is a harm."""
    story = Story(phase=2, correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    waiting = story.deployed(crime)
    story.wait(minutes=5)
    story.details_changed(crime, alex.written(safe_to_contact=False))
    story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, waiting)

    assert kinds(story.harms()) == [("FAIL", "disclosed", "portal")]


@either_way
def test_a_victim_found_safe_is_invited(*, correlates: bool) -> None:
    """Filling in the blank opens the portal to them."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex.written(safe_to_contact=None))
    story.wait(hours=3)
    found_safe = story.details_changed(crime, alex)

    assert kinds(story.harms()) == [("FAIL", "lost", "portal")]

    story.invite(alex, found_safe)

    assert story.harms() == []


@either_way
def test_details_of_a_known_person_do_not_wait_for_a_crime(*, correlates: bool) -> None:
    """What forbids telling a person applies to all their crimes, wherever it was recorded."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    unknown = story.crime(alex, deliver=False)
    story.wait(hours=1)
    story.details_changed(unknown, alex.written(safe_to_contact=False))
    story.tell(alex, story.deployed(crime))

    assert fail("disclosed", "SAFE-02") in story.harms()


@either_way
def test_what_waited_for_a_number_may_go_to_the_mailbox_instead(*, correlates: bool) -> None:
    """The record gives a mailbox in the number's place while news waits for the morning.

    News from after the change goes there by right; more than the news that waited does not.
    """
    story, alex, crime = one_invited(correlates=correlates, channels=("text",))
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    visit = story.deployed(crime)
    by_email = alex.written(
        mobile_phone="", email="alex@mailbox.example", preferred_channels=("email",)
    )
    story.holds(alex.person_id, email="alex@mailbox.example")
    change = story.details_changed(crime, by_email)
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    story.invite(by_email, change, by=("email",))
    story.tell(by_email, visit, by=("email",))

    assert story.harms() == []

    story.tell(by_email, visit, by=("email",))

    assert story.harms()[0][:2] == ("FAIL", "duplicated")


@either_way
def test_what_waits_for_one_channel_may_go_by_a_new_one_too(*, correlates: bool) -> None:
    """The record gains a mailbox while news waits for the morning: it goes there once, or not."""
    story, alex, crime = one_invited(correlates=correlates, channels=("text",))
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    visit = story.deployed(crime)
    by_both = alex.written(email="alex@mailbox.example", preferred_channels=("text", "email"))
    story.holds(alex.person_id, email="alex@mailbox.example")
    change = story.details_changed(crime, by_both)
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    story.invite(by_both, change, by=("email",))
    story.tell(by_both, visit, by=("text",))

    assert story.harms() == []

    story.tell(by_both, visit, by=("email",))

    assert story.harms() == []

    story.tell(by_both, visit, by=("email",))

    assert story.harms()[0][:2] == ("FAIL", "duplicated")


@either_way
def test_news_that_bounced_may_be_told_once_more_at_the_corrected_number(
    *, correlates: bool
) -> None:
    """The victim is registered: the message names the news that did not arrive."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    wrong = alex.written(mobile_phone=OLD)
    crime = story.crime(wrong)
    story.invite(wrong, crime)
    story.signs_in(alex)
    visit = story.deployed(crime)
    [message] = story.tell(wrong, visit)
    story.receipt(message)
    story.task(alex, crime)
    story.wait(hours=3)
    story.details_changed(crime, alex)
    story.tell(alex, visit)

    assert story.harms() == []

    story.tell(alex, visit)

    assert story.harms()[0][:2] == ("FAIL", "duplicated")


@either_way
def test_a_new_crime_whose_record_has_no_number_ends_what_waits_for_the_number(
    *, correlates: bool
) -> None:
    """The newest record of a person counts for all of their crimes, whichever event brings it."""
    story, alex, crime = one_invited(correlates=correlates)
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    visit = story.deployed(crime)
    without = alex.written(mobile_phone="", preferred_channels=("email",))
    other = story.crime(without)
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    story.tell(alex, visit, by=("email",))
    story.invite(alex, other, by=("email",))

    assert story.harms() == []


@either_way
def test_a_new_crime_whose_record_asks_for_texts_too_may_invite_to_the_first_by_text(
    *, correlates: bool
) -> None:
    """The newer record counts in every crime; by the mailbox they were invited already."""
    story = Story(correlates=correlates)
    alex = story.person()
    by_email = alex.written(preferred_channels=("email",))
    crime = story.crime(by_email)
    story.invite(by_email, crime)
    story.wait(hours=3)
    other = story.crime(alex)
    story.invite(alex, other)
    story.invite(alex, crime, by=("text",))

    assert story.harms() == []

    story.wait(hours=1)
    story.invite(alex, crime, by=("email",))

    assert kinds(story.harms()) == [("FAIL", "duplicated", "portal")]


@either_way
def test_a_report_whose_record_asks_for_texts_too_may_invite_by_text(*, correlates: bool) -> None:
    """It is of another matter, and brings the newest record of the person."""
    story = Story(correlates=correlates)
    alex = story.person()
    by_email = alex.written(preferred_channels=("email",))
    crime = story.crime(by_email)
    story.invite(by_email, crime)
    story.wait(hours=3)
    story.happens(
        IncidentReported(
            crime_reference="43260999999",
            force="thames_valley",
            received_at=story.now,
            victim=alex.record,
        )
    )
    story.invite(alex, crime, by=("text",))

    assert "duplicated" not in {harm for _kind, harm, *_rest in story.harms()}

    story.wait(hours=1)
    story.invite(alex, crime, by=("email",))

    assert "duplicated" in {harm for _kind, harm, *_rest in story.harms()}


@either_way
def test_a_new_word_may_bring_a_new_invitation(*, correlates: bool) -> None:
    """What the old word opened ends, and so may the links. The same word changes nothing."""
    for digest, harms in (("another", []), ("the same", [("FAIL", "duplicated", "portal")])):
        story = Story(correlates=correlates)
        alex = story.person(channels=("text",)).written(agreed_word_digest="the same")
        crime = story.crime(alex)
        story.invite(alex, crime)
        story.wait(hours=3)
        changed = story.details_changed(crime, alex.written(agreed_word_digest=digest))
        story.invite(alex, changed)

        assert kinds(story.harms()) == harms


def test_a_new_crimes_record_with_other_channels_is_written_anew() -> None:
    """It may begin texts again that were ended, as a change of details may; the same does not."""
    for channels, is_noise in ((("text", "email"), False), (("text",), True)):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        story.invite(alex, crime)
        story.wait(hours=1)
        story.texts(alex.known.mobile_phone, "STOP")
        story.wait(days=1)
        again = story.crime(alex.written(preferred_channels=channels))
        story.message(alex, "text", again)

        assert ("CONT-01" in {requirement for *_rest, requirement, _a in story.harms()}) is is_noise


@pytest.mark.parametrize("has_bounced", [True, False])
def test_news_that_no_channel_could_bring_may_be_told_once_one_works(*, has_bounced: bool) -> None:
    """Told or not, neither is wrong; what was told already is told twice."""
    for is_told in (True, False):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        (invitation,) = story.invite(alex, crime)
        story.signs_in(alex)
        story.wait(hours=1)
        if has_bounced:
            story.receipt(invitation)
            story.task(alex, crime)
        story.wait(hours=1)
        news = story.deployed(crime)
        if not has_bounced:
            story.tell(alex, news)
        story.wait(days=1)
        story.holds(alex.person_id, mobile_phone="07700900888")
        moved = alex.written(mobile_phone="07700900888")
        story.details_changed(crime, moved)
        if is_told:
            story.tell(moved, news)

        found = [each[3] for each in story.harms() if each[3] == "ONCE-01"]
        assert found == (["ONCE-01"] if is_told and not has_bounced else [])


@pytest.mark.parametrize("minutes", [0, 1])
def test_what_held_for_no_time_need_not_be_asked_about(*, minutes: int) -> None:
    """Two records came in one moment; had the first held for a minute, it is asked about."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    ago = story.now - timedelta(days=1)
    story.details_changed(crime, alex.written(safe_channel="text", safe_until=ago))
    story.wait(minutes=minutes)
    story.details_changed(crime, alex.written(is_suspect_in_linked_crime=True))
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(hours=1)

    assert story.harms() == ([fail("lost", "SAFE-06")] if minutes else [])
