"""Runs the features against a portal in a phase, and says what they come to.

The features run as a process of their own; what comes back is one line a scenario.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from simulator.accept.quick_look import as_quick_look
from simulator.accept.roll_up import roll_up
from simulator.accept.tester_files import BesideIt
from simulator.accept.unclaimed import check_name, not_claimed
from simulator.by_hand.process import as_far_as_it_got, check_journal, with_tester
from simulator.clock import WorldClock, wall_now
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.evidence.files import read_evidence
from simulator.evidence.records import MessageReached
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.target import Target, read_target, secret_values
from simulator.inputs.vocabulary import check_vocabulary
from simulator.processes.features_process import ALL_FEATURES, Run, run_alone
from simulator.results.folder import FEATURES as FEATURES_FILES
from simulator.results.folder import cleared_for, cleared_unless_misused, remove
from simulator.results.values import AcceptanceResult, ScenarioResult
from simulator.streams import FEATURES_SEED, Streams
from simulator.world.builder import world_around
from simulator.world.recipient_guard import check_recipients

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
    claimed = target.claims.capabilities
    check_recipients(target, target_path)
    _check_phase(target, target_path, phase)
    requirements = read_requirements()
    if only:
        check_name(only, phase=phase, claimed=claimed)
    if resume and not target.access.by_hand:
        raise BadInput(
            f"{target_path}: access.by_hand is not true: --resume goes on with runs by hand"
        )
    if target.access.by_hand:
        check_journal(out, resume=resume)
    with cleared_unless_misused("accept", out):
        check_target(target, target_path)
    cleared_for("accept", out)
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
    left_out = not_claimed(phase, claimed, only=only, quick=quick)
    with (out / "scenarios.ndjson").open("ab") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in left_out)
    scenarios += left_out
    if only or quick:
        requirements = _touched(requirements, scenarios)
    messages = messages_reached(out)
    result = roll_up(target, requirements, scenarios, phase=phase, messages=messages, only=only)
    result = structs.replace(result, seed=seed)
    if beside is not None:
        result = beside.applied_to(result)
    if target.access.by_hand:
        result = as_far_as_it_got(result, out)
    return as_quick_look(result, claimed) if quick else result


def _touched(
    requirements: Sequence[Requirement], scenarios: Sequence[ScenarioResult]
) -> list[Requirement]:
    """Keep what a few scenarios say something of: by their tags, or by a harm in them."""
    touched = {id for each in scenarios for id in each.requirements}
    touched |= {
        found.requirement for each in scenarios for found in each.findings if found.kind == "FAIL"
    }
    return [each for each in requirements if each.id in touched]


def check_target(target: Target, path: Path) -> None:
    """Start the portal and its neighbours once and ask whether it is one, before anything runs.

    Raises BadInput, or PortalUnreachable where there is none, each with one sentence.
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
    except (BadInput, PortalUnreachable) as error:
        # Whoever starts the portal knows the field, and not the file it stands in.
        raise type(error)(f"{path}: {error}") from None
    except PortalNonsense as error:
        # What answers before it was asked anything of the contract may be no portal at all.
        raise PortalUnreachable(f"{path}: {error}; is it the portal?") from None


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
    reach_to: Path | None = None,
    reach: Path | None = None,
    replaced: Sequence[str] = (),
) -> list[ScenarioResult]:
    """Run pytest over the features in a process of its own; gives one result a scenario.

    Relative paths are from the current folder, though the process starts in the suite's own. Which
    functions of the portal each scenario calls is written to `reach_to`; with such a file as
    `reach`, just those run that call one of those `replaced`.
    """
    target_path, out = target_path.resolve(), out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    remove(out, FEATURES_FILES)
    results = out / "scenarios.ndjson"
    arguments = [
        *ALL_FEATURES,
        "--target", str(target_path), "--phase", str(phase), "--results", str(out),
        "--application", application, "--only", only, "--seed", str(seed),
        "--called-from", str(Path.cwd()), *(["--quick"] if quick else []),
        *(["--reach-to", str(reach_to.resolve())] if reach_to else []),
        *(["--reach", str(reach.resolve()), "--replaced", ",".join(replaced)] if reach else []),
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


def _check_phase(target: Target, path: Path, phase: int) -> None:
    claimed = list(target.claims.phases)
    if phase not in claimed:
        raise BadInput(
            f"{path}: claims.phases is {claimed}; --phase {phase} is not claimed: "
            "give one that is, or claim it there"
        )


def messages_reached(out: Path) -> int:
    """Count in the evidence of a results folder the messages that reached somebody."""
    path = out / "evidence.ndjson"
    if not path.exists():
        return 0
    records = read_evidence([path])
    return sum(isinstance(each, MessageReached) and each.holders > 0 for each in records)
