"""What a victim's page must show, how it says the case stands, and in which order."""

from datetime import UTC, datetime, timedelta

import pytest

from reference.contract.events import (
    AppointmentCancelled,
    CrimeAllocated,
    Officer,
    OfficerDeployed,
    OutcomeRecorded,
)
from simulator.evidence.records import ChangesSeenAsOne
from simulator.judge.rules.page_contents import PageContents
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.pages import found
from tests.simulator.judge.story import Story, one_invited

MISSING = fail("lost", "CASE-01")
QUARTER = timedelta(minutes=ORDER.messages.minutes_max)


def reads(story: Story, alex: Person, crime: Happened, *kinds: str) -> None:
    """Show a victim a page with entries of these kinds."""
    story.sees(alex, crime, *[f"About {kind}{_MORE.get(kind, '')}" for kind in kinds], kinds=kinds)


#: What other rules want to read in an entry: when an appointment is, and who informs from then on.
_MORE = {
    "AppointmentMade": ": on Wednesday 3 June 2026 at 10am, and on Wednesday at 11am",
    "OutcomeRecorded": ": the witness care unit keeps you informed",
}


def lists(story: Story, alex: Person, *statuses: tuple[Happened, str]) -> None:
    """Show a victim a list of crimes with how each stands."""
    shown = tuple((crime.crime_reference, status) for crime, status in statuses)
    story.sees(alex, None, *[status for _crime, status in shown], where="crimes", statuses=shown)


def charged(story: Story, crime: Happened) -> Happened:
    """Charge a suspect."""
    event = OutcomeRecorded(
        crime_reference=crime.crime_reference, outcome=1, decided_at=story.now, decided_by="CPS"
    )
    return story.happens(event)


def progressed() -> tuple[Story, Person, Happened]:
    """Tell of a victim who was told a quarter of an hour ago that an officer was sent."""
    story, alex, crime = one_invited()
    story.tell(alex, story.deployed(crime))
    story.wait(minutes=15)
    return story, alex, crime


def test_a_step_that_is_not_on_the_page_is_missing() -> None:
    """It counts when the victim looks, and not before; once, however often they look."""
    story, alex, crime = progressed()

    assert story.harms() == []

    reads(story, alex, crime, "CrimeRecorded", "OfficerDeployed")

    assert story.harms() == []

    for _time in range(2):
        reads(story, alex, crime, "CrimeRecorded")

    assert story.harms() == [MISSING]


def test_a_page_with_nothing_on_it_shows_no_step() -> None:
    """Evidence with words and no kinds proves nothing; a page without words is empty."""
    story, alex, crime = progressed()
    story.sees(alex, crime, "An officer was sent.")

    assert story.harms() == []

    story.sees(alex, crime)

    assert story.harms() == [MISSING]


def test_a_step_may_take_as_long_as_its_message() -> None:
    """Nothing is missing a second before the quarter of an hour is over."""
    story, alex, crime = one_invited()
    story.tell(alex, story.deployed(crime))
    story.until(story.now + QUARTER - timedelta(seconds=1))
    reads(story, alex, crime, "CrimeRecorded")

    assert story.harms() == []

    story.wait(seconds=1)
    reads(story, alex, crime, "CrimeRecorded")

    assert story.harms() == [MISSING]


def test_what_is_not_told_need_not_be_shown() -> None:
    """Without a trigger in this phase, or for another victim, nothing is owed to a page."""
    story, alex, _crime = one_invited()
    sam = story.person("Sam", channels=("text",))
    both = story.crime(alex, sam)
    story.invite(alex, both)
    story.invite(sam, both)
    story.tell(alex, story.appointed(both, alex))
    story.wait(hours=1)
    reads(story, sam, both, "CrimeRecorded")

    assert story.harms() == []

    reads(story, alex, both, "CrimeRecorded")

    assert story.harms() == [MISSING]


