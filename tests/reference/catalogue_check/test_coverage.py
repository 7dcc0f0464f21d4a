"""Every case has words, once, and every template has a case."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest

from reference.catalogue_check import check
from reference.catalogue_check.coverage import coverage, faults_of_coverage
from reference.catalogue_check.triggers import ADVISED, MESSAGES, TRIGGERS, UNTOLD
from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    ClosingOutcome,
    CrimeAllocated,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    IncidentReported,
    Milestone,
    MilestoneReached,
    Officer,
    OfficerDeployed,
    OfficerUnavailable,
    OutcomeRecorded,
    VictimRecord,
)
from reference.portal.cases.timeline import _case
from reference.portal.words import catalogue
from reference.portal.words.wording import AUDIENCES
from tests.each_of import each_of
from tests.reference.catalogue_check.spoiled_words import (
    READ,
    only_fault,
    with_message,
    with_template,
    without_template,
)

Asked = tuple[str, str, str]
NOON = datetime(2026, 6, 3, 12, tzinfo=UTC)
OFFICER = Officer(name="PC Kim Shaw", collar_number="1234")


def events() -> Iterator[AnyEvent]:
    """Yield every event that stands on a page, in each way that changes its words."""
    crime: Any = {"crime_reference": "1"}
    for grade in (None, 1, 2, 3, 4):
        yield CrimeRecorded(
            **crime,
            force="thames_valley",
            offence_code="44",
            offence_subgroup="Bicycle theft",
            offence="Theft of a pedal cycle",
            grade=grade,
            recorded_at=NOON,
            victims=(),
        )
    yield OfficerDeployed(**crime, deployed_at=NOON)
    yield CrimeAllocated(**crime, allocated_at=NOON, officer_in_charge=OFFICER)
    yield CrimeAllocated(**crime, allocated_at=NOON, team="Oxford team")
    about: Any = {**crime, "appointment_id": "1", "person_id": "alex"}
    yield AppointmentMade(**about, starts_at=NOON)
    yield AppointmentChanged(**about, starts_at=NOON)
    yield AppointmentCancelled(**about)
    for milestone in get_args(Milestone):
        giver = "alex" if milestone == "statement_taken" else None
        yield MilestoneReached(**crime, milestone=milestone, reached_at=NOON, person_id=giver)
    yield OutcomeRecorded(**crime, outcome=1, decided_at=NOON)
    for outcome in get_args(ClosingOutcome):
        for decided_by in get_args(get_type_hints(CrimeClosed)["decided_by"]):
            for interviewed in (True, False, None):
                yield CrimeClosed(
                    **crime,
                    outcome=outcome,
                    closed_at=NOON,
                    decided_by=decided_by,
                    interviewed_under_caution=interviewed,
                )
    yield CrimeReopened(**crime, reopened_at=NOON)
    yield CrimeReclassified(
        **crime, offence_code="46", offence_subgroup="", offence="", reclassified_at=NOON
    )
    yield CrimeMerged(**crime, into="2", merged_at=NOON)
    yield CrimeUnmerged(**crime, unmerged_at=NOON)
    reporter = VictimRecord(person_id="alex")
    yield IncidentReported(**crime, force="thames_valley", received_at=NOON, victim=reporter)
    yield CrimeTransferred(**crime, to_force="Kent Police", transferred_at=NOON)
    away: Any = {**crime, "officer": OFFICER, "unavailable_at": NOON}
    yield OfficerUnavailable(**away, why="away", until=NOON)
    yield OfficerUnavailable(**away, why="away")
    yield OfficerUnavailable(**away, why="left")


def asked() -> list[Asked]:
    """List all that is asked for, by events and without: trigger, detail, variant."""
    subgroups = ["Bicycle theft", "Criminal damage", "Non-residential burglary", "Shoplifting"]
    subgroups += ["Other theft offences", "Public order offences", "Residential burglary"]
    subgroups += ["Robbery of personal property", "Theft from the person", "Vehicle offences"]
    subgroups += ["Violence without injury"]
    owners = ["officer", "team"]
    questions = [*owners, "away", "system_down", "court", "closed"]
    return [
        *((type(event).__name__, *_case(event)) for event in events()),
        *(("CrimeAllocated", "", f"new_{who}") for who in owners),
        ("CrimeClosed", "18", "unallocated"),
        *((each, "", "") for each in ("invitation", "code", "OfficerReplied", "late_answer")),
        *(("advice", each, "") for each in subgroups),
        *(("still_with_us", each, who) for each in ("1", "2", "3") for who in owners),
        *(("question_received", "", each) for each in questions),
        *(("received_text", "", each) for each in ("stop", "other")),
    ]


def test_every_template_is_reached_and_every_case_has_words() -> None:
    """What can happen finds words for every audience; no template is for what never comes."""
    words = catalogue.load()
    used = {
        words.entry(trigger, detail=detail, variant=variant, audience=audience).id
        for trigger, detail, variant in asked()
        for audience in AUDIENCES
    }

    assert used == {each.id for each in READ.template}


def test_every_event_is_told_or_has_a_reason_why_not() -> None:
    """No event of the contract was forgotten."""
    assert set(EVENT_TYPES) <= TRIGGERS.keys() | UNTOLD.keys()
    assert not TRIGGERS.keys() & UNTOLD.keys()
    assert UNTOLD.keys() <= EVENT_TYPES.keys()


def test_no_two_templates_are_for_one_case() -> None:
    """One case of one reader has one template, and every id is one template's."""
    cases = Counter(case for template in READ.template for case in template.cases)
    ids = Counter(template.id for template in READ.template)

    assert max(cases.values()) == 1
    assert max(ids.values()) == 1


