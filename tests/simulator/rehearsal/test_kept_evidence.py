"""The evidence kept: everything about people who were harmed, enough to find every harm again."""

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
from simulator.files.units import Rate
from simulator.inputs.order import Order, read_order
from simulator.judge.fold import Judgement, judge
from simulator.population.faults import rates as fault_rates
from simulator.rehearsal import kept_evidence
from simulator.rehearsal.kept_evidence import select_evidence, victim_ids
from simulator.rehearsal.run import CompletedRehearsal
from simulator.verdicts import Finding
from tests.simulator.rehearsal.small import rehearse_small


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> tuple[CompletedRehearsal, Order]:
    """A rehearsal with many wrong details, in which many people are harmed."""
    folder = tmp_path_factory.mktemp("harmful")
    rates = fault_rates.read_fault_rates()
    with pytest.MonkeyPatch.context() as patch:
        wrong = structs.replace(
            rates,
            contacts=rates.contacts
            | {
                "digit_wrong": _with(rates.contacts["digit_wrong"], 0.25),
                "email_misspelt": _with(rates.contacts["email_misspelt"], 0.15),
                "email_of_another": _with(rates.contacts["email_of_another"], 0.15),
            },
        )
        patch.setattr(fault_rates, "read_fault_rates", lambda **_where: wrong)
        rehearsed = rehearse_small(folder)
    return rehearsed, read_order(folder / "order.toml")


@pytest.fixture
def few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep few people who were not harmed, as in a large rehearsal."""
    monkeypatch.setattr(kept_evidence, "OTHERS_MAX", 3)


def _with(share: Rate, value: float) -> Rate:
    return structs.replace(share, value=value)


def parts(harmful: tuple[CompletedRehearsal, Order]) -> tuple[list[Record], Judgement, Order]:
    """Give the live portal's evidence, what was judged of it, and the order."""
    rehearsed, order = harmful
    return list(rehearsed.evidence["live"]), rehearsed.judgements["live"], order


def about(record: Record, person_id: str) -> bool:
    """Return whether a record names a person."""
    if isinstance(record, EventRecorded):
        return person_id in victim_ids(record)
    return getattr(record, "person_id", "") == person_id


def harmed(judgement: Judgement) -> set[str]:
    """Return everybody who was harmed."""
    return {each.person_id for each in judgement.findings} - {""}


def told(findings: list[Finding]) -> set[tuple[str, ...]]:
    """Return the findings in a form that can be compared."""
    return {
        (each.kind, each.harm, each.owner, each.person_id, each.crime_reference, str(each.at))
        for each in findings
    }


@pytest.mark.proof
def test_the_evidence_kept_is_a_part_in_the_same_order(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """Nothing is added or moved, and much is left out."""
    records, judgement, _order = parts(harmful)

    remaining = iter(records)

    found = list(select_evidence(records, judgement))
    assert all(any(each is other for other in remaining) for each in found)
    assert 0 < len(found) < len(records)


def test_everything_about_the_harmed_is_kept(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """Everything is kept: who they are, what was recorded, what they did and saw."""
    records, judgement, _order = parts(harmful)
    found = {id(each) for each in select_evidence(records, judgement)}
    people = harmed(judgement)

    assert len(people) > 10
    for person_id in people:
        missing = [each for each in records if about(each, person_id) and id(each) not in found]
        assert missing == []


def test_the_crimes_of_the_harmed_are_kept_whole(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """Every event of their crimes is kept, with its deliveries, messages and receipts."""
    records, judgement, _order = parts(harmful)
    found = {id(each) for each in select_evidence(records, judgement)}
    people = harmed(judgement)
    crimes = {
        each.crime_reference
        for each in records
        if isinstance(each, EventRecorded) and people & victim_ids(each)
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


def test_the_stranger_who_was_told_is_kept(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """The real holder of the number proves that a message was misdirected."""
    records, judgement, _order = parts(harmful)
    found = list(select_evidence(records, judgement))
    people = [each for each in records if isinstance(each, PersonKnown)]
    known = [each for each in found if isinstance(each, PersonKnown)]
    misdirected = [each for each in judgement.messages if each.fate == "misdirected"]

    assert misdirected
    for message in misdirected:
        holders = [each for each in people if message.address in {each.mobile_phone, each.email}]
        assert holders
        assert [each for each in holders if each in known]


def test_every_harm_can_be_found_again(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """Judging the kept evidence again finds every harm, so anyone can check."""
    records, judgement, order = parts(harmful)
    whole = judge(order, records, correlates=True, end=records[-1].at)

    again = judge(order, select_evidence(records, judgement), correlates=True, end=records[-1].at)

    assert told(whole.findings) - told(again.findings) == set()
    assert {each[1] for each in told(whole.findings)} >= {"misdirected"}


def test_nothing_new_is_found_in_what_is_kept(
    harmful: tuple[CompletedRehearsal, Order], few_others: None
) -> None:
    """The kept evidence shows no harm that the whole did not."""
    records, judgement, order = parts(harmful)
    whole = judge(order, records, correlates=True, end=records[-1].at)

    again = judge(order, select_evidence(records, judgement), correlates=True, end=records[-1].at)

    assert told(again.findings) - told(whole.findings) == set()


def test_a_few_others_are_kept_beside(ordinary: CompletedRehearsal, few_others: None) -> None:
    """The first few victims who were not harmed are kept, for comparison."""
    records, judgement = ordinary.evidence["live"], ordinary.judgements["live"]

    found = list(select_evidence(records, judgement))

    victims = [each for each in found if isinstance(each, PersonKnown) and each.role == "victim"]
    people = [each.person_id for each in victims]
    kept_anyway = harmed(judgement) | kept_evidence._sharing_with_the_refused(records)
    others = [each for each in people if each not in kept_anyway]
    # One of the first three may share an address with a victim who was refused.
    assert 2 <= len(others) <= 3
    assert any(isinstance(each, EventRecorded) for each in found)


def test_a_small_rehearsal_is_kept_whole(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """If there are few people, nobody is left out."""
    records, judgement = ordinary.evidence["Phase 1 test"], ordinary.judgements["Phase 1 test"]

    found = list(select_evidence(records, judgement))

    assert [each for each in records if isinstance(each, PersonKnown)] == [
        each for each in found if isinstance(each, PersonKnown)
    ]


def test_nothing_is_kept_of_nothing() -> None:
    """No evidence makes no error."""
    nothing = Judgement(findings=[], obligations=[], flags=[], messages=[])

    assert list(select_evidence([], nothing)) == []


def test_an_event_names_its_victims() -> None:
    """An event without victims gives nobody."""
    data = msgspec.Raw(b'{"victims":[{"person_id":"p"}],"more":null}')
    event = EventRecorded(
        at=datetime(2026, 6, 1, tzinfo=UTC),
        event_id="e",
        event_type="CrimeRecorded",
        crime_reference="43260000001",
        happened_at=datetime(2026, 6, 1, tzinfo=UTC),
        data=data,
    )

    assert victim_ids(event) == {"p"}
    assert victim_ids(structs.replace(event, data=msgspec.Raw(b'{"a":"x"}'))) == set()
