"""Crimes that are reclassified or merged: who is then told of them, and who sees them."""

from datetime import date

import pytest

from reference.contract.events import CrimeAllocated, Officer
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way, one_invited

OUT, IN = "Rape", "Vehicle offences"
LOST = fail("lost", "MSG-01")


@either_way
def test_reclassified_out_nothing_more_is_sent(*, correlates: bool) -> None:
    """It is no longer a crime for the portal: a text about it is a harm."""
    story, alex, crime = one_invited(correlates=correlates)
    story.reclassified(crime, OUT)
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [fail("disclosed", "CASE-05")]


def test_what_waited_when_it_went_out_is_owed_no_more() -> None:
    """A message then is about a crime that has left; an overdue message was lost before."""
    story, alex, crime = one_invited()
    deployed = story.deployed(crime)
    story.wait(minutes=5)
    story.reclassified(crime, OUT)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [fail("disclosed", "CASE-05")]

    late, _alex, crime = one_invited()
    late.deployed(crime)
    late.wait(hours=1)
    late.reclassified(crime, OUT)

    assert late.harms() == [LOST]


@pytest.mark.parametrize("was_invited", [True, False])
def test_an_invitation_that_came_is_not_owed_again_when_the_crime_is_in_again(
    *, was_invited: bool
) -> None:
    """Its link may have ended, and may be sent again; one that never came is owed."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    if was_invited:
        story.invite(alex, crime)
        story.wait(days=ORDER.sign_in.invitation_days, minutes=1)
    story.details_changed(crime, alex.written(has_died=False))
    story.reclassified(crime, OUT)
    story.wait(minutes=1)
    story.reclassified(crime, IN)

    lost = [each for each in story.harms() if each[1] == "lost" and each[3] == "INV-01"]
    assert lost == ([] if was_invited else [fail("lost", "INV-01")])


def test_reclassified_out_its_page_is_gone() -> None:
    """Reading it before is right; showing it after is disclosure."""
    story, alex, crime = one_invited()
    story.sees(alex, crime, "We have recorded it.")
    story.reclassified(crime, OUT)

    assert story.harms() == []

    story.sees(alex, crime, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "CASE-05")]


def test_a_marker_that_comes_with_it_is_a_flag_like_any_other() -> None:
    """When the reason is safety, so is the requirement."""
    story, alex, crime = one_invited()
    story.reclassified(crime, IN, safeguarding=("domestic_abuse",))
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [fail("disclosed", "SAFE-02")]


@either_way
def test_reclassified_in_the_victim_is_invited(*, correlates: bool) -> None:
    """It is now a crime for the portal: the invitation is owed, and does no harm."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=OUT)
    story.wait(days=1)

    assert story.harms() == []

    turned = story.reclassified(crime, IN)

    assert story.harms() == [fail("lost", "INV-01")]

    story.invite(alex, turned)

    assert story.harms() == []


@either_way
def test_a_crime_that_comes_back_with_an_eligible_offence_may_invite(*, correlates: bool) -> None:
    """It became eligible while another force had it: an invitation and the news, or the news."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=OUT)
    story.wait(hours=1)
    story.transferred(crime)
    story.wait(hours=1)
    story.reclassified(crime, IN)
    story.wait(hours=1)
    reopened = story.reopened(crime)

    assert story.harms() == [fail("lost", "MSG-01")]

    story.invite(alex, reopened)
    story.tell(alex, reopened)

    assert story.harms() == []

    story.tell(alex, reopened)

    assert story.harms()[0][:2] == ("FAIL", "duplicated")


def test_within_the_portal_another_offence_is_no_news() -> None:
    """The order announces none: nothing is owed, and an invitation would be a second one."""
    story, alex, crime = one_invited()
    turned = story.reclassified(crime, IN)

    assert story.harms() == []

    story.invite(alex, turned)

    assert story.harms() == [fail("duplicated", "ONCE-01")]


def test_an_older_offence_that_comes_late_undoes_nothing() -> None:
    """The newest record stands, in any order of arrival."""
    story, alex, crime = one_invited()
    first = story.reclassified(crime, OUT, deliver=False)
    story.wait(minutes=10)
    story.reclassified(crime, IN)
    story.wait(minutes=10)
    story.deliver(first)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == []


def test_the_new_offence_is_as_secret_as_the_old() -> None:
    """No text may name it."""
    story, alex, crime = one_invited()
    story.reclassified(crime, IN, offence="Interfering with a vehicle")
    story.message(alex, "text", story.deployed(crime), body="About: interfering with a vehicle")

    assert story.harms() == [fail("disclosed", "PRIV-01")]


def merged(phase: int = 1) -> tuple[Story, Person, Person, Happened, Happened]:
    """Tell of two crimes, of Alex and of both Alex and Sam, the first merged into the second."""
    story = Story(phase=phase)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.invite(sam, other)
    story.wait(hours=1)
    story.merged(crime, other)
    return story, alex, sam, crime, other


def test_a_merger_is_no_news_and_what_follows_is_the_other_crimes() -> None:
    """No message is owed by itself; later news is owed to the surviving crime's victims."""
    story, alex, sam, _crime, other = merged()

    assert story.harms() == []

    deployed = story.deployed(other)
    story.tell(alex, deployed)

    assert story.harms() == [LOST]

    story.tell(sam, deployed)

    assert story.harms() == []


