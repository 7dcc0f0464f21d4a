"""Runs the features against one portal: `pytest -p features.plugin --target FILE --phase N`.

Puts a world around the portal once, gives each scenario people of its own, has the judge read the
evidence at the end of each, and writes one line of results a scenario.
"""

import importlib
import inspect
import os
import shlex
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from pytest_bdd.parser import Feature, Scenario, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from features import by_hand, collection_checks, function_trace, twins
from features.earlier_phase import PhaseBefore
from features.judging import findings_of
from features.people import Register
from features.real_data import Deal, kinds_of
from features.recorder import Recorder, ended_by_a_full_disk, verdict_of
from features.running_scenario import Scene
from features.scenario_evidence import Past
from features.selection import (
    feature_file,
    is_wanted,
    selected,
    tags_of,
    whole_id_of,
    whole_name_of,
)
from features.step_lookup import look_up_once
from simulator.accept.page_results import results_of_pages
from simulator.clock import WorldClock, wall_now
from simulator.drivers.vendor import VendorDriver
from simulator.errors import CannotVerify
from simulator.evidence.files import write_evidence
from simulator.files.paths import ROOT
from simulator.files.whole_files import whole_file
from simulator.inputs.order import read_order
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import Target, read_target, secret_values
from simulator.inputs.written_scenarios import (
    is_claimed,
    is_run_in,
    phase_of,
    read_written,
    requirements_in,
)
from simulator.population.identity import Identity
from simulator.results.real_data import write_real_data
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.made_up_records import MadeUpRecords
from simulator.world.recipient_guard import Recipients
from simulator.world.sampled_pages import Sampled, SampledPages
from simulator.world.victims import latest_link
from simulator.world.world import World

