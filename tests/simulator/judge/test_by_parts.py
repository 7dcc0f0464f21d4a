"""A run judged by parts: what is about the same people stays together; harm across people shows.

Every story of the judge's tests is judged both ways, in `Story.judged`.
"""

from datetime import date

import pytest

from reference.contract.events import CrimeAllocated, Officer, OfficerUnavailable
from simulator.judge.by_parts import judge_by_parts
from simulator.judge.parts_of_a_run import parts_of
from tests.simulator.judge.expected import fail, harms_in
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import UPDATE, Story

OKAFOR = Officer("PC Okafor", "1234")


def together(story: Story) -> int:
    """Count the parts of a story's evidence, each as small as can be."""
    return len(parts_of(story.records, records_max=1).places)


def two_strangers(story: Story) -> tuple[tuple[Person, Happened], tuple[Person, Happened]]:
    """Invite two people who have nothing in common."""
    found = []
    for name in ("Alex", "Robin"):
        person = story.person(name)
        crime = story.crime(person)
        story.invite(person, crime)
        found.append((person, crime))
    return found[0], found[1]


def test_strangers_are_apart() -> None:
    """Two people with two crimes are two parts, with no record twice and none left out."""
    story = Story()
    two_strangers(story)
    parts = parts_of(story.records, records_max=1).places

    assert len(parts) == 2
    assert sorted(place for each in parts for place in each) == list(range(len(story.records)))


def test_small_parts_are_put_together() -> None:
    """A part is filled with others up to the number of records asked for."""
    story = Story()
    two_strangers(story)

    assert len(parts_of(story.records, records_max=1000).places) == 1


@pytest.mark.parametrize("by", ["merger", "address", "page", "words", "likeness"])
def test_what_touches_both_keeps_them_together(by: str) -> None:
    """Crimes merged, a shared number, another's page, another's words, one name and birthday."""
    story = Story(phase=3)
    (alex, crime), (robin, other) = two_strangers(story)
    assert together(story) == 2
    if by == "merger":
        story.merged(crime, other)
    elif by == "address":
        story.message(alex, "text", crime, to=robin.recorded_at("text"))
    elif by == "page":
        story.sees(alex, other, "An officer is on the way.")
    elif by == "words":
        story.replied(other, robin, "We have your bicycle.")
        story.sees(alex, crime, "We have your bicycle.", where="conversation")
    else:
        for person, of in ((alex, crime), (robin, other)):
            same = {"given_name": "Sam", "family_name": "Hill", "born": date(1980, 2, 1)}
            story.details_changed(of, person.written(**same))

    assert together(story) == 1


def test_what_nobody_can_tell_apart_is_one_part() -> None:
    """A stranger's "not for me" may hang on what anybody did: the run stays whole."""
    story = Story()
    two_strangers(story)
    story.says_not_for_me("07700900999")

    assert together(story) == 1


def test_outages_are_in_every_part() -> None:
    """What concerns everybody is read with each part."""
    story = Story()
    two_strangers(story)
    story.gateway_goes_down()
    story.gateway_comes_back()
    parts = parts_of(story.records, records_max=1).places

    assert [len(story.records) - 1 in each.tolist() for each in parts] == [True, True]


def test_an_officer_away_for_one_crime_is_away_for_another() -> None:
    """The question about the second crime may go to either, as in one case book."""
    story = Story(phase=3)
    (alex, crime), (robin, other) = two_strangers(story)
    for person, of in ((alex, crime), (robin, other)):
        allocated = CrimeAllocated(
            crime_reference=of.crime_reference,
            allocated_at=story.now,
            officer_in_charge=OKAFOR,
            team="Team 1",
        )
        story.tell(person, story.happens(allocated))
    story.wait(hours=1)
    away = OfficerUnavailable(
        crime_reference=other.crime_reference,
        officer=OKAFOR,
        why="left",
        unavailable_at=story.now,
    )
    story.happens(away)
    story.wait(hours=1)
    story.asks(alex, crime, "Is there news?")
    story.stamped(alex, crime, "Is there news?")
    story.task(alex, crime, kind="victim_question", assignee="Team 1")

    assert together(story) == 2
    assert not [each for each in story.harms(end=story.now) if each[3].startswith("TWO")]


def test_a_birthday_counts_when_the_next_record_of_anybody_comes() -> None:
    """The day passes for everybody, and not only where something is written down."""
    story = Story()
    child = story.person("Robin", born=date(2008, 6, 4))
    story.crime(child)
    story.wait(days=4)
    two_strangers(story)

    assert together(story) == 3
    # Judged both ways; each case book sees the birthday at the same record.
    story.harms()


def test_a_link_of_its_own_is_found_across_people() -> None:
    """Each person's link alone looks harmless; two that differ are each a person's own."""
    story = Story()
    (alex, crime), (robin, other) = two_strangers(story)
    story.wait(hours=1)
    for person, of, token in ((alex, crime, "aB3xK9qT7w"), (robin, other, "zZ8yL2mN4p")):
        body = f"{UPDATE}/u/{token}{token}"
        story.message(person, "text", story.deployed(of), body=body)
    whole = harms_in(story.judged())
    by_parts = judge_by_parts(
        story.order, story.records, correlates=True, end=story.now, records_max=1
    )

    assert together(story) == 2
    assert fail("disclosed", "PRIV-04") in whole
    assert fail("disclosed", "PRIV-04") in harms_in(by_parts)


def test_what_is_judged_is_told_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each record of each part counts once, so that the last word is of all."""
    monkeypatch.setattr("simulator.judge.by_parts._RECORDS_APART", 1)
    story = Story()
    two_strangers(story)
    said: list[int] = []

    judge_by_parts(
        story.order,
        story.records,
        correlates=True,
        end=story.now,
        records_max=1,
        judged_so_far=said.append,
    )

    assert said == list(range(1, said[-1] + 1))
    assert said[-1] >= len(story.records)
