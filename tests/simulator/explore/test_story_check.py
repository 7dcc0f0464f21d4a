"""A story that was edited by hand is checked before it is played: each mistake is one sentence."""

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator.errors import BadInput
from simulator.explore.other_people import with_other_people
from simulator.explore.steps import (
    Ask,
    Breakdown,
    ChangeDetails,
    Close,
    DeliverTogether,
    Deploy,
    EnterCode,
    Forge,
    Guess,
    KeepReading,
    Merge,
    Move,
    Pry,
    SayNotForMe,
    SendHeldBack,
    SignIn,
    SignInFrom,
    SignInTogether,
    Step,
    Unmerge,
    Wait,
)
from simulator.explore.story import GoLiveDays, OrderChange, Story, Stranger, write_story
from simulator.explore.story_check import check_story, read_checked_story
from simulator.explore.story_drawing import draw_story
from simulator.world.recipient_guard import Recipients
from tests.examples import examples
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, SAM, order, reference, story
from tests.simulator.real_files import ROOT

FILE = Path("story.json")
STRANGER = Stranger(label="Stranger 1", phone="07700900321", mailbox="kim@example.com")
KIM = structs.replace(
    SAM,
    label="Kim",
    record=structs.replace(SAM.record, person_id="P0000002", mobile_phone="07700900456", email=""),
    phone="07700900456",
    mailbox="",
    word="lantern",
)
OTHER = structs.replace(RECORDED, crime="0004712", event="e9")
HELD = Deploy(crime=CRIME, event="e2", carriage="held back")
#: A story with a step of most kinds that name something.
RICH = structs.replace(
    story(
        structs.replace(RECORDED, people=("Sam", "Kim"), roles=("victim", "witness")),
        SignIn(person="Sam", by="link"),
        HELD,
        Forge(claim=Close(crime=CRIME, event="f1", outcome=18), signed_by="nobody", as_event="e2"),
        Wait(seconds=600),
        DeliverTogether(events=("e2",), copies_before=2),
        Ask(person="Sam", crime=CRIME, text="When?"),
        Guess(person="Kim", by="link", wrong="proof", times=2),
        SignInTogether(person="Sam", by="text", other="Kim", other_by="text"),
        SignInFrom(person="Sam", other="Stranger 1", channel="text"),
        EnterCode(person="Sam", by="text", after_seconds=60),
        KeepReading(person="Sam", seconds=3_600),
        OTHER,
        Pry(person="Kim"),
        Breakdown(what="gateway down"),
        Move(person="Sam", phone="07700900555", other="Stranger 1"),
        Wait(seconds=60),
        ChangeDetails(crime=CRIME, event="e4", person="Sam", record=SAM.record),
        SayNotForMe(person="Stranger 1", channel="text", written="+44 7700 900123"),
        Merge(crime="0004712", event="e5", into=CRIME),
        SendHeldBack(event="e4"),
        people=(SAM, KIM),
        phase=3,
    ),
    strangers=(STRANGER,),
    order=(OrderChange(field="messages.per_week_max", value=2),),
)


def check(checked: Story) -> None:
    """Check a story for the reference's order."""
    check_story(checked, order(), Recipients(), file=FILE)


def is_refused(checked: Story) -> bool:
    """Return whether the check finds a mistake in a story."""
    try:
        check(checked)
    except BadInput:
        return True
    return False


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_what_is_drawn_can_be_played(phase: int) -> None:
    """The check refuses no drawn story, nor the same story with other people."""
    drawn = [draw_story(order(), phase=phase, seed=11, number=number) for number in range(40)]
    others = [with_other_people(each, order()) for each in drawn]

    assert [each for each in (*drawn, *others) if is_refused(each)] == []


def test_the_kept_stories_can_be_played() -> None:
    """So can the stories that `accept` plays, and the one with most kinds of step."""
    files = list((ROOT / "fixtures" / "stories").glob("*.json"))
    kept = [read_checked_story(file, order(), Recipients()) for file in files]

    assert files
    assert [each for each in (*kept, RICH) if not each.steps or is_refused(each)] == []


def with_steps(*steps: Step) -> Story:
    """Make a story in which a crime is recorded before these steps."""
    return structs.replace(story(RECORDED, *steps), strangers=(STRANGER,))


def with_record(**fields: Any) -> Story:
    """Make a story whose victim is recorded so."""
    person = structs.replace(SAM, record=structs.replace(SAM.record, **fields))
    return story(*PLAIN, people=(person,))


