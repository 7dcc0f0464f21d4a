"""Runs the features against one portal: `pytest -p features.plugin --target FILE --phase N`.

Puts a world around the portal once, gives each scenario people of its own, has the judge read the
evidence at the end of each, and writes one line of results a scenario.
"""

import os
import shlex
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from features import guards
from features.own_evidence import Past
from features.people import Register
from features.recorder import Recorder
from features.scene import Scene, Unmet
from simulator.clock import WorldClock, wall_now
from simulator.errors import SuiteError
from simulator.evidence import write_evidence
from simulator.judge.fold import judge
from simulator.neighbours import world_around
from simulator.order import read_order
from simulator.places import ROOT
from simulator.streams import Streams
from simulator.target import Target, read_target, secret_values
from simulator.world import CannotVerify, World

pytest_plugins = [
    "features.steps.people",
    "features.steps.details",
    "features.steps.invitation",
    "features.steps.sign_in",
    "features.steps.progress",
    "features.steps.turns",
    "features.steps.messages",
    "features.steps.pages",
    "features.steps.access",
    "features.steps.contact",
    "features.steps.tasks",
    "features.steps.conversation",
    "features.steps.world",
]
UNREACHABLE_IN_A_ROW_MAX = 3
_NEEDS = "needs_"
_recorder = pytest.StashKey[Recorder]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say which portal, which phase, and where the results go."""
    group = parser.getgroup("portal")
    group.addoption("--target", required=True, help="target file of the portal under test")
    group.addoption("--phase", type=int, default=3, help="phase the portal is put into")
    group.addoption("--results", required=True, help="folder for results and evidence")
    group.addoption("--only", default="", help="run just the scenarios of this name")
    group.addoption("--application", default="", help="another application for the target")
    group.addoption("--called-from", default="", help="folder that the suite was called from")


def pytest_configure(config: pytest.Config) -> None:
    """Open the results, and go where the suite was called from: a target may start its portal."""
    os.chdir(config.getoption("--called-from") or Path.cwd())
    folder = Path(config.getoption("--results"))
    folder.mkdir(parents=True, exist_ok=True)
    config.stash[_recorder] = Recorder(folder / "scenarios.ndjson")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the results."""
    if _recorder in config.stash:
        config.stash[_recorder].close()


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool:
    """Keep tags to ourselves: they name requirements, not pytest marks."""
    function.__dict__.setdefault("portal_tags", set()).add(tag)
    return True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse files that would be half run, then leave out what this phase is not about."""
    collected = Counter(_feature_file(item) for item in items)
    asked = [Path(each.partition("::")[0]).resolve() for each in config.args]
    files = guards.feature_files(each if each.is_dir() else each.parent for each in asked)
    wrong = guards.unbound(files)
    for path in files:
        wrong += guards.complaints(path, collected[path])
    if wrong:
        raise pytest.UsageError("\n".join(wrong))
    phase = config.getoption("--phase")
    only = config.getoption("--only")
    claimed = read_target(Path(config.getoption("--target"))).claims.capabilities
    kept = [
        item
        for item in items
        if _belongs(item, phase) and _is_claimed(item, claimed) and only in ("", _name(item))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = sorted(kept, key=lambda item: not _is_gate(item))


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
) -> None:
    """Start the notes of a scenario."""
    request.config.stash[_recorder].begin()


def pytest_bdd_before_step(
    request: pytest.FixtureRequest, step: Step, step_func: Callable[..., Any]
) -> None:
    """Note the step, and refuse one that would pass without running."""
    request.config.stash[_recorder].steps.append(f"{step.keyword} {step.name}")
    guards.refuse_coroutine(step_func)


def pytest_bdd_step_error(request: pytest.FixtureRequest, step: Step) -> None:
    """Remember which step it was."""
    request.config.stash[_recorder].failed_step = f"{step.keyword} {step.name}"


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Run a scenario, ask the judge about the same people, and write down what became of it."""
    recorder = pyfuncitem.config.stash[_recorder]
    error: BaseException | None = None
    try:
        result = yield
        if recorder.scene is not None:
            recorder.findings = findings_of(recorder.scene)
            _refuse_harm(recorder)
    except BaseException as raised:
        error = raised
        if isinstance(raised, CannotVerify):
            pytest.skip(str(raised))
        raise
    else:
        return result
    finally:
        _write(pyfuncitem, recorder, error)


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One world around the portal, in the phase that was asked for."""
    config = request.config
    path = Path(config.getoption("--target"))
    target = _target(config)
    order = read_order(ROOT / target.order).staying_in(config.getoption("--phase"))
    virtual = "test_clock" in target.claims.capabilities
    start = order.go_live_at(1) - timedelta(days=1) if virtual else wall_now()
    with world_around(
        target,
        order,
        name="features",
        clock=WorldClock(start),
        secrets=secret_values(target, path),
        streams=Streams(0),
    ) as world:
        world.enter_phase(config.getoption("--phase"))
        yield world
        with (Path(config.getoption("--results")) / "evidence.ndjson").open("wb") as file:
            write_evidence(file, world.evidence.records, process="features", wall=wall_now())


@pytest.fixture(scope="session")
def register(request: pytest.FixtureRequest) -> Register:
    """Where every scenario gets people and crimes that nobody else has."""
    target = _target(request.config)
    return Register(secret_values(target, Path(request.config.getoption("--target"))).identity)


@pytest.fixture(scope="session")
def past() -> Past:
    """Who was there in the scenarios before."""
    return Past()


@pytest.fixture
def scene(
    world: World, register: Register, past: Past, request: pytest.FixtureRequest
) -> Iterator[Scene]:
    """One scenario's people; the world goes on after them."""
    scene = Scene(world, register, past)
    request.config.stash[_recorder].scene = scene
    yield scene
    world.bring_crime_system_back()
    past.leave(scene.actors.values())


