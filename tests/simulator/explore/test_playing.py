"""A story is played on a real portal, and what it does goes into the evidence for the judge."""

from dataclasses import replace

from msgspec import structs

from simulator.evidence.records import (
    AddressGivenUp,
    ContactChosen,
    CrimeSystemWentDown,
    MessageAccepted,
    PhaseEntered,
    PortalRestarted,
    QuestionAsked,
    Record,
    SecondWorkerStarted,
    Seen,
    SignedIn,
    TextReceived,
)
from simulator.explore.steps import (
    Ask,
    Breakdown,
    ChangeDetails,
    ChooseChannels,
    Deploy,
    Move,
    SayNotForMe,
    SendHeldBack,
    SignOut,
    StartSecondWorker,
    Step,
    TellReceipt,
    TextBack,
    Wait,
    WriteNote,
)
from simulator.judge.facts.preferences import is_not_me
from tests.simulator.explore.stories import CRIME, DAY, PLAIN, RECORDED, SAM, reference, story


def evidence(*steps: Step, phase: int = 1) -> tuple[Record, ...]:
    """Play steps on the reference; nothing may fail."""
    judged = reference().judged(story(*steps, phase=phase))
    assert judged.failures == ()
    return judged.records


def of(records: tuple[Record, ...], kind: type[Record]) -> list[Record]:
    """Pick the records of a kind."""
    return [each for each in records if isinstance(each, kind)]


def test_a_plain_story_is_played_to_its_end() -> None:
    """The victim is invited, comes in, reads, is told of news, and reads again, twice."""
    records = evidence(*PLAIN)
    assert len(of(records, SignedIn)) == 3
    assert [each.carries for each in of(records, MessageAccepted)].count("invitation") == 2  # type: ignore[union-attr]
    assert len(of(records, Seen)) > 4
    assert [each.phase for each in of(records, PhaseEntered)] == [1]  # type: ignore[union-attr]


def test_the_same_story_leaves_the_same_evidence() -> None:
    """Apart from what a portal draws for itself, such as links and codes, which no evidence has."""
    one, other = evidence(*PLAIN), evidence(*PLAIN)
    assert [type(each) for each in one] == [type(each) for each in other]
    assert [each.at for each in one] == [each.at for each in other]


def test_what_is_held_back_comes_later() -> None:
    """The invitation waits until integration sends the crime."""
    held = structs.replace(RECORDED, carriage="held back")
    records = evidence(held, Wait(seconds=DAY), SendHeldBack(event="e1"))
    first = of(records, MessageAccepted)[0]
    assert first.at >= story().begins_at.replace(day=2)


def test_what_people_do_is_in_the_evidence() -> None:
    """A choice, a question, a text back, and NOT ME from the phone that a message reached."""
    records = evidence(
        *PLAIN[:3],
        ChooseChannels(person="Sam", channels=("email",)),
        Ask(person="Sam", crime=CRIME, text="Any news?"),
        TextBack(person="Sam", words="Thanks"),
        SayNotForMe(person="Sam", channel="text"),
        phase=3,
    )
    for kind in (ContactChosen, QuestionAsked):
        assert len(of(records, kind)) == 1, kind
    words = [each.words for each in of(records, TextReceived)]  # type: ignore[union-attr]
    assert words[0] == "Thanks"
    assert [is_not_me(each) for each in words] == [False, True]


def test_a_person_who_moves_is_reached_at_the_new_number_alone() -> None:
    """The force has the new number: nothing goes to the old one any more."""
    new = "07700900777"
    told = structs.replace(SAM.record, mobile_phone=new)
    records = evidence(
        *PLAIN[:3],
        Move(person="Sam", phone=new),
        ChangeDetails(crime=CRIME, event="e7", person="Sam", record=told),
        Wait(seconds=60),
        Deploy(crime=CRIME, event="e8"),
    )

    [given_up] = of(records, AddressGivenUp)
    assert given_up.address == SAM.phone  # type: ignore[union-attr]
    after = records[records.index(given_up) :]
    texts = [e for e in of(after, MessageAccepted) if e.channel == "text"]  # type: ignore[union-attr]
    assert {each.to for each in texts} == {new}  # type: ignore[union-attr]


def test_breakdowns_happen_and_end_with_the_story() -> None:
    """What went down comes back, and a restart is a restart."""
    records = evidence(
        *PLAIN[:2], Breakdown(what="crime system down"), Breakdown(what="portal restarted")
    )
    assert len(of(records, CrimeSystemWentDown)) == 1
    assert len(of(records, PortalRestarted)) == 1


def test_nobody_does_what_they_cannot() -> None:
    """Without an invitation nobody comes in, but after it; without a session nobody asks."""
    asked = Ask(person="Sam", crime=CRIME, text="?")
    records = evidence(*PLAIN[1:3], RECORDED, asked, phase=3)
    kinds = [type(each) for each in records]
    assert of(records, QuestionAsked) == []
    assert kinds.index(MessageAccepted) < kinds.index(SignedIn)


def test_who_never_tried_to_sign_in_reads_at_the_end() -> None:
    """Everyone who can signs in then, and reads it all."""
    records = evidence(RECORDED)
    [signed_in] = of(records, SignedIn)
    assert signed_in.at > story().begins_at
    assert {each.where for each in of(records, Seen)} == {"crimes", "timeline", "advice", "contact"}  # type: ignore[union-attr]


def test_a_second_worker_takes_half_of_the_requests() -> None:
    """The victim comes in, reads, stops texts and is told by email, and nothing is wrong."""
    records = evidence(
        *PLAIN[:1],
        StartSecondWorker(),
        *PLAIN[1:3],
        TextBack(person="Sam", words="STOP"),
        *PLAIN[3:],
        Breakdown(what="portal restarted"),
    )
    assert len(of(records, SecondWorkerStarted)) == 1
    assert len(of(records, SignedIn)) >= 2


def test_without_the_claim_there_is_no_second_worker() -> None:
    """Nor is a text back, or a restart, done on a portal that does not claim it."""
    tried = reference()
    claims = structs.replace(tried.target.claims, capabilities=("test_clock", "text", "email"))
    target = structs.replace(tried.target, claims=claims)
    not_done = (
        StartSecondWorker(),
        TextBack(person="Sam", words="STOP"),
        SayNotForMe(person="Sam", channel="text"),
        Breakdown(what="portal restarted"),
    )

    judged = replace(tried, target=target).judged(story(*PLAIN, *not_done))

    assert of(judged.records, SecondWorkerStarted) == []
    assert judged.done == PLAIN


def test_what_leaves_no_evidence_is_done_all_the_same() -> None:
    """A note, a receipt that is planned, and the end of a session; without one it cannot end."""
    note = WriteNote(crime=CRIME, text="To be kept.")
    receipt = TellReceipt(person="Sam", channel="text", receipt="late")
    out = SignOut(person="Sam")
    judged = reference().judged(story(*PLAIN[:3], note, receipt, out, out))
    assert judged.done == (*PLAIN[:3], note, receipt, out)
