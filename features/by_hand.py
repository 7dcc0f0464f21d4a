"""Runs scenarios with a tester at the keyboard: what the tester is told, and what is kept.

The journal keeps each finished scenario with its evidence; one that was broken off is started
again, with other people.
"""

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd.parser import Feature, Scenario, Step

from features.people import Register
from features.recorder import Recorder, ended_by_a_full_disk
from features.running_scenario import Scene
from features.selection import whole_id_of, whole_name_of
from simulator.by_hand.builder import world_by_hand
from simulator.by_hand.console import HELP, StoppedByTester, Tester
from simulator.by_hand.journal import (
    NAME,
    Begun,
    Finished,
    Journal,
    finished_scenarios,
    used_people_and_crimes,
)
from simulator.by_hand.keyed_crime_system import KeyedCrimeSystem
from simulator.by_hand.limits import why_not_by_hand
from simulator.by_hand.world import WorldByHand
from simulator.clock import wall_now
from simulator.errors import CannotVerify
from simulator.evidence.files import write_evidence
from simulator.files.whole_files import whole_file
from simulator.inputs.order import Order
from simulator.inputs.permanent_ids import id_in
from simulator.inputs.target import SecretValues, Target
from simulator.results.renamed import renamed, same_scenario
from simulator.results.values import ScenarioResult
from simulator.streams import Streams
from simulator.world.message_secrets import MessageSecrets

_run = pytest.StashKey["RunByHand"]()


class RunByHand:
    """One session of a tester."""

    def __init__(self, folder: Path, reads: int, writes: int, *, resume: bool) -> None:
        self.journal = Journal(folder / NAME)
        self.entries = self.journal.read() if resume else []
        self._reads = os.fdopen(reads, encoding="utf-8", errors="replace")
        self._writes = os.fdopen(writes, "w", encoding="utf-8")
        self.tester: Tester | None = None
        self.world: WorldByHand | None = None
        self.register: Register | None = None
        self._kept = 0

    @property
    def finished(self) -> list[Finished]:
        """What is not done again."""
        return finished_scenarios(self.entries)

    @contextmanager
    def world_around(
        self, target: Target, order: Order, secrets: SecretValues
    ) -> Iterator[WorldByHand]:
        """Put a world around the portal, with all that was written down before."""
        self.tester = Tester(
            self._reads,
            self._writes,
            now=wall_now,
            note=self.journal.write,
            struck_out=MessageSecrets(target.access.patterns).struck_out,
        )
        self.tester.tell(HELP)
        with world_by_hand(
            target, order, self.tester, secrets=secrets, streams=Streams(0)
        ) as world:
            world.evidence.records += [each for past in self.finished for each in past.evidence]
            self._kept = len(world.evidence.records)
            self.world = world
            yield world

    def begin(self, name: str) -> None:
        """Note that a scenario begins."""
        people, crimes = self._used()
        self.journal.write(Begun(at=wall_now(), scenario=name, people=people, crimes=crimes))

    def end(self, result: ScenarioResult) -> None:
        """Keep what became of a scenario, with the evidence since the last."""
        records = self.world.evidence.records if self.world is not None else []
        people, crimes = self._used()
        self.journal.write(
            Finished(
                at=wall_now(),
                result=result,
                evidence=records[self._kept :],
                people=people,
                crimes=crimes,
            )
        )
        self._kept = len(records)
        if self.tester is not None:
            told = f": {result.reason}" if result.reason else ""
            self.tester.tell(f"\n{result.verdict}{told}")

    def go_on(self, register: Register) -> None:
        """Have nobody used again who was used before."""
        self.register = register
        register.go_on_from(*used_people_and_crimes(self.entries))

    def _used(self) -> tuple[int, int]:
        return (
            self.register.used
            if self.register is not None
            else used_people_and_crimes(self.entries)
        )


def add_options(group: pytest.OptionGroup) -> None:
    """Say where the tester is."""
    group.addoption("--tester", default="", help="descriptors of the tester's input and output")
    group.addoption("--resume", action="store_true", help="go on from the journal of the results")


def begin(config: pytest.Config, recorder: Recorder) -> None:
    """Find the tester, and give what is finished already as results of this run too."""
    if not config.getoption("--tester"):
        return
    reads, writes = map(int, config.getoption("--tester").split(","))
    folder = Path(config.getoption("--results"))
    run = RunByHand(folder, reads, writes, resume=config.getoption("--resume"))
    config.stash[_run] = run
    config.pluginmanager.register(sys.modules[__name__], "by hand")
    for each in run.finished:
        recorder.add(renamed(each.result))
    if run.finished:
        records = [each for past in run.finished for each in past.evidence]
        evidence = folder / "evidence.ndjson"
        with ended_by_a_full_disk(recorder.path), whole_file(evidence) as file:
            write_evidence(file, records, process="features", wall=wall_now())
    recorder.on_result = run.end


def world_around(config: pytest.Config, target: Target, order: Order, secrets: SecretValues) -> Any:
    """Give the world of the tester who is there; without one nothing can be done by hand."""
    run = config.stash.get(_run, None)
    if run is None:
        raise CannotVerify("access.by_hand: nobody is at the keyboard; run portal-suite accept")
    return run.world_around(target, order, secrets)


def go_on(config: pytest.Config, register: Register) -> None:
    """Have a register give nobody whom an earlier session of the run used."""
    if (run := config.stash.get(_run, None)) is not None:
        run.go_on(register)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is finished."""
    done = {same_scenario(each.result.name) for each in config.stash[_run].finished}
    items[:] = [
        item for item in items if not {whole_id_of(item), whole_name_of(item)}.intersection(done)
    ]


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """End the run where the tester stops: the scenario under way is as if it had not begun."""
    try:
        return (yield)
    except StoppedByTester as stopped:
        pytest.exit(str(stopped), returncode=1)


@pytest.hookimpl(trylast=True)
def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
) -> None:
    """Tell the tester what comes; raises CannotVerify for what cannot be done by hand."""
    run = request.config.stash[_run]
    world: WorldByHand = request.getfixturevalue("world")
    request.getfixturevalue("register")
    assert run.tester is not None
    run.begin(scenario.name)
    sentences = [step.name for step in scenario.steps]
    messages = world.order.messages
    bundle = messages.bundle_minutes if world.order.phase_at(world.now) > 1 else 0
    why = why_not_by_hand(
        sentences,
        wait_seconds_max=world.wait_seconds_max,
        patience=timedelta(minutes=messages.minutes_max + bundle),
    )
    label = f"{id_in(scenario.tags)} {scenario.name}".strip()
    run.tester.tell(f"\n{'=' * 72}\n{feature.name}\n  {label}")
    if why:
        raise CannotVerify(f"not by hand: {why}")
    scene: Scene = request.getfixturevalue("scene")
    records = world.crime_system
    assert isinstance(records, KeyedCrimeSystem)
    records.name_of = lambda person_id: _told(scene, person_id, "name") or person_id
    records.proof_of = lambda person_id: _told(scene, person_id, "proof")


def _told(scene: Scene, person_id: str, what: str) -> str:
    """Give an attribute of the person with an id in a scenario, "" if there is none."""
    for actor in scene.actors.values():
        if actor.record.person_id == person_id:
            return str(getattr(actor, what))
    return ""


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    """Tell the tester which sentence it is."""
    run = request.config.stash[_run]
    assert run.tester is not None
    assert run.world is not None
    run.world.sentence = step.name
    run.tester.tell(f"\n  {step.keyword} {step.name}")