def findings_of(scene: Scene) -> list[Any]:
    """Ask the judge what harm came to the people of a scenario, or to nobody who is known."""
    world = scene.world
    judgement = judge(
        world.order,
        scene.own_evidence(),
        correlates="correlates" in world.portal.capabilities,
        end=world.now,
    )
    people = {actor.record.person_id for actor in scene.actors.values()}
    crimes = {actor.crime_reference for actor in scene.actors.values()} - {""}
    return [
        finding
        for finding in judgement.findings
        if finding.person_id in people
        or finding.crime_reference in crimes
        or (not finding.person_id and finding.at >= scene.starts)
    ]


def _refuse_harm(recorder: Recorder) -> None:
    harms = [finding for finding in recorder.findings if finding.kind == "FAIL"]
    if harms:
        recorder.failed_step = "and the judge finds no harm in the evidence"
        raise Unmet(harms[0].expected, f"{harms[0].harm}: {harms[0].observed}")


def _write(item: pytest.Function, recorder: Recorder, error: BaseException | None) -> None:
    template = scenario_wrapper_template_registry[item.obj]
    example = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
    feature_file = _feature_file(item)
    target, phase = _shown(item.config.getoption("--target")), item.config.getoption("--phase")
    recorder.end(
        error,
        name=template.name + example,
        feature=template.feature.name,
        phase=phase_of(feature_file),
        requirements=tuple(sorted(tag for tag in _tags(item) if "-" in tag)),
        command=f'portal-suite accept --target {target} --phase {phase} --only "{template.name}"',
    )
    if recorder.unreachable_in_a_row >= UNREACHABLE_IN_A_ROW_MAX:
        item.session.shouldstop = "the portal could not be reached three times in a row"


def _shown(target: str) -> str:
    """Give a path that a command can be copied with: the suite's own is found from anywhere."""
    path = Path(target)
    return shlex.quote(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path))


def _target(config: pytest.Config) -> Target:
    target = read_target(Path(config.getoption("--target")))
    application = config.getoption("--application")
    if not application:
        return target
    access = structs.replace(target.access, application=application)
    return structs.replace(target, access=access)


def _feature_file(item: pytest.Item) -> Path:
    if not isinstance(item, pytest.Function):
        raise SuiteError(f"{item.nodeid} is not a scenario")
    return Path(scenario_wrapper_template_registry[item.obj].feature.filename)


def _tags(item: pytest.Item) -> set[str]:
    tags: set[str] = getattr(item, "obj").__dict__.get("portal_tags", set())  # noqa: B009
    return tags


def _belongs(item: pytest.Item, phase: int) -> bool:
    """Say whether a scenario is about this phase: its own and earlier, and the gates not passed."""
    for tag in _tags(item):
        if tag.startswith("before_phase_"):
            return phase < int(tag.removeprefix("before_phase_"))
    return phase >= phase_of(_feature_file(item))


def _is_claimed(item: pytest.Item, claimed: Collection[str]) -> bool:
    """Say whether the portal claims what a scenario needs: what is not claimed is not judged."""
    needed = {tag.removeprefix(_NEEDS) for tag in _tags(item) if tag.startswith(_NEEDS)}
    return needed <= set(claimed)


def _name(item: pytest.Item) -> str:
    assert isinstance(item, pytest.Function)
    return scenario_wrapper_template_registry[item.obj].name


def _is_gate(item: pytest.Item) -> bool:
    return any(tag.startswith("before_phase_") for tag in _tags(item))


def phase_of(feature_file: Path) -> int:
    """Read the phase off the folder a feature lives in; gates belong to the phases before them."""
    name = feature_file.parent.name
    return int(name[5]) if name[5:6].isdigit() else 1
