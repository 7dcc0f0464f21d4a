"""Run the features against a portal in a phase, and judge the portal by them.

The features run in a process of their own, which writes one line a scenario.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from simulator.accept.driver_between import pages_sampled, results_of_driver
from simulator.accept.edge_stories import explored, why_not_explored
from simulator.accept.quick_look import as_quick_look
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.seeming_phase import seeming_phase
from simulator.accept.tester_files import SuppliedFiles
from simulator.accept.twins import TWINS_SHARE, twins, why_no_twins
from simulator.accept.unclaimed_scenarios import check_scenario_name, results_of_unclaimed
from simulator.by_hand.process import check_journal, mark_unfinished, run_with_tester
from simulator.check.stopped_portal import answers_while_stopped, can_be_stopped
from simulator.clock import WorldClock, wall_now
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.evidence.files import read_evidence
from simulator.evidence.records import MessageReached, Record
from simulator.evidence.shown_words import ShownWords, shown_words
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.target import Target, check_phase, read_target, secret_values
from simulator.inputs.vocabulary import check_vocabulary
from simulator.processes.features_process import ALL_FEATURES, CANNOT_WRITE, Run, run_alone
from simulator.results.folder import FEATURE_FILES as FEATURES_FILES
from simulator.results.folder import clear_results, clear_unless_bad_input, remove_files
from simulator.results.real_data import data_share
from simulator.results.values import AcceptanceResult, ScenarioResult, TwinsPlayed
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
    tester_files: SuppliedFiles | None = None,
    resume: bool = False,
    minutes: float = 0,
    plain: bool = False,
) -> AcceptanceResult:
    """Put the portal in a phase and judge it by the features of that phase and earlier ones.

    A `quick` run has only a few scenarios and is never a pass. `resume` continues a run by hand
    that was stopped. Made-up stories are played for so many `minutes` too, where the portal lets
    them. `plain` keeps the people and words of the feature files.

    Raises BadInput for what the tester can correct, before anything runs: a file, or a phase that
    the portal does not claim.
    """
    target = read_target(target_path)
    claimed, requirements = target.claims.capabilities, read_requirements()
    check_recipients(target, target_path)
    check_phase(target, target_path, phase)
    if only:
        check_scenario_name(only, phase=phase, claimed=claimed)
    _check_by_hand(target, target_path, out, resume=resume)
    with clear_unless_bad_input("accept", out):
        answered = check_target(target, target_path, phase=phase)
    clear_results("accept", out)
    run = run_with_tester(resume=resume) if target.access.by_hand else run_alone
    scenarios = run_features(
        target_path, phase=phase, out=out, only=only, quick=quick,
        application=application, seed=seed, run=run, plain=plain,
    )  # fmt: skip
    is_whole = not (only or quick)
    review = tester_files.driver_review if tester_files is not None else None
    sampled = pages_sampled(target, evidence_of(out), phase=phase, review=review)
    added = results_of_driver(target, answered, sampled, phase=phase, is_whole=is_whole)
    added += results_of_unclaimed(phase, claimed, only=only, quick=quick)
    not_tried = why_not_explored(target) if minutes else "--edges off was given"
    met, again = None, None
    if minutes and not (quick or why_no_twins(target)):
        failed, again = _twins(
            scenarios, target_path, phase=phase, out=out, seed=seed, application=application,
            seconds=60 * minutes * TWINS_SHARE,
        )  # fmt: skip
        added += failed
        minutes -= minutes * TWINS_SHARE
    if is_whole and not not_tried:
        failed, met = explored(target_path, phase=phase, out=out, seed=seed, minutes=minutes)
        added += failed
    _add(added, out)
    scenarios += added
    if not is_whole:
        requirements = _touched(requirements, scenarios)
    result = acceptance_result(
        target, requirements, scenarios, phase=phase, messages=messages_reached(out), only=only
    )
    seems_in = seeming_phase(target, scenarios, phase=phase, out=out) if is_whole else None
    words = words_of(out)
    result = structs.replace(result, seed=seed, edges=met, sampled=sampled, words=words)
    result = structs.replace(result, edges_not_tried=not_tried, seems_in=seems_in, twins=again)
    result = structs.replace(result, real_data=data_share(out))
    result = result if tester_files is None else tester_files.apply(result)
    if target.access.by_hand:
        result = mark_unfinished(result, out)
    return as_quick_look(result, claimed) if quick else result


def _twins(
    scenarios: Sequence[ScenarioResult], path: Path, **how: Any
) -> tuple[list[ScenarioResult], TwinsPlayed | None]:
    """Play the twins of the scenarios that passed; of one that failed a twin says nothing new."""
    passed = [each.id for each in scenarios if each.verdict in ("PASS", "REVIEW")]
    return twins(path, of=passed, **how) if passed else ([], None)


def _add(scenarios: Sequence[ScenarioResult], out: Path) -> None:
    """Write scenarios beside those that the features wrote."""
    with (out / "scenarios.ndjson").open("ab") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in scenarios)


def _check_by_hand(target: Target, target_path: Path, out: Path, *, resume: bool) -> None:
    if resume and not target.access.by_hand:
        raise BadInput(
            f"{target_path}: access.by_hand is not true; --resume is only for runs by hand"
        )
    if target.access.by_hand:
        check_journal(out, resume=resume)


def _touched(
    requirements: Sequence[Requirement], scenarios: Sequence[ScenarioResult]
) -> list[Requirement]:
    """Keep the requirements that these scenarios test, by a tag or by a harm."""
    touched = {id for each in scenarios for id in each.requirements}
    touched |= {
        found.requirement for each in scenarios for found in each.findings if found.kind == "FAIL"
    }
    return [each for each in requirements if each.id in touched]


def check_target(target: Target, path: Path, *, phase: int) -> tuple[str, ...]:
    """Start the portal and its neighbours once, and check that a portal answers.

    Then stop it, if a vendor's own driver stands before it: return what that answers all the same.
    Raises BadInput, or PortalUnreachable if no portal answers, each with one sentence.
    """
    order = read_order(ROOT / target.order).staying_in(phase)
    check_vocabulary(order, target.order)
    virtual = "test_clock" in target.claims.capabilities
    # As the scenarios do: a portal that runs already takes no earlier time afterwards.
    start = order.go_live_at(1) - timedelta(days=1) if virtual else wall_now()
    secrets = secret_values(target, path)
    if target.access.by_hand:
        # There is no portal to ask: the tester keys in.
        return ()
    try:
        with world_around(
            target,
            order,
            name="check",
            clock=WorldClock(start),
            secrets=secrets,
            streams=Streams(FEATURES_SEED),
            phase=phase,
        ) as world:
            with suppress(CannotVerify):
                # A driver may still have methods to write: each scenario says what is missing.
                world.settle()
            return answers_while_stopped(world) if can_be_stopped(target) else ()
    except CannotVerify:
        return ()
    except (BadInput, PortalUnreachable) as error:
        # The code that starts the portal knows the field, but not its file.
        raise type(error)(f"{path}: {error}") from None
    except PortalNonsense as error:
        # An answer outside the contract at this point may come from something else.
        raise PortalUnreachable(f"{path}: {error}; is it the portal?") from None


def run_features(
    target_path: Path,
    *,
    phase: int,
    out: Path,
    only: str = "",
    among: Collection[str] = (),
    quick: bool = False,
    application: str = "",
    seed: int = FEATURES_SEED,
    run: Run = run_alone,
    reach_to: Path | None = None,
    reach: Path | None = None,
    replaced: Sequence[str] = (),
    plain: bool = True,
    twins_seconds: float = 0,
) -> list[ScenarioResult]:
    """Run pytest over the features in a process of its own; return one result a scenario.

    Relative paths are from the current folder, although the process starts in the suite's own. Only
    scenarios whose ids are `among` some run, if any are given; an outline's id is all its examples.
    `reach_to` is a file for the functions of the portal that each scenario calls. With such a file
    as `reach`, only the scenarios run that call a function in `replaced`. With `twins_seconds`
    twins are played in their place, and none is begun after that.
    """
    target_path, out = target_path.resolve(), out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    remove_files(out, FEATURES_FILES)
    results = out / "scenarios.ndjson"
    arguments = [
        *ALL_FEATURES,
        "--target", str(target_path), "--phase", str(phase), "--results", str(out),
        "--application", application, "--only", only, "--seed", str(seed),
        "--called-from", str(Path.cwd()), *(["--quick"] if quick else []),
        *(["--plain"] if plain else []),
        *(["--among", ",".join(sorted(among))] if among else []),
        *(["--twins", str(twins_seconds)] if twins_seconds else []),
        *(["--reach-to", str(reach_to.resolve())] if reach_to else []),
        *(["--reach", str(reach.resolve()), "--replaced", ",".join(replaced)] if reach else []),
    ]  # fmt: skip
    code = run(arguments, out / "pytest.log")
    if code == CANNOT_WRITE:
        raise SuiteError(
            f"{out}: the results could not be written (is the disk full?), so nothing was judged; "
            "make room there, and run it again"
        )
    if not results.exists() or code not in (0, 1, 2, 5):
        raise SuiteError(f"the features did not run; see {out / 'pytest.log'}")
    scenarios = [_SCENARIOS.decode(line) for line in results.read_bytes().splitlines()]
    if only and not scenarios and code == 5:
        raise BadInput(f"--only {only!r}: phase {phase} has no such scenario; see features/")
    if code == 2 and not scenarios:
        raise SuiteError(f"the features could not be collected; see {out / 'pytest.log'}")
    return scenarios


def words_of(out: Path) -> tuple[ShownWords, ...]:
    """List what the portal sent and showed, in the evidence of a results folder."""
    return tuple(sorted(shown_words(evidence_of(out))))


def messages_reached(out: Path) -> int:
    """Count the messages that reached a person, in the evidence of a results folder."""
    records = evidence_of(out)
    return sum(isinstance(each, MessageReached) and each.holders > 0 for each in records)


def evidence_of(out: Path) -> Iterable[Record]:
    """Read the evidence of a results folder; none if it has none."""
    path = out / "evidence.ndjson"
    return read_evidence([path]) if path.exists() else ()