def test_each_appointment_has_its_own_entry_until_it_is_cancelled() -> None:
    """Two appointments are two entries; the cancellation alone will do for a cancelled one."""
    story, alex, crime = one_invited()
    for _time in range(2):
        story.tell(alex, story.appointed(crime, alex))
    story.wait(hours=1)
    reads(story, alex, crime, "AppointmentMade", "AppointmentMade")

    assert story.harms() == []

    reads(story, alex, crime, "AppointmentMade")

    assert story.harms() == [MISSING]

    story, alex, crime = one_invited()
    story.tell(alex, story.appointed(crime, alex))
    cancelled = AppointmentCancelled(
        crime_reference=crime.crime_reference,
        appointment_id="appointment-1",
        person_id=alex.person_id,
    )
    story.tell(alex, story.happens(cancelled))
    story.wait(hours=1)
    reads(story, alex, crime, "AppointmentCancelled")

    assert story.harms() == []


def test_a_sensitive_closure_is_owed_once_somebody_has_spoken() -> None:
    """Before that it must not stand there; a quarter of an hour after it must."""
    story, alex, crime = one_invited()
    story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(days=1)
    reads(story, alex, crime, "CrimeRecorded")
    lists(story, alex, (crime, "open"))

    assert story.harms() == []

    story.tell(alex, story.contacted(crime, alex))
    story.wait(hours=1)
    reads(story, alex, crime, "CrimeRecorded", "CrimeClosed")
    lists(story, alex, (crime, "closed"))

    assert story.harms() == []

    reads(story, alex, crime, "CrimeRecorded")
    lists(story, alex, (crime, "open"))

    assert story.harms() == [fail("lost", "CASE-03"), fail("lost", "CASE-03")]


def test_reopened_the_end_may_go_from_the_page() -> None:
    """The end of a reopened case need not be shown for ever."""
    story, alex, crime = one_invited()
    story.tell(alex, story.closed(crime))
    story.wait(hours=1)
    story.tell(alex, story.reopened(crime))
    story.wait(hours=1)
    reads(story, alex, crime, "CrimeReopened")
    lists(story, alex, (crime, "open"))

    assert story.harms() == []


@pytest.mark.parametrize(
    ("minutes", "is_told", "is_owed"),
    [(1, False, False), (1, True, True), (30, False, True)],
    ids=["told of neither", "told that it goes on", "told of neither in time"],
)
def test_what_nobody_was_told_to_have_ended_need_not_go_on(
    *, minutes: int, is_told: bool, is_owed: bool
) -> None:
    """An end that an officer tells comes after the reopening, which no message had told yet."""
    for kind in ((), ("OutcomeRecorded",)):
        story, alex, crime = one_invited()
        if kind:
            story.tell(alex, charged(story, crime))
            story.wait(minutes=30)
        closed = story.closed(crime, 5, deliver=False)
        story.wait(minutes=1)
        reopened = story.reopened(crime)
        if is_told:
            story.tell(alex, reopened)
        story.wait(minutes=minutes)
        story.deliver(closed)
        story.wait(hours=1)
        reads(story, alex, crime, "CrimeRecorded", *kind)
        lists(story, alex, (crime, "charged" if kind else "open"))

        entry_and_status = [MISSING, *(MISSING for _charge in kind)]

        assert found(story, PageContents) == (entry_and_status if is_owed else [])


@pytest.mark.parametrize(
    ("shown", "harms"),
    [
        ("charged", []),
        ("open", [fail("lost", "CASE-01")]),
        ("closed", [fail("out of order", "CASE-04")]),
    ],
)
def test_a_charge_is_shown_as_one(shown: str, harms: list[object]) -> None:
    """Showing it as open says too little, and as closed tells an end that has not come."""
    story, alex, crime = one_invited()
    story.tell(alex, charged(story, crime))
    story.wait(hours=1)
    lists(story, alex, (crime, shown))

    assert story.harms() == harms


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_charge_that_comes_after_the_closure_may_be_shown(*, is_reopened: bool) -> None:
    """As where it came before: charged or closed, unless the case was reopened between the two."""
    for shown in ("charged", "closed"):
        story, alex, crime = one_invited()
        late = story.happens(
            OutcomeRecorded(
                crime_reference=crime.crime_reference,
                outcome=1,
                decided_at=story.now,
                decided_by="CPS",
            ),
            deliver=False,
        )
        story.wait(minutes=30)
        if is_reopened:
            story.tell(alex, story.reopened(crime))
            story.wait(minutes=30)
        story.tell(alex, story.closed(crime))
        story.wait(minutes=30)
        story.deliver(late)
        story.wait(hours=1)
        lists(story, alex, (crime, shown))

        is_old = is_reopened and shown == "charged"

        assert found(story, PageContents) == ([fail("lost", "CASE-03")] if is_old else [])