#: Not `pytest_plugins`: for each of those pytest reads what every installed package offers.
STEPS = [
    "features.steps.people",
    "features.steps.roles",
    "features.steps.shared_phones",
    "features.steps.contact_details",
    "features.steps.not_for_me",
    "features.steps.invitation",
    "features.steps.sign_in",
    "features.steps.sign_in_guesses",
    "features.steps.sign_in_limits",
    "features.steps.progress",
    "features.steps.crime_changes",
    "features.steps.messages",
    "features.steps.stranger_access",
    "features.steps.deliveries",
    "features.steps.message_links",
    "features.steps.correlation_ids",
    "features.steps.pages",
    "features.steps.lawful_words",
    "features.steps.own_reports",
    "features.steps.page_access",
    "features.steps.contact_choices",
    "features.steps.withdrawal",
    "features.steps.incidents",
    "features.steps.merged_persons",
    "features.steps.tasks",
    "features.steps.conversation",
    "features.steps.safety_concerns",
    "features.steps.question_routing",
    "features.steps.phases",
    "features.steps.world",
]
UNREACHABLE_IN_A_ROW_MAX = 3
#: Another seed begins on another day, within four weeks: at a weekend, before a bank holiday.
DAYS_APART = 28
_recorder = pytest.StashKey[Recorder]()
_deal = pytest.StashKey[Deal]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options: which portal, which phase, and where the results go."""
    group = parser.getgroup("portal")
    group.addoption("--target", required=True, help="target file of the portal under test")
    group.addoption("--phase", type=int, default=3, help="phase the portal is put into")
    group.addoption("--results", required=True, help="folder for results and evidence")
    group.addoption("--seed", type=int, default=0, help="another order, other names and delays")
    group.addoption("--only", default="", help="run only the scenarios of this name or id")
    group.addoption("--among", default="", help="run only scenarios of these ids, as S-001,S-002.1")
    group.addoption("--quick", action="store_true", help="only the scenarios tagged so")
    group.addoption("--plain", action="store_true", help="only the people and words of features/")
    group.addoption("--application", default="", help="another application for the target")
    group.addoption("--called-from", default="", help="folder that the suite was called from")
    group.addoption("--twins", type=float, default=0, help="play twins for so many seconds")
    by_hand.add_options(group)
    function_trace.add_options(group)


def pytest_configure(config: pytest.Config) -> None:
    """Open the results, and go where the suite was called from: a target may start its portal."""
    for name in STEPS:
        config.pluginmanager.register(importlib.import_module(name), name)
    look_up_once()
    if config.getoption("--twins"):
        twins.begin(config.getoption("--twins"))
    os.chdir(config.getoption("--called-from") or Path.cwd())
    folder = Path(config.getoption("--results"))
    folder.mkdir(parents=True, exist_ok=True)
    claimed = read_target(Path(config.getoption("--target"))).claims.capabilities
    config.stash[_recorder] = Recorder(folder / "scenarios.ndjson", claimed)
    by_hand.begin(config, config.stash[_recorder])
    function_trace.begin(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the results."""
    if _recorder in config.stash:
        config.stash[_recorder].close()


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool:
    """Keep tags to ourselves: they name requirements, not pytest marks."""
    function.__dict__.setdefault("portal_tags", set()).add(tag)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Collector, obj: Callable[..., object]
) -> list[pytest.Item | pytest.Collector] | None:
    """Make no test of a scenario that is not asked for: all of them take a third of a short run."""
    is_scenario = inspect.isfunction(obj) and obj in scenario_wrapper_template_registry
    return [] if is_scenario and not is_wanted(obj, *_asked(collector.config)) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse files that would be half run, then drop what is not about this phase."""
    collected = Counter(feature_file(item) for item in items)
    asked = [Path(each.partition("::")[0]).resolve() for each in config.args]
    files = collection_checks.feature_files(
        each if each.is_dir() else each.parent for each in asked
    )
    wrong = collection_checks.unbound(files)
    only, among = _asked(config)
    # A run of single scenarios does not ask for the rest of their files.
    if not (only or among or any("::" in each for each in config.args)):
        for path in files:
            wrong += collection_checks.complaints(path, collected[path])
    if wrong:
        raise pytest.UsageError("\n".join(wrong))
    claimed = read_target(Path(config.getoption("--target"))).claims.capabilities
    kept = selected(
        items,
        phase=config.getoption("--phase"),
        claimed=claimed,
        only=only,
        among=among,
        quick=config.getoption("--quick"),
        seed=config.getoption("--seed"),
    )
    kept = function_trace.concerned(config, kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _asked(config: pytest.Config) -> tuple[str, frozenset[str]]:
    """Give the name or id, and the ids, that are asked for: "" and none for all scenarios."""
    among = config.getoption("--among").split(",")
    return config.getoption("--only"), frozenset(filter(None, among))


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
    collection_checks.refuse_coroutine(step_func)


def pytest_bdd_step_error(request: pytest.FixtureRequest, step: Step) -> None:
    """Remember which step it was."""
    request.config.stash[_recorder].failed_step = f"{step.keyword} {step.name}"


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Run a scenario, ask the judge about the same people, and write the result."""
    recorder = pyfuncitem.config.stash[_recorder]
    error: BaseException | None = None
    try:
        result = yield
        if recorder.scene is not None:
            recorder.scene.read_at_last()
            recorder.findings = findings_of(recorder.scene, steps_held=True)
            recorder.refuse_harm()
    except BaseException as raised:
        error = raised
        if isinstance(raised, CannotVerify):
            pytest.skip(str(raised))
        if recorder.scene is not None and not recorder.findings and verdict_of(raised)[0] == "FAIL":
            # A portal that fails at a step may also have told the wrong person.
            recorder.findings = findings_of(recorder.scene, steps_held=False)
        raise
    else:
        return result
    finally:
        # A scenario that was broken off has no result.
        if not isinstance(error, KeyboardInterrupt | pytest.exit.Exception):
            _write(pyfuncitem, recorder, error)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Have the next twin start a portal, if it must not go on with this one."""
    recorder = item.config.stash[_recorder]
    if item.config.getoption("--twins") and twins.renews_world(recorder.played, recorder.verdict):
        item.session._setupstate.teardown_exact(None)  # noqa: SLF001


@pytest.fixture(scope="session")
def started(request: pytest.FixtureRequest) -> Iterator[World]:
    """One world around the portal, still empty of people."""
    config = request.config
    path = Path(config.getoption("--target"))
    target = _target(config)
    order = read_order(ROOT / target.order).staying_in(config.getoption("--phase"))
    virtual = "test_clock" in target.claims.capabilities
    start = order.go_live_at(1) - timedelta(days=1) if virtual else wall_now()
    secrets = secret_values(target, path)
    around = (
        by_hand.world_around(config, target, order, secrets)
        if target.access.by_hand
        else world_around(
            target,
            order,
            name="features",
            clock=WorldClock(start),
            secrets=secrets,
            streams=Streams(config.getoption("--seed")),
            may_restart=True,
            source=MadeUpRecords(f"features/{config.getoption('--seed')}").source,
            phase=config.getoption("--phase"),
        )
    )
    with around as world:
        yield world
        if config.getoption("--twins"):
            return
        _write_evidence(config, world)
        if target.access.selectors:
            command = (
                f"portal-suite accept --target {_shown(str(path))} "
                f"--phase {config.getoption('--phase')}"
            )
            for result in results_of_pages(
                read_requirements(), world.evidence.records, command=command
            ):
                config.stash[_recorder].add(result)


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest, started: World, phase_before: PhaseBefore) -> World:
    """The same, in the phase that was asked for."""
    config = request.config
    if not config.getoption("--twins"):
        phase_before.begin(started)
    started.enter_phase(config.getoption("--phase"))
    if "test_clock" in _target(config).claims.capabilities:
        started.advance(started.now + timedelta(days=config.getoption("--seed") % DAYS_APART))
    return started


@pytest.fixture(scope="session")
def register(request: pytest.FixtureRequest) -> Register:
    """The source of people and crimes that no other scenario has."""
    target = _target(request.config)
    key = secret_values(target, Path(request.config.getoption("--target"))).identity
    identity = Identity(read_order(ROOT / target.order).sign_in.proof, key)
    register = Register(
        identity,
        Recipients.of(target),
        seed=request.config.getoption("--seed"),
        own=target.people,
        is_by_hand=target.access.by_hand,
    )
    by_hand.go_on(request.config, register)
    return register


@pytest.fixture(scope="session")
def past() -> Past:
    """The people of earlier scenarios."""
    return Past()


@pytest.fixture(scope="session")
def pages(request: pytest.FixtureRequest, started: World) -> Iterator[SampledPages | None]:
    """The sample of pages that is looked at without a vendor's own driver."""
    driver = started.messages.portal.driver
    is_twin = bool(request.config.getoption("--twins"))
    if is_twin or not isinstance(driver, VendorDriver) or not driver.portal_url:
        yield None
        return
    seconds = _target(request.config).access.wait_seconds_max
    sampled = SampledPages(started, driver.portal_url, wait_seconds_max=seconds)
    yield sampled
    sampled.close()


