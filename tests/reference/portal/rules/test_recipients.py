"""A person's role in a crime and who is told for them: for every record there can be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import Role, ToldInstead, VictimRecord
from reference.portal.rules import recipients
from reference.portal.settings import settings_from
from tests.reference.portal.crimes import NOON, alex
from tests.reference.portal.scene import SETTINGS

CONTACT = ToldInstead(given_name="Priya", family_name="Nair", email="priya@mail.example")
CHILD = date(2012, 6, 3)
RECORDS = st.from_type(VictimRecord)
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def why_not(
    record: VictimRecord,
    *,
    role: Role = "victim",
    now: datetime = NOON,
    is_flagged_elsewhere: bool = False,
) -> str:
    """Find why a person is not told about a crime recorded at noon."""
    return recipients.why_not(
        record,
        role=role,
        recorded_at=NOON,
        now=now,
        age_min_years=18,
        is_flagged_elsewhere=is_flagged_elsewhere,
    )


def told_for(**changes: Any) -> VictimRecord:
    """Make the record of a person for whom it was decided that Priya is told."""
    return alex(who_is_told="another", told_instead=CONTACT, **changes)


@pytest.mark.parametrize(
    ("record", "why", "kind"),
    [
        (alex(), "", None),
        (alex(is_suspect_in_linked_crime=True), recipients.SUSPECT, "sensitive_contact"),
        (alex(is_restricted=True), recipients.RESTRICTED, "sensitive_contact"),
        (alex(has_died=True), recipients.DIED, "who_is_told"),
        (alex(has_died=True, who_is_told="victim"), recipients.DIED, "who_is_told"),
        (alex(has_died=True, who_is_told="another"), recipients.DIED, "who_is_told"),
        (alex(kind="organisation"), recipients.ORGANISATION, "who_is_told"),
        (alex(kind="organisation", who_is_told="victim"), recipients.ORGANISATION, "who_is_told"),
        (alex(who_is_told="nobody"), recipients.NOBODY, None),
        (alex(born=CHILD), "under 18", "who_is_told"),
        (alex(born=CHILD, who_is_told="victim"), "", None),
        (alex(born=CHILD, who_is_told="another"), "under 18", "who_is_told"),
        (alex(who_is_told="another"), f"{recipients.NO_DECISION}nobody is named", "who_is_told"),
        (told_for(), "", None),
        (told_for(born=CHILD), "", None),
        (told_for(has_died=True), "", None),
        (told_for(kind="organisation"), "", None),
        (told_for(is_suspect_in_linked_crime=True), recipients.SUSPECT, "sensitive_contact"),
        (alex(told_instead=CONTACT, born=CHILD), "under 18", "who_is_told"),
    ],
)
def test_each_reason_and_whom_it_is_left_to(
    record: VictimRecord, why: str, kind: str | None
) -> None:
    """What is not decided is asked; what a person must say is asked of one; the rest of nobody."""
    asked = recipients.task_for(why, 18)

    assert why_not(record) == why
    assert (asked.kind if asked else None) == kind


@given(RECORDS, st.sampled_from([each for each in get_args(Role) if each != "victim"]))
def test_nobody_but_a_victim_is_ever_told(record: VictimRecord, role: Role) -> None:
    """Whatever else stands in a record; and nobody is asked to tell them either."""
    why = why_not(record, role=role)

    assert role in why
    assert recipients.task_for(why, 18) is None


@pytest.mark.parametrize("is_restricted", [None, True, False])
@pytest.mark.parametrize("is_police", [False, True])
@pytest.mark.parametrize("unmarked", ["restricted", "not_restricted"])
def test_only_an_unmarked_police_employee_is_as_the_order_says(
    *, is_restricted: bool | None, is_police: bool, unmarked: str
) -> None:
    """What was recorded counts, whoever the record is about."""
    settings = settings_from(
        {**SETTINGS, "unmarked_police_employee": unmarked},
    )
    written = alex(is_police_employee=is_police, is_restricted=is_restricted)
    record = recipients.as_ordered(written, settings)
    expected = is_police and unmarked == "restricted" if is_restricted is None else is_restricted

    assert why_not(record) == (recipients.RESTRICTED if expected else "")
    assert recipients.is_flagged(record) is expected


@pytest.mark.parametrize("means", ["not_safe", "safe"])
@pytest.mark.parametrize("is_safe", [None, True, False])
def test_a_blank_is_safe_only_where_the_order_says_so(*, is_safe: bool | None, means: str) -> None:
    """Of the victim, and of the person who is told in their place."""
    settings = settings_from({**SETTINGS, "blank_safe_to_contact": means})
    told = structs.replace(CONTACT, safe_to_contact=is_safe)
    written = alex(safe_to_contact=is_safe, who_is_told="another", told_instead=told)
    record = recipients.as_ordered(written, settings)
    expected = means == "safe" if is_safe is None else is_safe

    assert (recipients.why_not_safe(record) == "") is expected
    assert (recipients.why_not_safe(recipients.addressed(record)) == "") is expected


@given(RECORDS, MOMENTS)
def test_nobody_who_has_died_is_ever_addressed(record: VictimRecord, now: datetime) -> None:
    """Where anybody is told for the dead, it is by another's name and at another's addresses."""
    died = structs.replace(record, has_died=True)
    if why_not(died, now=now) == "":
        told = recipients.addressed(died)

        assert died.told_instead is not None
        assert told.given_name == died.told_instead.given_name
        assert told.mobile_phone == died.told_instead.mobile_phone
        assert told.email == died.told_instead.email


@given(RECORDS)
def test_a_person_who_is_told_is_addressed_once(record: VictimRecord) -> None:
    """A record that was put in their words stays as it is, and keeps whose it is."""
    told = recipients.addressed(record)

    assert recipients.addressed(told) == told
    assert (told.person_id, told.born) == (record.person_id, record.born)


def test_what_stands_elsewhere_comes_before_what_was_decided() -> None:
    """A guardian is not told either of a child who is in danger elsewhere."""
    assert why_not(told_for(born=CHILD), is_flagged_elsewhere=True) == recipients.ELSEWHERE


@pytest.mark.parametrize(
    ("born", "at"),
    [
        (date(2008, 6, 5), datetime(2026, 6, 4, 23, tzinfo=UTC)),  # midnight in London in summer
        (date(2008, 12, 5), datetime(2026, 12, 5, tzinfo=UTC)),
        (date(2010, 2, 28), datetime(2028, 2, 28, tzinfo=UTC)),
        (date(2012, 2, 29), datetime(2030, 3, 1, tzinfo=UTC)),  # no 29 February that year
    ],
)
def test_a_decision_ends_at_midnight_in_london(born: date, at: datetime) -> None:
    """To the second: told until then, and asked from then on."""
    record = told_for(born=born)

    assert recipients.comes_of_age_at(record, 18) == at
    assert why_not(record, now=at - timedelta(seconds=1)) == ""
    assert why_not(record, now=at) == recipients.CAME_OF_AGE


@given(st.dates(date(1990, 1, 1), date(2026, 6, 2)), st.integers(0, 40_000))
def test_the_diary_and_the_rule_agree(born: date, later: int) -> None:
    """Who was under age when the crime was recorded is no longer told for from that moment on."""
    record = told_for(born=born)
    at = recipients.comes_of_age_at(record, 18)
    assert at is not None
    now = NOON + timedelta(days=later)
    is_over = NOON < at <= now

    assert why_not(record, now=now) == (recipients.CAME_OF_AGE if is_over else "")


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        (told_for(), told_for(mobile_phone="07700900999"), False),
        (told_for(), alex(who_is_told="another", told_instead=ToldInstead(given_name="Jo")), True),
        (told_for(), alex(), True),
        (alex(), told_for(), True),
        (alex(), alex(given_name="Alec"), False),
        (alex(who_is_told="victim", told_instead=CONTACT), alex(), False),
    ],
)
def test_somebody_else_is_told_when_the_named_one_changes(
    before: VictimRecord, after: VictimRecord, *, is_another: bool
) -> None:
    """A victim's own name may be spelt another way; the name of their contact may not."""
    assert recipients.is_another(before, after) == is_another


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        (alex("other", given_name=" ALEX ", family_name="marsh"), True),
        (alex("other", mobile_phone="", email="a@mail.example"), True),
        (alex("other", given_name="Alec"), False),
        (alex("other", born=date(1980, 2, 28)), False),
    ],
)
def test_records_of_one_person_share_name_and_birthday(
    other: VictimRecord, *, is_alike: bool
) -> None:
    """As forces match people; what is missing is like nothing."""
    assert (recipients.likeness(other) == recipients.likeness(alex())) == is_alike


def test_what_is_not_known_is_like_nobody() -> None:
    """A missing birthday or name, and an organisation, match nobody: not even each other."""
    for record in (alex(born=None), alex(given_name=" "), alex(kind="organisation")):
        assert recipients.likeness(record) == ""