def with_kim(
    *, subgroup: str = IN
) -> tuple[Story, tuple[Person, Person, Person], tuple[Happened, Happened, Happened]]:
    """Have a crime of Kim's, with PC Nayar in charge, merged into another, which is Okafor's.

    Gives Alex and Sam, whose crime that is, and Kim; Kim's crime, the other, and the merger.
    """
    story, alex, sam, _crime, other = merged()
    kim = story.person("Kim", channels=("text",))
    theirs = story.crime(kim, offence_subgroup=subgroup)
    if subgroup == IN:
        story.invite(kim, theirs)
    for crime, people, name, number in (
        (other, [alex, sam], "PC Okafor", "4271"),
        (theirs, [kim] if subgroup == IN else [], "PC Nayar", "5120"),
    ):
        allocated = story.happens(
            CrimeAllocated(
                crime_reference=crime.crime_reference,
                allocated_at=story.now,
                officer_in_charge=Officer(name, number),
            )
        )
        for person in people:
            story.tell(person, allocated)
    story.wait(hours=1)
    merger = story.merged(theirs, other)
    return story, (alex, sam, kim), (theirs, other, merger)


def test_the_victims_of_a_merged_crime_follow_it() -> None:
    """They read the surviving crime; before the merger it was not theirs to see."""
    story, (_alex, _sam, kim), (theirs, other, _merger) = with_kim()
    story.sees(kim, theirs, "PC Nayar is looking after your case.")
    story.sees(kim, other, "PC Okafor is looking after your case.")
    story.sees(kim, other, "PC Nayar was looking after your case.")

    assert story.harms() == []

    kim = story.person("Kim", channels=("text",))
    crime = story.crime(kim)
    story.invite(kim, crime)
    story.sees(kim, other, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_a_follower_hears_what_happens_then_and_no_message_of_the_merger() -> None:
    """From then on they are a victim of the surviving crime like any other."""
    story, (alex, sam, kim), (_theirs, other, _merger) = with_kim()
    deployed = story.deployed(other)
    story.tell(alex, deployed)
    story.tell(sam, deployed)

    assert story.harms() == [LOST]

    story.tell(kim, deployed)

    assert story.harms() == []


def test_whose_crime_it_goes_on_as_sees_nothing_new() -> None:
    """What only the merged crime has is not for the surviving crime's victim."""
    story, (_alex, sam, _kim), (_theirs, other, _merger) = with_kim()
    story.sees(sam, other, "PC Okafor is looking after your case.")

    assert story.harms() == []

    story.sees(sam, other, "PC Nayar was looking after your case.")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_into_a_crime_that_is_not_for_the_portal_nobody_follows() -> None:
    """The surviving crime decides: its page and its news are not for them."""
    story, (_alex, _sam, kim), (_theirs, other, _merger) = with_kim()
    story.reclassified(other, OUT)

    assert story.harms() == []

    story.sees(kim, other, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "CASE-05")]


def test_from_a_crime_that_was_not_for_the_portal_they_may_be_invited() -> None:
    """An invitation to the surviving crime does no harm, and none is owed by itself."""
    story, (_alex, _sam, kim), (_theirs, _other, merger) = with_kim(subgroup=OUT)

    assert story.harms() == []

    story.invite(kim, merger)

    assert story.harms() == []


@pytest.mark.parametrize("was_out", [True, False])
def test_who_was_told_of_no_crime_any_more_may_be_invited_by_a_merger(*, was_out: bool) -> None:
    """The links that they had have ended; to a victim whose links work it is a second one."""
    story = Story()
    alex, kim = story.person(channels=("text",)), story.person("Kim", channels=("text",))
    theirs, other = story.crime(kim), story.crime(alex)
    story.invite(kim, theirs)
    story.invite(alex, other)
    if was_out:
        story.reclassified(theirs, OUT)
    story.wait(hours=1)
    story.invite(kim, story.merged(theirs, other))

    assert story.harms() == ([] if was_out else [fail("duplicated", "ONCE-01")])