def test_an_older_fact_that_comes_late_changes_no_status() -> None:
    """A closure from before the reopening is no news when it comes after it."""
    story, alex, crime = one_invited()
    closed = story.closed(crime, deliver=False)
    story.wait(minutes=30)
    story.tell(alex, story.reopened(crime))
    story.wait(minutes=30)
    story.deliver(closed)
    story.wait(hours=1)
    lists(story, alex, (crime, "open"))

    assert story.harms() == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("Somebody was charged. Your case is now closed.", True),
        ("Our investigation is now closed. The court comes next.", True),
        ("Somebody was charged. Your case is not closed: it goes to court.", False),
        ("It will be closed when the court has decided.", False),
        ("Somebody was charged.", False),
    ],
)
def test_the_page_of_a_charged_crime_does_not_call_it_closed(words: str, *, is_found: bool) -> None:
    """It may say that the case is not closed, or will be one day."""
    story, alex, crime = one_invited()
    story.tell(alex, charged(story, crime))
    story.wait(hours=1)
    words = f"{words} The witness care unit keeps you informed."
    story.sees(alex, crime, words, kinds=("OutcomeRecorded",))

    assert story.harms() == ([fail("out of order", "CASE-04")] if is_found else [])


def test_every_crime_of_a_victim_is_in_their_list() -> None:
    """A crime left out is lost to them, unless they are not to be told of it."""
    story, alex, crime = one_invited()
    other = story.crime(alex)
    story.invite(alex, other)
    story.crime(alex, offence_subgroup="Rape")
    story.wait(hours=1)
    lists(story, alex, (crime, "open"), (other, "open"))

    assert story.harms() == []

    lists(story, alex, (crime, "open"))

    assert story.harms() == [MISSING]

    story.sees(alex, None, where="crimes")

    assert story.harms() == [MISSING, MISSING]


def test_an_empty_list_is_no_list_without_statuses() -> None:
    """Words without statuses prove nothing of what is in it."""
    story, alex, _crime = one_invited()
    story.sees(alex, None, "Theft of a pedal cycle", where="crimes")

    assert story.harms() == []


def test_steps_are_shown_in_the_order_in_which_they_happened() -> None:
    """In any order of arrival; a step recorded late may stand at either place."""
    story, alex, crime = one_invited()
    deployed = story.deployed(crime, deliver=False)
    story.wait(minutes=20)
    story.tell(alex, story.closed(crime))
    story.wait(minutes=20)
    story.deliver(deployed)
    story.tell(alex, deployed)
    story.wait(hours=1)
    reads(story, alex, crime, "OfficerDeployed", "CrimeClosed")

    assert story.harms() == []

    reads(story, alex, crime, "CrimeClosed", "OfficerDeployed")

    assert story.harms() == [fail("out of order", "CASE-01")]


def reallocated(*, away: str) -> tuple[Story, Person, Happened, list[datetime]]:
    """Tell of two officers, of whom the portal heard first of the second; and when each came."""
    story, alex, crime = one_invited()
    times, events = [], []
    for name in ("PC Lund", "DC Okafor"):
        times.append(story.now)
        event = CrimeAllocated(
            crime_reference=crime.crime_reference,
            officer_in_charge=Officer(name, "4271"),
            allocated_at=story.now,
        )
        events.append(story.happens(event, deliver=name != away))
        story.wait(hours=2)
    if away:
        story.deliver(events[0])
    story.wait(hours=1)
    return story, alex, crime, times


@pytest.mark.parametrize("away", ["", "PC Lund"])
def test_entries_of_one_kind_are_in_their_order_by_their_times(away: str) -> None:
    """In any order of arrival; a page that shows a day alone may have either of one day first."""
    expected = {
        "oldest first": [],
        "newest first": [fail("out of order", "CASE-01")],
        "days alone": [],
    }
    for how, harms in expected.items():
        story, alex, crime, times = reallocated(away=away)
        dated = times[::-1] if how == "newest first" else times
        if how == "days alone":
            dated = [each.replace(hour=0, minute=0) for each in times]
        texts = ("PC Lund has your case.", "DC Okafor has your case.")
        kinds = ("CrimeAllocated",) * 2
        story.sees(alex, crime, *texts, kinds=kinds, dated=tuple(dated))

        assert found(story, PageContents) == harms


