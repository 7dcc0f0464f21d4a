"""In a rehearsal an officer speaks to the victim of a sensitive closure, and then they are told."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from reference.contract.events import CrimeClosed, CrimeRecorded
from simulator.evidence.records import EventRecorded, MessageAccepted, TaskRaised
from simulator.rehearsal.run import Rehearsed, rehearse
from tests.simulator.rehearsal.small import write_small

SUBGROUP = "Vehicle offences"


def rehearsed(folder: Path, *, speaks: float) -> Rehearsed:
    """Rehearse a small rollout in which the closures of a common offence are told in person."""

    def change(order: dict[str, Any]) -> None:
        order["sensitive_closures"] = {"outcomes": [], "offence_subgroups": [SUBGROUP]}

    path = write_small(folder, {"officers.speaks_to_victim": speaks}, order=change)
    return rehearse(path, seed=1, fraction=0.004)


def recorded(run: Rehearsed, kind: str) -> list[EventRecorded]:
    """List the live portal's events of a kind."""
    return [
        each
        for each in run.evidence["live"]
        if isinstance(each, EventRecorded) and each.event_type == kind
    ]


def sensitive(run: Rehearsed) -> set[str]:
    """Name the closures that a person says first."""
    crimes = (
        msgspec.json.decode(each.data, type=CrimeRecorded)
        for each in recorded(run, "CrimeRecorded")
    )
    of_it = {each.crime_reference for each in crimes if each.offence_subgroup == SUBGROUP}
    closures = recorded(run, "CrimeClosed")
    assert all(msgspec.json.decode(each.data, type=CrimeClosed).outcome for each in closures)
    return {each.event_id for each in closures if each.crime_reference in of_it}


def tasks(run: Rehearsed) -> list[TaskRaised]:
    """List the live portal's tasks to speak to a victim."""
    return [
        each
        for each in run.evidence["live"]
        if isinstance(each, TaskRaised) and each.task_kind == "sensitive_contact"
    ]


@pytest.mark.parametrize("speaks", [1.0, 0.0])
def test_they_are_told_once_somebody_has_spoken(tmp_path: Path, speaks: float) -> None:
    """Each task becomes a conversation, and it the update; without one nothing is ever sent."""
    run = rehearsed(tmp_path, speaks=speaks)
    contacts = recorded(run, "VictimContacted")
    asked = {(each.crime_reference, each.person_id) for each in tasks(run)}
    spoken = {each.crime_reference for each in contacts}
    messages = [each for each in run.evidence["live"] if isinstance(each, MessageAccepted)]
    told = [each for each in messages if each.reference in sensitive(run)]
    told += [each for each in messages if each.reference in {one.event_id for one in contacts}]

    assert asked
    assert spoken <= {reference for reference, _person_id in asked}
    assert bool(spoken) == bool(told) == bool(speaks)
    assert not [each for each in run.judgements["live"].findings if each.kind == "FAIL"]