@pytest.fixture(scope="session")
def deal(request: pytest.FixtureRequest) -> Iterator[Deal]:
    """Deal real data round among all scenarios of the phase, however few of them are run."""
    config = request.config
    # The twins of a run have many portals, and one deal.
    if _deal not in config.stash:
        config.stash[_deal] = _dealt(config, _target(config))
    deal = config.stash[_deal]
    yield deal
    if not _is_plain(config, _target(config)):
        with ended_by_a_full_disk(config.stash[_recorder].path):
            write_real_data(Path(config.getoption("--results")), deal.table)


def _dealt(config: pytest.Config, target: Target) -> Deal:
    if _is_plain(config, target):
        return Deal()
    phase, claimed = config.getoption("--phase"), target.claims.capabilities
    own, seed = target.people, config.getoption("--seed")
    kinds = kinds_of(
        read_order(ROOT / target.order),
        own_given=bool(own.given_names),
        own_family=bool(own.family_names),
    )
    written = [
        each
        for each in read_written()
        if is_run_in(phase, each.tags, each.phase) and is_claimed(each.tags, claimed)
    ]
    return Deal(kinds, written, seed)


def _is_plain(config: pytest.Config, target: Target) -> bool:
    """A tester keys in what the features say; a quick look and test handsets take it too."""
    access = target.access
    is_plain = config.getoption("--plain") or config.getoption("--quick")
    return bool(is_plain or access.by_hand or access.handsets is not None)