DAYS = RICH.go_live
REVERSED = GoLiveDays(phase_1=DAYS.phase_3, phase_2=DAYS.phase_2, phase_3=DAYS.phase_1)
NO_FIELD = (OrderChange(field="messages.per_month_max", value=2),)
NO_TABLE = (OrderChange(field="letters.per_week_max", value=2),)
NO_VALUE = (OrderChange(field="messages.per_week_max", value="few"),)
TOO_HIGH = (OrderChange(field="sign_in.invitation_days", value=10**12),)
CENTURIES = (OrderChange(field="rights_check", value={"under_years": 8_000}),)
LATE = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


def changes(**fields: Any) -> ChangeDetails:
    """Have the victim's record be another."""
    record = structs.replace(SAM.record, **fields)
    return ChangeDetails(crime=CRIME, event="e2", person="Sam", record=record)


FORGED = Forge(claim=structs.replace(OTHER, force="mars"), signed_by="nobody")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (structs.replace(RICH, phase=9), "phase is 9; give 1, 2 or 3"),
        (structs.replace(RICH, go_live=REVERSED), "go_live is '2026-05-28, .*one after another"),
        (structs.replace(RICH, people=()), r"people is \[\]; give at least one person"),
        (story(*PLAIN, people=(SAM, SAM)), "a label is 'Sam'; give each person a label of their"),
        (structs.replace(RICH, order=NO_FIELD), "order change 1: field is 'messages.per_month_max"),
        (structs.replace(RICH, order=NO_TABLE), "order change 1: field is 'letters.per_week_max"),
        (structs.replace(RICH, order=NO_VALUE), "order is {'messages.per_week_max': 'few'}; no or"),
        (structs.replace(RICH, order=TOO_HIGH), "the value of sign_in.invitation_days is 10000000"),
        (structs.replace(RICH, order=CENTURIES), "of rights_check.under_years is 8000; give a num"),
        (with_record(born=LATE.date()), "people: Sam: record: born is '9999-12-31'; give a day fr"),
        (with_record(safe_until=LATE), "people: Sam: record: safe_until is '9999-12-31 23:59:00"),
        (
            with_steps(Wait(seconds=60), changes(born=LATE.date())),
            r"step 3 \(ChangeDetails\): record: born is '9999-12-31'; give a day from 1850 to 2100",
        ),
        (
            with_steps(Wait(seconds=60), changes(safe_until=LATE)),
            r"step 3 \(ChangeDetails\): record: safe_until is '9999-12-31 23:59:00",
        ),
        (
            with_steps(Forge(claim=changes(born=LATE.date()), signed_by="nobody")),
            r"step 2 \(Forge\): record: born is '9999-12-31'; give a day",
        ),
        (structs.replace(RICH, begins_at=RICH.begins_at.replace(tzinfo=None)), "begins_at is '202"),
        (structs.replace(RICH, begins_at=RICH.begins_at.replace(year=9999)), "begins_at is '9999"),
        (structs.replace(RICH, ends_after_seconds=-1), "ends_after_seconds is -1; give seconds"),
        (with_steps(SignIn(person="Bob", by="link")), r"step 2 \(SignIn\): person is 'Bob'; give"),
        (with_steps(Deploy(crime="7", event="e2")), r"step 2 \(Deploy\): crime is '7'; give a cri"),
        (with_steps(SendHeldBack(event="e8")), r"step 2 \(SendHeldBack\): event is 'e8'; give an"),
        (with_steps(DeliverTogether(events=("e1", "e8"))), "events is 'e8'; give an event of an"),
        (with_steps(Merge(crime=CRIME, event="e2", into="7")), "into is '7'; give a crime"),
        (with_steps(Move(person="Sam", phone="07700900555", other="Sam")), "other is 'Sam'; give"),
        (with_steps(SignInFrom(person="Sam", other="", channel="text")), "other is ''; give a la"),
        (with_steps(FORGED), r"step 2 \(Forge\): force is 'mars'; give a force of the order"),
        (with_steps(Wait(seconds=-5)), r"step 2 \(Wait\): seconds is -5; give a whole number"),
        (
            with_steps(Deploy(crime=CRIME, event="e1")),
            r"step 2 \(Deploy\)\.event is 'e1'; an earlier step has this name",
        ),
        (with_steps(Unmerge(crime=CRIME, event="e2")), r"step 2 \(Unmerge\) is .*cannot follow"),
        (story(*reversed(PLAIN)), r"step 2 \(Deploy\): crime is '0004711'; give a crime recorded"),
        (story(structs.replace(RECORDED, force="mars")), "force is 'mars'; give a force of the or"),
        (
            story(structs.replace(RECORDED, roles=())),
            r"roles is \[\]; give as many roles as people",
        ),
        (story(structs.replace(RECORDED, offence="x" * 201)), "the contract has no such event: .*"),
        (
            story(structs.replace(RECORDED, grade=7)),
            "the contract has no such event: .*<= 4",
        ),
        (with_record(mobile_phone="07911 123456"), "Sam: record: mobile_phone is '07911 123456';"),
        (with_steps(SignIn(person="Sam", by="text", written="x")), "written is 'x'; a real person"),
        (
            with_steps(SayNotForMe(person="Stranger 1", channel="text", written="07700 900123")),
            "written is '07700 900123'; give a spelling of '07700900321'",
        ),
        (with_record(email="sam@gmail.com"), "Sam: record: email is 'sam@gmail.com'; a real pers"),
        (story(people=(structs.replace(SAM, phone="07911123456"),)), "Sam: phone is '07911123456'"),
        (story(people=(structs.replace(SAM, phone="a phone"),)), "Sam: phone is 'a phone'; a real"),
        (
            with_steps(Move(person="Sam", mailbox="s@gmail.com")),
            r"step 2 \(Move\): mailbox is 's",
        ),
    ],
)
def test_a_mistake_is_one_sentence(wrong: Story, sentence: str) -> None:
    """It names the file, the step or the field, the value and the mend."""
    with pytest.raises(BadInput, match=rf"^story\.json: .*{sentence}") as said:
        check(wrong)
    assert str(said.value).isprintable()


