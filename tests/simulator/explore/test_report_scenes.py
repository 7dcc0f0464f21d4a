"""Some made-up stories have reports of people about whom something is particular."""

from collections import Counter
from functools import partial

import pytest
from msgspec import structs

from reference.contract.events import ToldInstead, VictimRecord
from simulator.explore.steps import (
    ChangeDetails,
    CloseIncident,
    RecordCrime,
    ReportIncident,
    SendHeldBack,
)
from simulator.explore.story import Story
from tests.simulator.explore.stories import drawn_stories

pytestmark = pytest.mark.slow(seconds=8)
stories = partial(drawn_stories, 900, phase=1, seed=8)
#: Where the order asks for no date of birth, a record has none; a record's role is the crime's.
_DRAWN_ELSEWHERE = {"person_id", "role", "agreed_word_digest", "date_of_birth_digest"}


def first_reports() -> list[tuple[Story, ReportIncident]]:
    """List the stories that begin with a report."""
    return [
        (each, each.steps[0])
        for each in stories()
        if each.steps and isinstance(each.steps[0], ReportIncident)
    ]


def given(record: VictimRecord | ToldInstead) -> set[str]:
    """Name the fields of a record that have another value than the usual one."""
    return {
        each.name
        for each in structs.fields(type(record))
        if each.name not in _DRAWN_ELSEWHERE and getattr(record, each.name) != each.default
    }


def test_a_report_may_come_before_any_crime_and_without_one() -> None:
    """A crime of the same reference follows, or another, or none; some reports have a marker."""
    found = Counter[str]()
    for story, report in first_reports():
        recorded = [each for each in story.steps if isinstance(each, RecordCrime)]
        is_closed = CloseIncident in {
            type(e) for e in story.steps if getattr(e, "crime", "") == report.crime
        }
        its_own = any(each.crime == report.crime for each in recorded)
        found["closed" if is_closed else "its crime" if its_own else "no crime"] += 1
        found["marked"] += bool(report.safeguarding)
        found["late"] += report.happened_seconds_ago > 0

    assert min(found[each] for each in ("closed", "its crime", "no crime", "marked", "late")) >= 5


def test_reports_have_every_field_given_and_blank() -> None:
    """Each field of the record, and of who is told instead, has another value in some report."""
    records = [
        person.record
        for story, report in first_reports()
        for person in story.people
        if person.label == report.person
    ]
    records += [
        step.record
        for story in stories()
        for step, following in zip(story.steps[:-2], story.steps[2:], strict=True)
        if isinstance(step, ChangeDetails) and isinstance(following, ReportIncident)
    ]
    told = [each.told_instead for each in records if each.told_instead is not None]
    of_records = Counter(name for each in records for name in given(each))
    of_contacts = Counter(name for each in told for name in given(each))
    every = {each.name for each in structs.fields(VictimRecord)} - _DRAWN_ELSEWHERE
    of_told = {each.name for each in structs.fields(ToldInstead)} - _DRAWN_ELSEWHERE

    assert every - {*of_records} == set()
    assert of_told - {*of_contacts} == set()
    always_given = {name for name, count in of_records.items() if count == len(records)}
    assert not always_given & (every - {"safe_to_contact"})


def test_a_report_may_bring_what_is_new_of_its_person() -> None:
    """The change itself is held back until later, or never comes."""
    sent = []
    for story in stories():
        for place, step in enumerate(story.steps[:-2]):
            report = story.steps[place + 2]
            if not (isinstance(step, ChangeDetails) and isinstance(report, ReportIncident)):
                continue
            if step.carriage == "held back" and step.person == report.person:
                sent.append(SendHeldBack(event=step.event) in story.steps[place:])

    assert sent.count(True) >= 5
    assert sent.count(False) >= 5
