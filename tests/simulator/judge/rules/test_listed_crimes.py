"""The list of crimes has each crime's own facts, as they were last recorded."""

import pytest

from reference.contract.events import Officer, OfficerUnavailable
from simulator.judge.rules.listed_crimes import ListedCrimes
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import LUND, OKAFOR, allocated, found, lists, row
from tests.simulator.judge.story import Story, one_invited

NOT_NAMED = [fail("lost", "CASE-02")]
FORMER = [fail("lost", "CASE-12")]
MISPLACED = [fail("lost", "CASE-10")]
MISCALLED = [fail("lost", "CASE-09")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, ListedCrimes)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("PC Okafor, 4271", []),
        ("PC Okafor (collar number 4271)", []),
        ("PC Okafor", NOT_NAMED),
        ("PC Okafor, 1193", FORMER),
        ("PC Okafor, 14271", NOT_NAMED),
        ("DC Lund, 1193", FORMER),
        ("", NOT_NAMED),
    ],
)
def test_the_officer_who_has_the_crime_is_named(shown: str, expected: list[Harmed]) -> None:
    """By name and collar number, and nobody who had it before."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    story.wait(hours=1)
    allocated(story, crime, OKAFOR)
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, officer_in_charge=shown))

    assert harms(story) == expected


UNREACHABLE = [fail("lost", "CODE-02")]
BY_PHONE = "Call 101, or see https://www.thames-valley.police.example/contact."


@pytest.mark.parametrize(
    ("said", "phase", "expected"),
    [
        ("", 1, []),
        (f"{BY_PHONE} Ask for PC Okafor, 4271.", 1, []),
        (f"{BY_PHONE} Ask for PC Okafor, 4271.", 3, []),
        ("Write to PC Okafor, 4271, on this page.", 3, []),
        ("Write to PC Okafor, 4271, on this page.", 1, UNREACHABLE),
        ("Call 101 and ask for PC Okafor, 4271.", 1, UNREACHABLE),
        ("See thames-valley.police.example. Ask for PC Okafor, 4271.", 1, UNREACHABLE),
        (f"{BY_PHONE} Ask for PC Okafor.", 1, UNREACHABLE),
        (f"{BY_PHONE} Ask for DC Lund, 1193.", 3, UNREACHABLE),
        (BY_PHONE, 3, UNREACHABLE),
    ],
)
def test_a_report_says_how_to_reach_the_officer(
    said: str, phase: int, expected: list[Harmed]
) -> None:
    """By name and collar number, and by phone and website until victims can write."""
    story, alex, crime = one_invited(phase=phase)
    allocated(story, crime, OKAFOR)
    story.wait(hours=1)
    officer = "PC Okafor, 4271"
    lists(story, alex, row(crime, story.now, officer_in_charge=officer, how_to_reach=said))

    assert harms(story) == expected


def test_where_a_team_has_the_crime_no_officer_need_be_named() -> None:
    """There is none."""
    story, alex, crime = one_invited()
    allocated(story, crime, None, team="Volume Crime Team")
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, how_to_reach=BY_PHONE, team="Volume Crime Team"))

    assert harms(story) == []


def test_either_officer_is_right_until_the_news_is_due() -> None:
    """A portal may take as long to show it as to send a message about it."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    story.wait(hours=1)
    allocated(story, crime, OKAFOR)
    story.wait(minutes=14)
    for officer in (LUND, OKAFOR):
        said = f"{officer.name}, {officer.collar_number}"
        lists(story, alex, row(crime, story.now, officer_in_charge=said))

    assert harms(story) == []

    story.wait(minutes=1)
    lists(story, alex, row(crime, story.now, officer_in_charge="DC Lund, 1193"))

    assert harms(story) == FORMER


@pytest.mark.parametrize(("shown", "expected"), [("", []), ("DC Lund, 1193", FORMER)])
def test_an_officer_who_gave_it_to_a_team_has_it_no_longer(
    shown: str, expected: list[Harmed]
) -> None:
    """The list names the team alone."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    story.wait(hours=1)
    allocated(story, crime, None, team="Volume Crime Team")
    story.wait(hours=1)
    team = "Volume Crime Team"
    lists(story, alex, row(crime, story.now, officer_in_charge=shown, team=team))

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Burglary Team", []),
        ("the burglary team", []),
        ("", MISPLACED),
        ("Burg", MISPLACED),
        ("Volume Crime Team", FORMER),
        ("Fraud Team", MISPLACED),
    ],
)
def test_no_other_team_is_shown_to_have_the_crime(shown: str, expected: list[Harmed]) -> None:
    """Neither the one that had it, nor the one that has another crime of the victim."""
    story, alex, crime = one_invited()
    beside = story.crime(alex)
    allocated(story, beside, None, team="Fraud Team")
    allocated(story, crime, None, team="Volume Crime Team")
    story.wait(hours=1)
    allocated(story, crime, None, team="Burglary Team")
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, team=shown), row(beside, story.now, team="Fraud Team"))

    assert harms(story) == expected


@pytest.mark.parametrize(("how", "expected"), [("", True), ("on pages", False)])
def test_a_row_that_a_browser_read_has_neither_force_nor_team(how: str, *, expected: bool) -> None:
    """What no selector looks for proves nothing; another force's name is wrong as ever."""
    for force, team, is_wrong in (("", "", expected), ("hampshire", "", True)):
        story, alex, crime = one_invited()
        allocated(story, crime, None, team="Burglary Team")
        story.wait(hours=1)
        lists(story, alex, row(crime, story.now, team=team, force=force), how=how)
        assert bool(harms(story)) == is_wrong