def test_a_badly_written_record_is_no_mistake() -> None:
    """The force may write what nothing can be sent to, or a number of its own."""
    useless = with_record(mobile_phone="0770090012", email="sam at example.com")
    the_forces = with_record(mobile_phone=order().contact.not_a_victims[0])
    another = with_record(mobile_phone="07911123456")

    assert [is_refused(each) for each in (useless, the_forces, another)] == [False, False, True]


VALUES = (
    None,
    "",
    "Bob",
    "Sam",
    "Kim",
    CRIME,
    "e1",
    "e2",
    0,
    -1,
    1,
    3,
    9,
    10**7,
    10**18,
    1.5,
    True,
)
TEXTS: tuple[Any, ...] = (
    "07911123456",
    "sam@gmail.com",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "x" * 5_000,
    [],
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the path of everything in a value of JSON."""
    inside = list(value.items() if isinstance(value, dict) else enumerate(value))
    found = []
    for key, each in inside:
        found.append((*path, key))
        if isinstance(each, dict | list):
            found += places(each, (*path, key))
    return found


@st.composite
def spoilt_stories(draw: st.DrawFn) -> Any:
    """Drop, swap or replace one to three values of a story that can be played."""
    plain = copy.deepcopy(msgspec.json.decode(msgspec.json.encode(RICH)))
    for _change in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(places(plain)))
        holder: Any = plain
        for each in path:
            holder = holder[each]
        match draw(st.sampled_from(("drop", "swap", "replace"))):
            case "drop":
                del holder[last]
            case "swap":
                keys = list(holder) if isinstance(holder, dict) else range(len(holder))
                other = draw(st.sampled_from(keys))
                holder[last], holder[other] = holder[other], holder[last]
            case _:
                holder[last] = draw(st.sampled_from(VALUES + TEXTS))
    return plain


@pytest.mark.slow(seconds=3)
@given(plain=spoilt_stories())
@settings(max_examples=examples(150), deadline=None)
def test_a_spoilt_story_is_refused_or_plays(
    tmp_path_factory: pytest.TempPathFactory, plain: Any
) -> None:
    """Nothing but a sentence for the tester ever stops it."""
    file = tmp_path_factory.getbasetemp() / "spoilt.json"
    file.write_bytes(msgspec.json.encode(plain))
    try:
        checked = read_checked_story(file, order(), Recipients())
    except BadInput as error:
        said = str(error)
    else:
        reference().judged(checked)
        return
    assert said.startswith(f"{file}: ")
    assert said.isprintable()


def test_a_story_is_read_and_checked(tmp_path: Path) -> None:
    """One that can be played comes back as it was written."""
    write_story(tmp_path / "story.json", RICH)
    assert read_checked_story(tmp_path / "story.json", order(), Recipients()) == RICH
