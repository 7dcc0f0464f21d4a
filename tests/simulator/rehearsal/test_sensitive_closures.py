"""In a rehearsal an officer tells the victim of a sensitive closure before the portal does."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from reference.contract.events import CrimeClosed, CrimeRecorded
from simulator.evidence.records import EventRecorded, MessageAccepted, TaskRaised
from simulator.rehearsal.run import CompletedRehearsal, rehearse
from tests.simulator.rehearsal.small import write_small

SUBGROUP = "Vehicle offences"


def rehearsed(folder: Path, *, speaks: float) -> CompletedRehearsal:
    """Rehearse a small rollout in which an officer tells victims of a common offence in person."""

    def change(order: dict[str, Any]) -> None:
        order["sensitive_closures"] = {"outcomes": [], "offence_subgroups": [SUBGROUP]}

    path = write_small(folder, {"officers.speaks_to_victim": speaks}, order=change)
    return rehearse(path, seed=1, fraction=0.003)


def recorded(run: CompletedRehearsal, kind: str) -> list[EventRecorded]:
    """List the live portal's events of a kind."""
    return [
        each
        for each in run.evidence["live"]
        if isinstance(each, EventRecorded) and each.event_type == kind
    ]


def sensitive(run: CompletedRehearsal) -> set[str]:
    """Return the closures that an officer must tell first."""
    crimes = (
        msgspec.json.decode(each.data, type=CrimeRecorded)
        for each in recorded(run, "CrimeRecorded")
    )
    of_it = {each.crime_reference for each in crimes if each.offence_subgroup == SUBGROUP}
    closures = recorded(run, "CrimeClosed")
    assert all(msgspec.json.decode(each.data, type=CrimeClosed).outcome for each in closures)
    return {each.event_id for each in closures if each.crime_reference in of_it}


def tasks(run: CompletedRehearsal) -> list[TaskRaised]:
    """List the live portal's tasks to speak to a victim."""
    return [
        each
        for each in run.evidence["live"]
        if isinstance(each, TaskRaised) and each.task_kind == "sensitive_contact"
    ]


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
@pytest.mark.parametrize("speaks", [1.0, 0.0])
def test_the_portal_tells_them_after_the_officer(tmp_path: Path, speaks: float) -> None:
    """Each task leads to a conversation, and that to the update; otherwise nothing is sent."""
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