@pytest.mark.parametrize(("minutes", "is_closed"), [(14, False), (60, True)])
def test_no_team_need_be_shown_before_it_is_due_or_after_the_end(
    *, minutes: int, is_closed: bool
) -> None:
    """A young allocation may be shown a little later; a case that is over is with nobody."""
    story, alex, crime = one_invited()
    allocated(story, crime, None, team="Volume Crime Team")
    if is_closed:
        story.closed(crime)
    story.wait(minutes=minutes)
    lists(story, alex, row(crime, story.now))

    assert harms(story) == []


@pytest.mark.parametrize("name", [LUND.name, "DC B Lund"], ids=["the same", "another spelling"])
def test_an_officer_who_has_left_may_be_shown_until_another_has_the_crime(name: str) -> None:
    """The order does not say; by another spelling it may be the officer of that collar number."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    officer = Officer(name=name, collar_number=LUND.collar_number)
    left = OfficerUnavailable(
        crime_reference=crime.crime_reference, officer=officer, why="left", unavailable_at=story.now
    )
    story.happens(left)
    story.wait(hours=1)
    for shown in ("", "DC Lund, 1193"):
        lists(story, alex, row(crime, story.now, officer_in_charge=shown))

    assert harms(story) == []


def test_an_old_allocation_that_comes_late_changes_nothing() -> None:
    """The later fact stands, whenever it came."""
    story, alex, crime = one_invited()
    late = allocated(story, crime, LUND, deliver=False)
    story.wait(hours=1)
    allocated(story, crime, OKAFOR)
    story.wait(hours=1)
    story.deliver(late)
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, officer_in_charge="PC Okafor, 4271"))

    assert harms(story) == []

    lists(story, alex, row(crime, story.now, officer_in_charge="DC Lund, 1193"))

    assert harms(story) == FORMER


def test_nobody_need_be_named_once_the_case_has_ended() -> None:
    """A former officer may not be, even then."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    allocated(story, crime, OKAFOR)
    story.wait(hours=1)
    story.closed(crime)
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, status="closed"))

    assert harms(story) == []


def test_two_officers_may_share_a_collar_number() -> None:
    """Then the number alone says nothing of the former one."""
    story, alex, crime = one_invited()
    allocated(story, crime, Officer("PC Elm", "4271"))
    story.wait(hours=1)
    allocated(story, crime, OKAFOR)
    story.wait(hours=1)
    lists(story, alex, row(crime, story.now, officer_in_charge="PC Okafor, 4271"))

    assert harms(story) == []


@pytest.mark.parametrize(
    ("offence", "expected"),
    [
        ("Criminal damage to a vehicle", []),
        ("criminal damage  to a vehicle", []),
        ("Theft of a pedal cycle", MISCALLED),
        ("149", MISCALLED),
        ("149 ABC", MISCALLED),
        ("149 ABCD", [("REVIEW", "lost", "portal", "CASE-09", True)]),
        ("Criminal damage to a veh", MISCALLED),
        ("Criminal damage to a", [("REVIEW", "lost", "portal", "CASE-09", True)]),
        ("", MISCALLED),
        ("Damage to your car", [("REVIEW", "lost", "portal", "CASE-09", True)]),
    ],
)
def test_a_crime_is_called_by_its_offence_as_last_classified(
    offence: str, expected: list[Harmed]
) -> None:
    """Words of the portal's own are for a person to look at, once a run."""
    story, alex, crime = one_invited()
    story.reclassified(crime, "Criminal damage", offence="Criminal damage to a vehicle")
    story.wait(hours=1)
    for _time in range(2):
        lists(story, alex, row(crime, story.now, offence=offence))

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("force", "expected"),
    [
        ("thames_valley", []),
        ("Thames Valley Police", []),
        ("", [fail("lost", "CASE-01")]),
        ("TVP", []),
        ("hampshire", [fail("lost", "CASE-01")]),
        ("Hampshire and Isle of Wight Constabulary", [fail("lost", "CASE-01")]),
    ],
)
def test_a_crime_is_not_shown_as_another_forces(force: str, expected: list[Harmed]) -> None:
    """By its key or by its name; a portal may call its own force as it likes, but not nothing."""
    story, alex, crime = one_invited()
    lists(story, alex, row(crime, story.now, force=force))

    assert harms(story) == expected


def test_each_crime_is_on_the_list_once() -> None:
    """Twice it may be taken for two."""
    story, alex, crime = one_invited()
    lists(story, alex, row(crime, story.now), row(crime, story.now))

    assert harms(story) == [fail("lost", "CASE-01")]


def test_nobody_elses_crime_is_on_the_list() -> None:
    """Its reference alone says too much."""
    story, alex, crime = one_invited()
    sam = story.person("Sam", channels=("text",))
    other = story.crime(sam)
    lists(story, alex, row(crime, story.now))

    assert harms(story) == []

    lists(story, alex, row(crime, story.now), row(other, story.now))

    assert harms(story) == [fail("disclosed", "PRIV-03")]
