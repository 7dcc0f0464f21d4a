"""A year of the model counts its messages and questions, and refuses one that was lost."""

from collections import Counter
from pathlib import Path

import pytest

from simulator.errors import NotConserved
from simulator.planning.agenda import Agenda
from simulator.planning.cases import NEVER, Case, Message, Question
from simulator.planning.conservation import ModelCount
from simulator.planning.model_run import run_model
from simulator.planning.modelled_portal import Sent
from simulator.planning.paired_years import one_year
from simulator.rehearsal.officer_behaviour import CALL_BACK, CallBackTasks
from simulator.rehearsal.task_ledger import NAMES, TaskLedger, name_of
from tests.simulator.planning.small_plans import small_plan
from tests.simulator.planning.test_model_run import given, ordinary

ENDS = 1_000


def case_of(*messages: Message, questions: tuple[Question, ...] = (), asked: int = 0) -> Case:
    """Make a case with these messages and questions."""
    return Case(
        row=0,
        reference="1",
        events=[],
        recorded_at=0,
        has_advice=False,
        is_told_ends_in_person=False,
        may_review=False,
        has_enhanced_rights=False,
        is_blank=False,
        would_register=True,
        routes=[0, 0],
        own_routes=(0, 0),
        wanted=(True, True),
        details_differ=False,
        messages=list(messages),
        questions=list(questions),
        times={"asked for victim_question": asked},
    )


def message(state: str, due: int = 1) -> Message:
    """Make a message in a state."""
    return Message("CrimeClosed", 0, "", due, 0, is_held=False, counts=True, state=state)


def test_a_run_counts_every_message_and_question() -> None:
    """What was sent is what the portal counted, and every question was a task."""
    found = {each.things: each for each in ordinary().conserved}

    assert found["messages"].ends["sent"] == len(ordinary().sent.at) > 500
    assert found["messages"].total == ordinary().sent.queued
    assert found["questions, each an officer's task"].total == len(ordinary().questions) > 20
    assert {each: found[NAMES[each]].total for each in ordinary().sent.raised} == (
        ordinary().sent.raised
    )
    assert found["questions"].ends["answered"] == sum(
        each.replied_at != NEVER for each in ordinary().questions
    )


def test_call_backs_are_counted_where_calls_leave_them() -> None:
    """Those of a run with such tasks, each reached, given up after three tries, or under way."""
    use = run_model(given(call_backs=CallBackTasks(1.0, 10, 0.5, 3, 2, 20)))
    found = {each.things: each for each in use.conserved}

    ends = found["call-backs"].ends
    assert found["call-backs"].total == use.tasks[CALL_BACK] > 20
    assert set(ends) == {"reached", "given up", "under way"}
    assert ends["reached"] > ends["given up"] > 0
    tries = use.call_back_tries
    assert use.call_back_minutes == 10 * ends["reached"] + 2 * (tries - ends["reached"]) or (
        ends["under way"] > 0
    )
    assert use.tasks[CALL_BACK] < tries < 3 * use.tasks[CALL_BACK]


def test_a_planned_year_counts_its_callers_too(tmp_path: Path) -> None:
    """Each force's callers, and the messages and questions of the planned portal."""
    found = one_year(small_plan(tmp_path), 0).conserved

    assert [each.things for each in found[:2]] == ["callers", "callers"]
    assert [each.things for each in found[2:]] == [
        *("messages", "questions, each an officer's task"),
        *NAMES.values(),
    ]
    assert min(each.total for each in found) > 0


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (case_of(message("waiting", due=ENDS)), "messages: one was due at 1000 s and never went"),
        (case_of(questions=(Question(9, 8, 10),), asked=1), "its reply before it was asked"),
        (case_of(questions=(Question(7, 9, 8),), asked=1), "was answered before the reply"),
        (case_of(questions=(Question(7, NEVER, 8),), asked=1), "that nobody replied to"),
    ],
)
def test_what_is_lost_or_out_of_order_is_an_error(case: Case, said: str) -> None:
    """The sentence names what was not conserved."""
    with pytest.raises(NotConserved, match=said):
        ModelCount(ENDS).note([case])


def test_what_the_portal_did_not_count_is_an_error() -> None:
    """A message or a question that only one side knows of is refused."""
    for case in (case_of(message("sent")), case_of(questions=(Question(7),), asked=2)):
        count = ModelCount(ENDS)
        count.note([case])
        with pytest.raises(NotConserved):
            count.close(Sent(), TaskLedger())


def test_a_message_that_a_case_lost_or_has_twice_is_an_error() -> None:
    """The portal counts what it queues; the cases have what became of it."""
    for queued in (1, 3):
        count = ModelCount(ENDS)
        count.note([case_of(message("gone"), message("gone"))])
        with pytest.raises(NotConserved, match=f"messages: there were {queued}, and 2 ended"):
            count.close(Sent(queued=queued), TaskLedger())


@pytest.mark.parametrize("kind", [*NAMES, "late_answer"])
@pytest.mark.parametrize("raised", [1, 3])
def test_a_task_that_is_lost_or_doubled_is_an_error(kind: str, raised: int) -> None:
    """Of each kind by itself: what was raised is counted by one side, what ended by the other."""
    ledger = TaskLedger()
    for number in (1, 2):
        ledger.take(number, kind, 5)
        ledger.end(number, "done")
    sent = Sent(raised=Counter({"other": 0, kind: raised}))
    if kind == CALL_BACK:
        sent.raised.clear()
        ledger.left_by_calls = raised

    name = name_of(kind)
    with pytest.raises(NotConserved, match=f"{name}: there were {raised}, and 2 ended"):
        ModelCount(ENDS).close(sent, ledger)


def test_time_that_goes_back_is_an_error() -> None:
    """An agenda refuses to do what was due before its first second."""
    agenda = Agenda(ENDS)
    agenda.begin([(-5, lambda: None, ())])
    with pytest.raises(NotConserved, match="time went back from 0 s to -5 s"):
        agenda.run()