def test_what_was_back_dated_may_stand_at_either_place() -> None:
    """Careful portals may take the time it happened or the time it was recorded."""
    for kinds in (("OutcomeRecorded", "OfficerDeployed"), ("OfficerDeployed", "OutcomeRecorded")):
        story, alex, crime = one_invited()
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
        event = OutcomeRecorded(
            crime_reference=crime.crime_reference,
            outcome=1,
            decided_at=story.now - timedelta(days=2),
        )
        story.tell(alex, story.happens(event))
        story.wait(hours=1)
        reads(story, alex, crime, *kinds)

        assert story.harms() == []


@pytest.mark.parametrize("before_it_is_delivered", [True, False])
def test_what_the_portal_itself_can_never_have_seen_is_not_missed(
    before_it_is_delivered: bool,  # noqa: FBT001
) -> None:
    """Of two changes that a feed shows as one only the later is owed to the page."""
    story, alex, crime = one_invited()
    first = story.happens(allocated(crime, "Team A"), deliver=not before_it_is_delivered)
    second = story.happens(allocated(crime, "Team B"), deliver=False)
    story.records.append(
        ChangesSeenAsOne(at=story.now, event_id=first.event_id, seen_as=second.event_id)
    )
    if before_it_is_delivered:
        story.deliver(first)
    story.deliver(second)
    story.tell(alex, second)
    story.wait(minutes=15)
    reads(story, alex, crime, "CrimeAllocated")

    assert story.harms() == []

    reads(story, alex, crime, "CrimeRecorded")

    assert story.harms() == [MISSING]


def allocated(crime: Happened, team: str) -> CrimeAllocated:
    """Allocate a crime to a team."""
    return CrimeAllocated(
        crime_reference=crime.crime_reference,
        allocated_at=datetime(2026, 6, 1, tzinfo=UTC),
        team=team,
    )


@pytest.mark.parametrize(
    ("off", "is_found"),
    [
        (timedelta(minutes=-5), False),
        (timedelta(minutes=-6), True),
        (timedelta(minutes=5), False),
        (timedelta(minutes=6), True),
        (timedelta(minutes=15), True),
        (timedelta(hours=-1), True),
        (timedelta(hours=-10), False),
        (timedelta(hours=14), True),
        (timedelta(hours=-34), True),
    ],
)
def test_a_step_is_dated_when_it_was_taken(off: timedelta, *, is_found: bool) -> None:
    """Two clocks may be five minutes apart; midnight is a whole day."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    sent_at = story.now
    story.tell(alex, story.deployed(crime))
    story.wait(minutes=15)
    dated = (sent_at + off,)
    story.sees(alex, crime, "An officer was sent", kinds=("OfficerDeployed",), dated=dated)

    assert story.harms() == ([fail("out of order", "CASE-18")] if is_found else [])


@pytest.mark.parametrize(
    ("days", "is_found"),
    [(0, False), (3, False), (4, True), (1, True)],
    ids=["when it happened", "when it was recorded", "when it came", "in between"],
)
def test_a_step_may_be_dated_when_it_was_recorded(days: int, *, is_found: bool) -> None:
    """Either time is the force's own; that at which the portal heard of it is not."""
    story, alex, crime = one_invited()
    at = story.now
    story.wait(days=3)
    event = OfficerDeployed(crime_reference=crime.crime_reference, deployed_at=at)
    late = story.happens(event, deliver=False)
    story.wait(days=1)
    story.deliver(late)
    story.tell(alex, late)
    dated = (at + timedelta(days=days),)
    story.sees(alex, crime, "An officer was sent", kinds=("OfficerDeployed",), dated=dated)

    assert ("CASE-18" in [each[3] for each in story.harms()]) is is_found


