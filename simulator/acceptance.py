"""Runs the features against a portal in a phase, and rolls scenarios up into requirements.

The features run as a process of their own; what comes back is one line a scenario.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import structs

from simulator.acceptance_files import BesideIt
from simulator.by_hand.process import as_far_as_it_got, check_journal, with_tester
from simulator.clock import WorldClock, wall_now
from simulator.errors import BadInput, CannotVerify, SuiteError
from simulator.evidence import MessageReached, read_evidence
from simulator.features_process import Run, run_alone
from simulator.judge.verdicts import Kind, worst
from simulator.neighbours import world_around
from simulator.order import read_order
from simulator.page_requirements import NOT_LOOKED_AT
from simulator.places import ROOT
from simulator.quick_look import as_quick_look
from simulator.recipients import check_recipients
from simulator.requirements import Requirement, read_requirements
from simulator.results import AcceptanceResult, RequirementResult, ScenarioResult
from simulator.results_folder import FEATURES as FEATURES_FILES
from simulator.results_folder import remove
from simulator.streams import FEATURES_SEED, Streams
from simulator.target import Target, order_name_of, read_target, secret_values, way_of
from simulator.vocabulary import check_vocabulary

FEATURES = ROOT / "features"
_SCENARIOS = msgspec.json.Decoder(ScenarioResult)


def accept(
    target_path: Path,
    *,
    phase: int,
    out: Path,
    only: str = "",
    quick: bool = False,
    application: str = "",
    seed: int = FEATURES_SEED,
    beside: BesideIt | None = None,
    resume: bool = False,
) -> AcceptanceResult:
    """Put the portal in a phase and judge it by the features of that phase and those before.

    A `quick` one is a look at a few of them, which is never a pass. With `resume` a run by hand
    that was stopped goes on.

    Raises BadInput, before anything runs, for what the tester can mend: a file, or a phase that
    the portal does not claim.
    """
    target = read_target(target_path)
    check_recipients(target, target_path)
    _check_phase(target, target_path, phase)
    requirements = read_requirements()
    check_target(target, target_path)
    if resume and not target.access.by_hand:
        raise BadInput(
            f"{target_path}: access.by_hand is not true: --resume goes on with runs by hand"
        )
    if target.access.by_hand:
        check_journal(out, resume=resume)
    scenarios = run_features(
        target_path,
        phase=phase,
        out=out,
        only=only,
        quick=quick,
        application=application,
        seed=seed,
        run=with_tester(resume=resume) if target.access.by_hand else run_alone,
    )
    if only or quick:
        proved = {requirement for each in scenarios for requirement in each.requirements}
        requirements = [each for each in requirements if each.id in proved]
    messages = messages_reached(out)
    result = roll_up(target, requirements, scenarios, phase=phase, messages=messages, only=only)
    result = structs.replace(result, seed=seed)
    if beside is not None:
        result = beside.applied_to(result)
    if target.access.by_hand:
        result = as_far_as_it_got(result, out)
    return as_quick_look(result, target.claims.capabilities) if quick else result


def check_target(target: Target, path: Path) -> None:
    """Start the portal and its neighbours once and ask whether it is one, before anything runs.

    Raises BadInput, PortalUnreachable or PortalNonsense, each with one sentence.
    """
    order = read_order(ROOT / target.order)
    check_vocabulary(order, target.order)
    virtual = "test_clock" in target.claims.capabilities
    start = order.go_live_at(1) if virtual else wall_now()
    secrets = secret_values(target, path)
    if target.access.by_hand:
        # There is nobody to ask yet.
        return
    try:
        with world_around(
            target,
            order,
            name="check",
            clock=WorldClock(start),
            secrets=secrets,
            streams=Streams(FEATURES_SEED),
        ) as world:
            world.settle()
    except CannotVerify:
        # A driver with something still to be written is one: each scenario says what it lacked.
        return
    except BadInput as error:
        # Whoever starts the portal knows the field, and not the file it stands in.
        raise BadInput(f"{path}: {error}") from None


def run_features(
    target_path: Path,
    *,
    phase: int,
    out: Path,
    only: str = "",
    quick: bool = False,
    application: str = "",
    seed: int = FEATURES_SEED,
    run: Run = run_alone,
) -> list[ScenarioResult]:
    """Run pytest over the features in a process of its own; gives one result a scenario.

    Relative paths are from the current folder, though the process starts in the suite's own.
    """
    target_path, out = target_path.resolve(), out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    remove(out, FEATURES_FILES)
    results = out / "scenarios.ndjson"
    arguments = [
        # What else is installed beside us has no say in a verdict.
        "--disable-plugin-autoload", "-p", "pytest_bdd.plugin",
        "-p", "features.plugin", "-p", "no:cacheprovider", "--assert=plain",
        "-q", "--no-header", "--tb=short",
        "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), str(FEATURES),
        "--target", str(target_path), "--phase", str(phase), "--results", str(out),
        "--application", application, "--only", only, "--seed", str(seed),
        "--called-from", str(Path.cwd()), *(["--quick"] if quick else []),
    ]  # fmt: skip
    code = run(arguments, out / "pytest.log")
    if not results.exists() or code not in (0, 1, 2, 5):
        raise SuiteError(f"the features did not run; see {out / 'pytest.log'}")
    scenarios = [_SCENARIOS.decode(line) for line in results.read_bytes().splitlines()]
    if only and not scenarios and code == 5:
        raise BadInput(f"--only {only!r}: no scenario of that name in phase {phase}; see features/")
    if code == 2 and not scenarios:
        raise SuiteError(f"the features could not be collected; see {out / 'pytest.log'}")
    return scenarios


def roll_up(
    target: Target,
    requirements: Sequence[Requirement],
    scenarios: Sequence[ScenarioResult],
    *,
    phase: int,
    messages: int,
    only: str = "",
) -> AcceptanceResult:
    """Give each requirement the worst verdict of its scenarios, and the whole the worst of all.

    A run in which no message ever reached anybody proves nothing, whatever passed.
    """
    by_pages = bool(target.access.selectors)
    rows = [_row(each, scenarios, phase=phase, by_pages=by_pages) for each in requirements]
    counted = [row.verdict for row in rows if row.verdict != "OMIT"]
    verdict = worst(counted)
    if not only and verdict in ("PASS", "WARNING") and messages == 0:
        verdict = "INCONCLUSIVE"
    return AcceptanceResult(
        portal=target.claims.name,
        portal_version=target.claims.version,
        signatory=target.claims.signatory,
        phase=phase,
        order=order_name_of(target),
        reached=way_of(target),
        verdict=verdict,
        messages=messages,
        requirements=rows,
        scenarios=list(scenarios),
    )


def _check_phase(target: Target, path: Path, phase: int) -> None:
    claimed = list(target.claims.phases)
    if phase not in claimed:
        raise BadInput(
            f"{path}: claims.phases is {claimed}; --phase {phase} is not claimed: "
            "give one that is, or claim it there"
        )


def _row(
    requirement: Requirement, scenarios: Sequence[ScenarioResult], *, phase: int, by_pages: bool
) -> RequirementResult:
    mine = [each for each in scenarios if requirement.id in each.requirements]
    verdict: Kind = worst(each.verdict for each in mine)
    reason = next((each.reason for each in mine if each.reason), "")
    if requirement.level == "should" and verdict == "FAIL":
        verdict = "WARNING"
    doubts = [found for each in mine for found in each.findings if found.kind == "REVIEW"]
    doubt = next((found.observed for found in doubts if found.harm == requirement.harm), "")
    if doubt and verdict in ("PASS", "WARNING"):
        verdict, reason = "REVIEW", doubt
    awaits: Literal["", "a person", "a browser"] = ""
    if requirement.not_tested:
        verdict, reason = "OMIT", requirement.not_tested
    elif requirement.phase > phase:
        verdict, reason = "OMIT", f"comes with phase {requirement.phase}"
    elif requirement.before_phase and phase >= requirement.before_phase:
        verdict, reason = "OMIT", f"phase {requirement.before_phase} is live"
    elif requirement.review:
        verdict, reason = "OMIT", f"for a person to judge, with --reviews: {requirement.review}"
        awaits = "a person"
    elif requirement.of_pages and not by_pages:
        verdict, reason, awaits = "OMIT", NOT_LOOKED_AT, "a browser"
    elif not mine:
        verdict, reason = "SKIP", "no scenario of it was run"
    return RequirementResult(
        id=requirement.id,
        sentence=requirement.sentence,
        source=requirement.source,
        basis=requirement.basis,
        level=requirement.level,
        phase=requirement.phase,
        verdict=verdict,
        scenarios=tuple(each.name for each in mine),
        reason=reason,
        awaits=awaits,
    )


def messages_reached(out: Path) -> int:
    """Count in the evidence of a results folder the messages that reached somebody."""
    path = out / "evidence.ndjson"
    if not path.exists():
        return 0
    records = read_evidence([path])
    return sum(isinstance(each, MessageReached) and each.holders > 0 for each in records)
