"""Deliveries that integration does not make by itself reach the portal, and leave their trace."""

from typing import get_args

import pytest

from simulator.evidence.records import (
    EventDelivered,
    ForgedDelivery,
    InvalidDelivery,
    MessageAccepted,
    ReceiptSent,
    Record,
)
from simulator.explore.steps import (
    Close,
    Defect,
    DeliverTogether,
    Deploy,
    Forge,
    NextReceipt,
    SendHeldBack,
    SendInvalid,
    SignedBy,
    Step,
    TellReceipt,
    Wait,
)
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, reference, story

HELD = Deploy(crime=CRIME, event="e2", carriage="held back")


def evidence(*steps: Step) -> tuple[Record, ...]:
    """Play steps on the reference; nothing may fail."""
    judged = reference().judged(story(RECORDED, *steps))
    assert judged.failures == ()
    return judged.records


@pytest.mark.parametrize("signed_by", get_args(SignedBy))
def test_what_somebody_else_claims_is_refused(signed_by: SignedBy) -> None:
    """The reference answers 401; the closure that was claimed sets nothing off."""
    claim = Close(crime=CRIME, event="e2", outcome=18)
    records = evidence(Forge(claim=claim, signed_by=signed_by), Wait(seconds=DAY))

    assert [each.status for each in records if isinstance(each, ForgedDelivery)] == [401]


def test_a_forged_event_does_not_take_the_place_of_the_real_one() -> None:
    """It has the id of an event that integration holds back, which is then taken."""
    claim = Close(crime=CRIME, event="e3", outcome=18)
    records = evidence(
        HELD,
        Forge(claim=claim, signed_by="nobody", as_event="e2"),
        SendHeldBack(event="e2"),
        Wait(seconds=DAY),
    )

    sent = [each.carries for each in records if isinstance(each, MessageAccepted)]

    assert sent.count("invitation") == sent.count("") == 2


@pytest.mark.parametrize("defect", get_args(Defect))
def test_what_the_contract_does_not_allow_harms_nothing_else(defect: Defect) -> None:
    """The reference refuses the whole delivery; what was in it then comes alone."""
    records = evidence(
        HELD,
        SendInvalid(crime=CRIME, defect=defect, along="e2"),
        SendHeldBack(event="e2"),
        Wait(seconds=DAY),
    )

    assert [each.status for each in records if isinstance(each, InvalidDelivery)] == [400]


def test_events_come_together_with_old_ones_and_in_any_order() -> None:
    """A hundred events are one delivery, and one more is another."""
    records = evidence(
        HELD,
        Wait(seconds=1),
        Deploy(crime=CRIME, event="e3", carriage="held back"),
        DeliverTogether(events=("e1", "e3", "e2"), copies_before=98),
        Wait(seconds=DAY),
    )
    delivered = [each for each in records if isinstance(each, EventDelivered)]
    ids = [each.correlation_id for each in delivered]

    assert len(ids) == 102
    assert [ids.count(each) for each in dict.fromkeys(ids)] == [1, 100, 1]


@pytest.mark.parametrize(
    ("receipt", "expected"),
    [
        ("permanent-failure", ["permanent-failure"]),
        ("temporary-failure", ["temporary-failure"]),
        ("technical-failure", ["technical-failure"]),
        ("late", ["delivered"]),
        ("twice", ["delivered", "delivered"]),
        ("never", []),
    ],
)
def test_the_gateway_says_what_the_story_says(receipt: NextReceipt, expected: list[str]) -> None:
    """Of the next message to this phone, and of no other."""
    records = evidence(
        Wait(seconds=DAY),
        TellReceipt(person="Sam", channel="text", receipt=receipt),
        Deploy(crime=CRIME, event="e2"),
        Wait(seconds=5 * DAY),
    )
    texts = [
        each.message_id
        for each in records
        if isinstance(each, MessageAccepted) and each.channel == "text"
    ]
    said = [
        each.status
        for each in records
        if isinstance(each, ReceiptSent) and each.message_id == texts[1]
    ]

    assert said == expected