@pytest.fixture
def scene(
    world: World,
    register: Register,
    past: Past,
    pages: SampledPages | None,
    deal: Deal,
    request: pytest.FixtureRequest,
) -> Iterator[Scene]:
    """One scenario's people; the world goes on after them."""
    # The force of a scenario is drawn by the name it had first, so that a rename changes nothing.
    named = whole_name_of(request.node)
    first_named = read_names().first_name(whole_id_of(request.node)) or named
    kind = twins.TwinScene if request.config.getoption("--twins") else Scene
    id = whole_id_of(request.node)
    scene = kind(world, register, past, scenario=named, drawn_by=first_named, deal=deal, id=id)
    request.config.stash[_recorder].scene = scene
    yield scene
    world.breakdowns.bring_all_back()
    world.breakdowns.stop_second_worker()
    if pages is not None:
        # They have been judged: nothing that comes of this counts against anybody.
        pages.look(
            Sampled(each.victim, each.address)
            for each in scene.actors.values()
            if each.session is not None or latest_link(world, each.victim)
        )
    past.leave([*scene.actors.values(), *scene.bystanders])
    if isinstance(scene, twins.TwinScene):
        if request.config.stash[_recorder].verdict == "FAIL":
            _write_evidence(request.config, world, id)
        scene.put_away()


def _write_evidence(config: pytest.Config, world: World, id: str = "") -> None:
    """Write what was recorded, of a run or until a twin failed."""
    recorder = config.stash[_recorder]
    path = Path(config.getoption("--results")) / (f"{id}." * bool(id) + "evidence.ndjson")
    with ended_by_a_full_disk(recorder.path), whole_file(path) as file:
        write_evidence(file, world.evidence.records, process="features", wall=wall_now())


def _write(item: pytest.Function, recorder: Recorder, error: BaseException | None) -> None:
    template = scenario_wrapper_template_registry[item.obj]
    only = whole_id_of(item) or shlex.quote(template.name)
    target, phase = _shown(item.config.getoption("--target")), item.config.getoption("--phase")
    seed, plain = item.config.getoption("--seed"), item.config.getoption("--plain")
    same_data = (f" --seed {seed}" if seed else "") + (" --plain" if plain else "")
    recorder.end(
        error,
        id=whole_id_of(item),
        name=whole_name_of(item),
        feature=template.feature.name,
        phase=phase_of(feature_file(item)),
        requirements=tuple(requirements_in(tags_of(item))),
        command=f"portal-suite accept --target {target} --phase {phase} --only {only}{same_data}",
    )
    if recorder.unreachable_in_a_row >= UNREACHABLE_IN_A_ROW_MAX:
        item.session.shouldstop = "the portal could not be reached three times in a row"


def _shown(target: str) -> str:
    """Give a path for a command to copy, from where the suite was called.

    The suite's own files are found from anywhere.
    """
    path = Path(target)
    near = next((each for each in (Path.cwd(), ROOT) if path.is_relative_to(each)), None)
    return shlex.quote(str(path.relative_to(near) if near else path))


def _target(config: pytest.Config) -> Target:
    target = read_target(Path(config.getoption("--target")))
    application = config.getoption("--application")
    if not application:
        return target
    return structs.replace(target, access=structs.replace(target.access, application=application))