@pytest.mark.parametrize(
    ("template_id", "changes", "fault"),
    [
        ("officer_deployed", {"id": "charged"}, "template 'charged': is there 2 times"),
        ("officer_deployed", {"message": "reply"}, "message is 'reply'; for OfficerDeployed it"),
        ("officer_deployed", {"message": ""}, "message is ''; for OfficerDeployed it is 'update'"),
        ("merged", {"message": "update"}, "message is 'update'; for CrimeMerged it is nothing"),
        ("officer_deployed", {"title": ""}, "has no title or no text, and is shown on a page"),
        ("officer_deployed", {"text": ""}, "has no title or no text, and is shown on a page"),
        ("code", {"title": "Your code"}, "has a title or text, but code is only sent"),
        ("closed_nobody_found", {"audience": "everyone"}, "for enhanced is already in"),
        ("merged", {"audience": "standard"}, "missing for CrimeMerged (enhanced and organisation)"),
        ("closed_caution", {"details": (2,)}, "missing for CrimeClosed, '3' (standard and enh"),
        ("closed_caution", {"details": (2, 3, 19)}, "nothing asks for CrimeClosed, '19'; take it"),
        ("closed_caution", {"details": (2, 3, 4)}, "CrimeClosed, '4' for standard is already in"),
        ("advice_home", {"details": ("Residential burglery",)}, "nothing asks for advice, 'Resid"),
        ("crime_recorded", {"variant": "late"}, "nothing asks for CrimeRecorded, variant 'late'"),
        ("officer_deployed", {"trigger": "OfficerSent"}, "trigger is 'OfficerSent'; nothing is"),
        ("text_stopped", {"message": "where_to_write"}, "message 'stopped': no template says"),
    ],
)
def test_what_is_covered_wrongly_is_found(
    template_id: str, changes: dict[str, Any], fault: str
) -> None:
    """Said twice, not at all, by another message, on no page, or for what never comes."""
    faults = list(check.faults(with_template(template_id, **changes)))

    assert any(fault in each for each in faults), faults
    # A case that is taken from one template is missing there, and asked for nowhere else.
    assert len(faults) <= 4


@each_of((each.id,) for each in READ.template)
def test_each_template_is_missed_when_it_is_gone(template_id: str) -> None:
    """There is none without which every case would still have words."""
    faults = list(faults_of_coverage(without_template(template_id)))

    assert faults
    assert all(" missing for " in each or "no template says" in each for each in faults)


@pytest.mark.parametrize(
    ("message_id", "changes", "fault"),
    [
        ("update", {"also_as": ("reply",)}, "message 'advice': is there 0 times; give it once"),
        ("still_with_us", {"also_as": ("reply",)}, "message 'reply': is there 2 times"),
        ("update", {"also_as": ("reply", "advice", "postcard")}, "'postcard': nothing sends it"),
    ],
)
def test_messages_are_those_that_the_portal_sends(
    message_id: str, changes: dict[str, Any], fault: str
) -> None:
    """Each name the portal asks for is there once, and no other."""
    faults = list(check.faults(with_message(message_id, **changes)))

    assert any(fault in each for each in faults), faults


def test_news_needs_an_email_too() -> None:
    """A message for news that has no email would not reach who gave only an address."""
    faults = list(check.faults(with_message("still_with_us", email_subject="", email_body="")))

    assert faults[0] == (
        "template 'still_with_us': message 'still_with_us' has no email;"
        " add email_subject and email_body"
    )


def test_a_gap_shows_where_it_is() -> None:
    """Coverage counts cases by channel and audience: what is taken away is missing there only."""
    full = coverage(READ)
    gap = coverage(without_template("charged_enhanced"))

    assert all(cell.covered == cell.needed for row in full.values() for cell in row.values())
    assert full["received_text"].keys() == {("text", each) for each in AUDIENCES}
    for trigger, row in gap.items():
        for (channel, audience), cell in row.items():
            is_gap = trigger == "OutcomeRecorded" and audience == "enhanced"
            assert cell.covered == cell.needed - is_gap, (trigger, channel, audience)


def test_a_page_without_words_is_a_gap_on_the_page_alone() -> None:
    """The message still goes out; there would be nothing to read."""
    row = coverage(with_template("reopened", text=""))["CrimeReopened"]

    assert {where[0] for where, cell in row.items() if cell.covered < cell.needed} == {"page"}


def test_the_portals_own_messages_are_all_there() -> None:
    """What other modules ask for by name answers to that name."""
    for name in MESSAGES:
        assert name in next(
            each.ids for each in READ.message if each.id == catalogue.load().notice(name).id
        )


def test_missing_words_are_one_fault() -> None:
    """A case without words is said once, for all audiences."""
    assert only_fault(without_template("reopened")) == (
        "template: missing for CrimeReopened (standard and enhanced and organisation); add it"
    )
    assert len(ADVISED) == len(set(ADVISED))
