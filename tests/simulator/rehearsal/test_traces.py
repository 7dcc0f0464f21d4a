"""One pass over the evidence finds victims, sign-ins, questions, tasks and the wanted events."""

from datetime import timedelta

from simulator.evidence.records import EventRecorded, Record, SignedIn, TaskRaised
from simulator.inputs.order import read_order
from simulator.judge.fold import Judgement
from simulator.rehearsal.funnel import funnel
from simulator.rehearsal.run import CompletedRehearsal
from simulator.rehearsal.traces import read_traces
from tests.simulator.real_files import ORDER
from tests.simulator.rehearsal.test_code_meter import event
from tests.simulator.rehearsal.test_tally import PHASE_2, asked, judged

ORDERED = read_order(ORDER)


def task(hours: float) -> Record:
    """Make a task raised some hours after midnight in London."""
    return TaskRaised(
        at=PHASE_2 - timedelta(minutes=15) + timedelta(hours=hours),
        key=f"task-{hours}",
        crime_reference="c",
        task_kind="victim_question",
        person_id="p",
        reason="",
        assignee="",
    )


def test_people_and_tasks_are_counted() -> None:
    """A task is of its day in London; a person who asks twice is one."""
    signed_in = SignedIn(at=PHASE_2, person_id="p")
    found = read_traces(
        ORDERED, [signed_in, signed_in, asked(PHASE_2), asked(PHASE_2), task(0), task(-0.1)]
    )

    assert found.signed_in == {"p": 2}
    assert found.asked == {"p"}
    days = sorted(day.isoformat() for day, kind in found.tasks if kind == "victim_question")
    assert days == ["2026-06-07", "2026-06-08"]


def test_only_the_wanted_events_are_named() -> None:
    """Millions of others are not kept."""
    records = [*event("CrimeClosed", "late", outcome=18), *event("CrimeClosed", "other")]

    assert read_traces(ORDERED, records, {"late"}).event_types == {"late": "CrimeClosed"}


def test_every_recorded_crime_has_its_victims(ordinary: CompletedRehearsal) -> None:
    """Also those whom the order leaves out."""
    records = ordinary.evidence["live"]
    found = read_traces(ORDERED, records)
    crimes = [
        each
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == "CrimeRecorded"
    ]

    assert len(found.victims) >= len(crimes) > 100
    assert {each.is_eligible for each in found.victims} == {True, False}


def test_without_victims_there_is_no_funnel() -> None:
    """There is nothing to narrow."""
    nothing: Judgement = judged()

    assert funnel(ORDERED, read_traces(ORDERED, []), nothing.messages, 0.1) == []