def test_an_appointment_may_be_dated_when_it_is() -> None:
    """That time is in the future, and is what the entry is about."""
    story, alex, crime = one_invited()
    story.tell(alex, story.appointed(crime, alex))
    story.wait(minutes=15)
    dated = (story.now + timedelta(days=2, minutes=-15),)
    story.sees(alex, crime, "You have an appointment", kinds=("AppointmentMade",), dated=dated)

    assert story.harms() == []


def test_a_case_stands_as_it_does_though_it_turned_while_nobody_was_told() -> None:
    """Reopened while the victim was excluded, it is open when they are told of it again."""
    for shown, harms in (("open", []), ("closed", [MISSING])):
        story, alex, crime = one_invited()
        story.tell(alex, story.closed(crime))
        story.wait(minutes=30)
        story.reclassified(crime, "Rape")
        story.reopened(crime)
        story.reclassified(crime, "Vehicle offences")
        story.wait(minutes=30)
        lists(story, alex, (crime, shown))

        assert [each for each in story.harms() if each[-2].startswith("CASE")] == harms


@pytest.mark.parametrize(
    ("shown", "is_found"), [("charged", False), ("closed", False), ("open", True)]
)
def test_a_charged_case_that_closes_may_stand_as_charged(shown: str, *, is_found: bool) -> None:
    """A case with a charge is never called closed, and a closed case is shown as closed."""
    story, alex, crime = one_invited()
    story.tell(alex, charged(story, crime))
    story.wait(hours=1)
    story.tell(alex, story.closed(crime))
    story.wait(hours=1)
    lists(story, alex, (crime, shown))

    assert ("CASE-03" in [each[3] for each in story.harms()]) is is_found


@pytest.mark.parametrize(
    ("team", "is_found"), [("North", False), ("South", True)], ids=["the same", "another"]
)
def test_the_same_allocation_twice_may_have_either_date(team: str, *, is_found: bool) -> None:
    """The earlier one comes late: a page that shows one entry may date it by either."""
    story, alex, crime = one_invited()
    at = story.now
    earlier = allocated_to(story, crime, team, deliver=False)
    story.wait(hours=2)
    story.tell(alex, allocated_to(story, crime, "North"))
    story.deliver(earlier)
    story.wait(hours=1)
    story.sees(alex, crime, "A team has it", kinds=("CrimeAllocated",), dated=(at,))

    assert ("CASE-18" in [each[3] for each in story.harms()]) is is_found


def allocated_to(story: Story, crime: Happened, team: str, *, deliver: bool = True) -> Happened:
    """Give a crime to a team."""
    event = CrimeAllocated(crime_reference=crime.crime_reference, allocated_at=story.now, team=team)
    return story.happens(event, deliver=deliver)


@pytest.mark.parametrize("is_merged", [True, False])
def test_who_came_to_a_charged_case_by_a_merger_may_see_it_charged_or_closed(
    *, is_merged: bool
) -> None:
    """The charge was before them; the case has it all the same, and a case without has not."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.tell(alex, charged(story, crime))
    story.wait(hours=1)
    if is_merged:
        story.tell(sam, story.merged(other, crime))
        story.wait(hours=1)
        closure = story.closed(crime)
        story.tell(alex, closure)
        story.tell(sam, closure)
    else:
        story.tell(sam, story.closed(other))
    story.wait(hours=1)
    lists(story, sam, (crime if is_merged else other, "charged"))

    assert any(each[3].startswith("CASE") for each in story.harms()) is not is_merged


@pytest.mark.parametrize(("is_reopened_twice", "harms"), [(True, []), (False, ["CASE-01"])])
def test_a_step_that_was_taken_twice_may_stand_at_either_place(
    harms: list[str], *, is_reopened_twice: bool
) -> None:
    """Taken once, before the visit, it may not stand after it."""
    story, alex, crime = one_invited()
    story.tell(alex, story.closed(crime))
    story.wait(hours=1)
    story.tell(alex, story.reopened(crime))
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))
    story.wait(hours=1)
    if is_reopened_twice:
        story.tell(alex, story.closed(crime))
        story.wait(hours=1)
        story.tell(alex, story.reopened(crime))
        story.wait(hours=1)
    reads(story, alex, crime, "OfficerDeployed", "CrimeReopened")

    assert [requirement for *_rest, requirement, _avoidable in story.harms()] == harms