def test_a_merger_that_comes_before_the_surviving_crime_is_kept() -> None:
    """Its victims join the surviving crime once that is known."""
    story = Story()
    alex, kim = story.person(channels=("text",)), story.person("Kim", channels=("text",))
    theirs = story.crime(kim)
    story.invite(kim, theirs)
    other = story.crime(alex, deliver=False)
    story.merged(theirs, other)
    story.wait(minutes=5)
    story.deliver(other)
    story.invite(alex, other)
    story.sees(kim, other, "We have recorded it.")

    assert story.harms() == []


def test_a_question_on_a_merged_crime_may_be_filed_under_either() -> None:
    """The words are the victim's, and the occurrence is the same."""
    for filed_under in ("old", "new"):
        story, alex, _sam, crime, other = merged(phase=3)
        story.asks(alex, crime, "Is there news?")
        place = crime if filed_under == "old" else other
        story.stamped(alex, place, "Is there news?")
        story.task(alex, place, kind="victim_question")

        assert story.harms() == []


def out_and_in(*, correlates: bool, phase: int = 1) -> tuple[Story, Person, Happened, Happened]:
    """Tell of a crime that goes out and comes in again before the invitation could be sent."""
    story = Story(phase=phase, correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    news = story.deployed(crime)
    story.reclassified(crime, OUT)
    return story, alex, news, story.reclassified(crime, IN)


@either_way
def test_an_invitation_that_an_exclusion_put_off_is_owed_when_it_ends(*, correlates: bool) -> None:
    """Nobody is told of it meanwhile; told of it again, the victim is invited, and once."""
    story, alex, _news, back = out_and_in(correlates=correlates)

    assert story.harms() == [fail("lost", "INV-01")]

    story.invite(alex, back)
    assert story.harms() == []

    story.invite(alex, back)
    assert story.harms() == [fail("duplicated", "ONCE-01")]


@either_way
def test_news_that_an_exclusion_put_off_may_be_told_when_it_ends(*, correlates: bool) -> None:
    """It is owed no more, and no harm: one message may tell it, and a second answers nothing."""
    story, alex, news, back = out_and_in(correlates=correlates)
    story.invite(alex, back)
    story.tell(alex, news)

    assert story.harms() == []

    story.tell(alex, news)

    assert [harm[-2] for harm in story.harms()] == ["ONCE-01"]


@pytest.mark.parametrize("has_signed_in", [True, False])
def test_an_invitation_that_came_before_an_exclusion_is_not_owed_again(
    *, has_signed_in: bool
) -> None:
    """A victim who has signed in knows of the portal; the link of one who has not has ended."""
    story, alex, crime = one_invited()
    if has_signed_in:
        story.signs_in(alex)
    story.reclassified(crime, OUT)
    back = story.reclassified(crime, IN)

    assert story.harms() == []

    story.invite(alex, back)

    assert story.harms() == ([fail("duplicated", "ONCE-01")] if has_signed_in else [])


def test_what_waited_on_a_merged_crime_goes_with_the_crime_it_goes_on_as() -> None:
    """The surviving record is cancelled before the news of the merged one is due."""
    story, alex, crime = one_invited(phase=2)
    survivor = story.crime(alex)
    story.invite(alex, survivor)
    story.deployed(crime)
    story.merged(crime, survivor)
    story.wait(minutes=10)
    cancelled = story.cancelled(survivor)
    story.task(alex, cancelled, kind="sensitive_contact")

    assert story.harms() == []


@pytest.mark.parametrize("goes_on", ["as one that is told", "as one that is out", "", "itself out"])
def test_what_a_merger_into_an_excluded_crime_stopped_may_be_told_once_that_goes_on_as_another(
    goes_on: str,
) -> None:
    """Until then, or while theirs is out by itself, their case is one that nobody is told of."""
    story, alex, crime = one_invited(correlates=False)
    story.signs_in(alex)
    second = story.crime(alex)
    between, third = (story.crime(alex, offence_subgroup=OUT) for _each in range(2))
    story.merged(second, between)
    if goes_on == "itself out":
        story.reclassified(second, OUT)
    if goes_on:
        story.merged(between, third if goes_on == "as one that is out" else crime)
    story.tell(alex, second)

    is_told = goes_on == "as one that is told"
    assert story.harms() == ([] if is_told else [fail("noise", "ONCE-01")])

    story.wait(hours=1)
    story.tell(alex, second)

    assert fail("duplicated", "ONCE-01") in story.harms()


@pytest.mark.parametrize("who", ["follows it", "follows it no more", "is another's", "knew both"])
def test_a_merged_crime_that_comes_late_needs_no_invitation_while_the_end_of_a_chain_is_unknown(
    who: str,
) -> None:
    """Its victim has that of the crime that it went on as; one who does not follow that has none.

    Of a crime that the portal had before it was merged the invitation is owed.
    """
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    told = sam if who == "is another's" else alex
    second = story.crime(told)
    story.invite(told, second)
    if who == "follows it no more":
        story.reclassified(second, OUT)
        story.task(alex, second, kind="sensitive_contact")
    first = story.crime(alex, deliver=who == "knew both")
    story.merged(second, Happened("", "43269999999"))
    story.merged(first, second)
    if who != "knew both":
        story.deliver(first)

    assert (fail("lost", "INV-01") in story.harms()) == (who != "follows it")


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_news_of_a_crime_that_is_merged_into_a_cancelled_one_is_an_officers(
    *, is_cancelled: bool
) -> None:
    """Whichever comes first; into an open one it is owed all the same."""
    story = Story()
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    merged = story.merged(crime, other, deliver=False)
    if is_cancelled:
        story.cancelled(other)
        story.task(alex, other, kind="sensitive_contact")
    story.deployed(crime)
    story.deliver(merged)
    story.wait(days=1)

    found = [each for each in story.harms() if each[3] == "MSG-01"]
    assert found == ([] if is_cancelled else [fail("lost", "MSG-01")])


@pytest.mark.parametrize("is_merged", [True, False])
def test_who_is_told_of_a_child_may_be_asked_under_the_reference_of_a_merged_crime(
    *, is_merged: bool
) -> None:
    """The merger came before the crime; of two crimes that are not one each is asked about."""
    story = Story()
    alex = story.person(channels=("text",), born=date(2016, 5, 1))
    crime = story.crime(alex, deliver=False)
    reporter = alex.written(role="reporter" if is_merged else "victim")
    other = story.crime(reporter)
    if is_merged:
        story.merged(crime, other)
    story.deliver(crime)
    story.task(alex, crime, kind="who_is_told")
    story.wait(hours=1)

    found = [each for each in story.harms() if each[3] == "SAFE-05"]
    assert found == ([] if is_merged else [fail("lost", "SAFE-05")])


@pytest.mark.parametrize("is_transferred", [True, False])
def test_news_of_a_crime_that_is_merged_into_one_another_force_has_need_not_be_told(
    *, is_transferred: bool
) -> None:
    """It comes with the merger, and the other force tells it from then on."""
    story = Story()
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    merged = story.merged(crime, other, deliver=False)
    if is_transferred:
        story.tell(alex, story.transferred(other))
    story.deployed(crime)
    story.deliver(merged)
    story.wait(days=1)

    found = [each for each in story.harms() if each[3] == "MSG-01"]
    assert found == ([] if is_transferred else [fail("lost", "MSG-01")])


@pytest.mark.parametrize("comes_late", [True, False])
def test_who_joins_a_case_that_had_ended_need_not_be_told_first(*, comes_late: bool) -> None:
    """However late the other crime comes; one who was there already is to be told by an officer."""
    story = Story()
    alex = story.person(channels=("text",))
    sam = story.person("Sam", channels=("text",))
    crime = story.crime(alex, offence_subgroup="Residential burglary")
    story.invite(alex, crime)
    other = story.crime(sam, deliver=False, offence_subgroup="Residential burglary")
    if not comes_late:
        story.deliver(other)
    story.closed(other, 13)
    story.wait(seconds=1)
    story.merged(crime, other)
    if comes_late:
        story.deliver(other)
    story.invite(sam, other)
    story.wait(days=1)

    of = [(each.requirement, each.person_id) for each in story.judged().findings]
    assert ("SENS-02", alex.person_id) not in of
    assert ("SENS-02", sam.person_id) in of


@pytest.mark.parametrize("is_merged", [True, False])
def test_who_was_not_invited_before_a_merged_crime_is_out_may_be_invited_to_the_other(
    *, is_merged: bool
) -> None:
    """They follow the crime that theirs goes on as; of a crime alone that is out they get none."""
    story = Story()
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(story.person("Sam", channels=()))
    if is_merged:
        story.merged(crime, other)
    story.reclassified(crime, OUT)

    assert [each for each in story.harms() if each[3] == "INV-01"] == []

    story.invite(alex, other if is_merged else crime)

    found = [each for each in story.harms() if each[1] in {"duplicated", "noise", "disclosed"}]
    assert bool(found) is not is_merged
