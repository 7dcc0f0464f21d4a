"""Rules of what is kept: everything of whoever came to harm, enough to find every harm again."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageReached,
    PersonKnown,
    ReceiptSent,
    Record,
)
from simulator.files.checked_toml import Rate
from simulator.inputs.order import Order, read_order
from simulator.judge.fold import Judgement, judge
from simulator.population import fault_rates
from simulator.rehearsal import keep
from simulator.rehearsal.keep import kept, victims_in
from simulator.rehearsal.run import Rehearsed
from simulator.verdicts import Finding
from tests.simulator.rehearsal.small import rehearse_small


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rehearsed, Order]:
    """A rehearsal in which many details are wrong, so that many people come to harm."""
    folder = tmp_path_factory.mktemp("harmful")
    rates = fault_rates.read_data_quality_parameters()
    with pytest.MonkeyPatch.context() as patch:
        wrong = structs.replace(
            rates,
            mobile_wrong=_with(rates.mobile_wrong, 0.4),
            email_wrong=_with(rates.email_wrong, 0.3),
            email_wrong_reaches_another=_with(rates.email_wrong_reaches_another, 0.5),
        )
        patch.setattr(fault_rates, "read_data_quality_parameters", lambda: wrong)
        rehearsed = rehearse_small(folder)
    return rehearsed, read_order(folder / "order.toml")


@pytest.fixture
def few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep hardly anybody who did not come to harm, as in a large crowd."""
    monkeypatch.setattr(keep, "OTHERS_MAX", 3)


def _with(share: Rate, value: float) -> Rate:
    return structs.replace(share, value=value)


def parts(harmful: tuple[Rehearsed, Order]) -> tuple[list[Record], Judgement, Order]:
    """Give the live portal's evidence, what was judged of it, and the order."""
    rehearsed, order = harmful
    return rehearsed.evidence["live"], rehearsed.judgements["live"], order


def about(record: Record, person_id: str) -> bool:
    """Say whether a record names a person."""
    if isinstance(record, EventRecorded):
        return person_id in victims_in(record)
    return getattr(record, "person_id", "") == person_id


def harmed(judgement: Judgement) -> set[str]:
    """Give everybody who came to harm."""
    return {each.person_id for each in judgement.findings} - {""}


def told(findings: list[Finding]) -> set[tuple[str, ...]]:
    """Say what was found, in a form that compares."""
    return {
        (each.kind, each.harm, each.owner, each.person_id, each.crime_reference, str(each.at))
        for each in findings
    }


def test_what_is_kept_was_there_in_that_order(
    harmful: tuple[Rehearsed, Order], few_others: None
) -> None:
    """Nothing is added and nothing moved; and much is left out."""
    records, judgement, _order = parts(harmful)

    remaining = iter(records)

    found = kept(records, judgement)
    assert all(any(each is other for other in remaining) for each in found)
    assert 0 < len(found) < len(records)


def test_everything_about_the_harmed_is_kept(
    harmful: tuple[Rehearsed, Order], few_others: None
) -> None:
    """Who they are, what was recorded, what they did and what they saw: all of it."""
    records, judgement, _order = parts(harmful)
    found = {id(each) for each in kept(records, judgement)}
    people = harmed(judgement)

    assert len(people) > 10
    for person_id in people:
        missing = [each for each in records if about(each, person_id) and id(each) not in found]
        assert missing == []


def test_the_crimes_of_the_harmed_are_kept_whole(
    harmful: tuple[Rehearsed, Order], few_others: None
) -> None:
    """Every event of their crimes, its deliveries, its messages and what became of those."""
    records, judgement, _order = parts(harmful)
    found = {id(each) for each in kept(records, judgement)}
    people = harmed(judgement)
    crimes = {
        each.crime_reference
        for each in records
        if isinstance(each, EventRecorded) and people & victims_in(each)
    }
    events = {
        each.event_id
        for each in records
        if isinstance(each, EventRecorded) and each.crime_reference in crimes
    }
    messages = {
        each.message_id
        for each in records
        if isinstance(each, MessageAccepted) and each.reference in events | crimes
    }

    assert messages
    for each in records:
        if isinstance(each, EventRecorded | EventDelivered) and each.event_id in events:
            assert id(each) in found
        if (
            isinstance(each, MessageAccepted | MessageReached | ReceiptSent)
            and each.message_id in messages
        ):
            assert id(each) in found


