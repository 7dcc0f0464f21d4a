"""Deliveries that integration does not make by itself reach the portal, and leave their trace."""

from typing import Any, Literal, get_args

import pytest

from simulator.drivers.base import Delivery
from simulator.drivers.exchange import Reply
from simulator.drivers.http import HttpDriver
from simulator.evidence.records import (
    EventDelivered,
    ForgedDelivery,
    InvalidDelivery,
    MessageAccepted,
    MessageRefused,
    ReceiptSent,
    Record,
)
from simulator.explore.contract_limits import BEYOND
from simulator.explore.steps import (
    Close,
    Defect,
    DeliverTogether,
    Deploy,
    Forge,
    NextReceipt,
    RefuseSend,
    SendBeyond,
    SendHeldBack,
    SendInvalid,
    SignedBy,
    SignIn,
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


@pytest.mark.parametrize(
    ("field", "value"), [(field, each) for field, values in BEYOND.items() for each in values]
)
def test_what_is_beyond_a_limit_is_refused_and_the_field_is_named(field: str, value: int) -> None:
    """The reference names the field; what comes after is taken as ever."""
    records = evidence(
        SendBeyond(crime=CRIME, field=field, value=value),
        Deploy(crime=CRIME, event="e2"),
        Wait(seconds=DAY),
    )

    assert [each.status for each in records if isinstance(each, InvalidDelivery)] == [400]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(202, b""), "answered 202 to area of 201, beyond the limit of the contract"),
        (Reply(500, b""), "it asks for a refusal from 400 to 499, with a problem document"),
        (Reply(400, b"no"), "with a problem document"),
        (Reply(400, b'{"title": "no"}'), "and not what is wrong, area"),
        (Reply(400, b'{"title": "no", "field": "[0].data.place"}'), "'[0].data.place'"),
    ],
)
def test_another_answer_to_what_is_beyond_a_limit_fails(
    monkeypatch: pytest.MonkeyPatch, reply: Reply, words: str
) -> None:
    """A portal that takes it, or does not say what is wrong, is found."""
    answer_to = HttpDriver.answer_to

    def answered(driver: HttpDriver, delivery: Delivery, **how: Any) -> Reply:
        is_beyond = b"e" * 201 in b"".join(delivery.events)
        return reply if is_beyond else answer_to(driver, delivery, **how)

    monkeypatch.setattr(HttpDriver, "answer_to", answered)
    sent = SendBeyond(crime=CRIME, field="area", value=201)
    [failure] = reference().judged(story(RECORDED, sent)).failures

    assert words in failure.observed


def test_a_portal_that_can_do_nothing_now_is_not_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says 503 while a neighbour is down."""
    monkeypatch.setattr(
        "simulator.explore.odd_deliveries.HttpDriver.answer_to",
        lambda *_of, **_how: Reply(503, b""),
    )
    sent = SendBeyond(crime=CRIME, field="area", value=201)
    failures = reference().judged(story(RECORDED, sent)).failures

    assert not [each for each in failures if "area of 201" in each.observed]


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
        ("fails late", ["permanent-failure"]),
    ],
)
def test_the_gateway_says_what_the_story_says(
    receipt: NextReceipt | Literal["fails late"], expected: list[str]
) -> None:
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


def test_a_code_fails_where_the_story_says_so() -> None:
    """The invitation before it, and what else comes, does not."""
    records = evidence(
        Wait(seconds=DAY),
        TellReceipt(person="Sam", channel="text", receipt="permanent-failure", of_code=True),
        SignIn(person="Sam", by="link"),
        Wait(seconds=DAY),
    )
    sent = {each.message_id: each for each in records if isinstance(each, MessageAccepted)}
    failed = [
        sent[each.message_id].carries
        for each in records
        if isinstance(each, ReceiptSent) and each.status == "permanent-failure"
    ]

    assert failed == ["one_time_code"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_gateway_refuses_a_message_once(status: Literal[429, 500, 503]) -> None:
    """It takes it when it is sent again, and a code is refused never."""
    records = evidence(
        Wait(seconds=DAY),
        RefuseSend(person="Sam", channel="text", status=status),
        SignIn(person="Sam", by="link"),
        Deploy(crime=CRIME, event="e2"),
        Wait(seconds=DAY),
    )
    refused = [each.status for each in records if isinstance(each, MessageRefused)]
    told = [
        each
        for each in records
        if isinstance(each, MessageAccepted) and each.channel == "text" and not each.carries
    ]

    assert (refused, len(told)) == ([status], 1)