def test_whoever_was_told_in_error_is_kept(
    harmful: tuple[Rehearsed, Order], few_others: None
) -> None:
    """The stranger who truly holds the number is the proof that a message was misdirected."""
    records, judgement, _order = parts(harmful)
    found = kept(records, judgement)
    people = [each for each in records if isinstance(each, PersonKnown)]
    known = [each for each in found if isinstance(each, PersonKnown)]
    misdirected = [each for each in judgement.messages if each.fate == "misdirected"]

    assert misdirected
    for message in misdirected:
        holders = [each for each in people if message.address in {each.mobile_phone, each.email}]
        assert holders
        assert [each for each in holders if each in known]


def test_every_harm_can_be_found_again(harmful: tuple[Rehearsed, Order], few_others: None) -> None:
    """Judged anew, what is kept shows every harm that the whole showed: whoever doubts can look."""
    records, judgement, order = parts(harmful)
    whole = judge(order, records, correlates=True, end=records[-1].at)

    again = judge(order, kept(records, judgement), correlates=True, end=records[-1].at)

    assert told(whole.findings) - told(again.findings) == set()
    assert {each[1] for each in told(whole.findings)} >= {"misdirected"}


def test_nothing_new_is_found_in_what_is_kept(
    harmful: tuple[Rehearsed, Order], few_others: None
) -> None:
    """A part of the evidence shows no harm that the whole did not."""
    records, judgement, order = parts(harmful)
    whole = judge(order, records, correlates=True, end=records[-1].at)

    again = judge(order, kept(records, judgement), correlates=True, end=records[-1].at)

    assert told(again.findings) - told(whole.findings) == set()


def test_a_few_others_are_kept_beside(ordinary: Rehearsed, few_others: None) -> None:
    """Of those to whom no harm came the first few are kept, for comparison."""
    records, judgement = ordinary.evidence["live"], ordinary.judgements["live"]

    found = kept(records, judgement)

    people = [each.person_id for each in found if isinstance(each, PersonKnown)]
    others = [each for each in people if each not in harmed(judgement)]
    assert len(others) == 3
    assert any(isinstance(each, EventRecorded) for each in found)


def test_a_small_crowd_is_kept_whole(ordinary: Rehearsed, tmp_path: Path) -> None:
    """Where there are few people, nobody is left out."""
    records, judgement = ordinary.evidence["Phase 1 test"], ordinary.judgements["Phase 1 test"]

    found = kept(records, judgement)

    assert [each for each in records if isinstance(each, PersonKnown)] == [
        each for each in found if isinstance(each, PersonKnown)
    ]


def test_nothing_is_kept_of_nothing() -> None:
    """No evidence makes no error."""
    assert kept([], Judgement(findings=[], obligations=[], flags=[], messages=[])) == []


def test_an_event_names_its_victims() -> None:
    """An event that names victims gives them, any other nobody."""
    data = msgspec.Raw(b'{"victims":[{"person_id":"p"}],"more":null}')
    event = EventRecorded(
        at=datetime(2026, 6, 1, tzinfo=UTC),
        event_id="e",
        event_type="CrimeRecorded",
        crime_reference="43260000001",
        happened_at=datetime(2026, 6, 1, tzinfo=UTC),
        data=data,
    )

    assert victims_in(event) == {"p"}
    assert victims_in(structs.replace(event, data=msgspec.Raw(b'{"a":"x"}'))) == set()
