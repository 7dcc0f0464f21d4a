"""Run the features against a portal in a phase, and judge the portal by them.

The features run in a process of their own, which writes one line a scenario.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from simulator.accept.driver_between import pages_sampled, results_of_driver
from simulator.accept.edge_stories import explored, why_not_explored
from simulator.accept.features_run import run_features
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
)
from simulator.evidence.files import read_evidence
from simulator.evidence.records import MessageReached, Record
from simulator.evidence.shown_words import ShownWords, shown_words
from simulator.explore.running_portal import NoDaysLeft
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.target import Target, check_phase, read_target, secret_values
from simulator.inputs.vocabulary import check_vocabulary
from simulator.processes.features_process import run_alone
from simulator.results.folder import clear_results, clear_unless_bad_input
from simulator.results.real_data import data_share
from simulator.results.values import AcceptanceResult, EdgesMet, ScenarioResult, TwinsPlayed
from simulator.streams import FEATURES_SEED, Streams
from simulator.world.builder import world_around
from simulator.world.recipient_guard import check_recipients
from simulator.world.timed_portal import is_of_the_past

_NO_DAYS_LEFT = "the scenarios took its clock beyond the last bank holidays that the order names"
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
    answered = _checked(target, target_path, phase=phase, only=only, out=out, resume=resume)
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
    played = _Beyond(not_tried="--edges off was given")
    if minutes:
        passed = [each.id for each in scenarios if each.verdict in ("PASS", "REVIEW")]
        played = _beyond(
            target, target_path, phase=phase, out=out, seed=seed, minutes=minutes, quick=quick,
            is_whole=is_whole, application=application, passed=passed,
        )  # fmt: skip
    scenarios += _add(added + played.failed, out)
    if not is_whole:
        requirements = _touched(requirements, scenarios)
    result = acceptance_result(
        target, requirements, scenarios, phase=phase, messages=messages_reached(out), only=only
    )
    seems_in = seeming_phase(target, scenarios, phase=phase, out=out) if is_whole else None
    result = structs.replace(
        result, seed=seed, edges=played.met, edges_not_tried=played.not_tried, sampled=sampled,
        words=words_of(out), seems_in=seems_in, twins=played.again, real_data=data_share(out),
    )  # fmt: skip
    result = result if tester_files is None else tester_files.apply(result)
    if target.access.by_hand:
        result = mark_unfinished(result, out)
    return as_quick_look(result, claimed) if quick else result


def _checked(
    target: Target, path: Path, *, phase: int, only: str, out: Path, resume: bool
) -> tuple[str, ...]:
    check_recipients(target, path)
    check_phase(target, path, phase)
    if only:
        check_scenario_name(only, phase=phase, claimed=target.claims.capabilities)
    _check_by_hand(target, path, out, resume=resume)
    with clear_unless_bad_input("accept", out):
        return check_target(target, path, phase=phase)


class _Beyond(Struct, kw_only=True):
    """What was played beyond the scenarios: twins of them, and made-up stories."""

    failed: list[ScenarioResult] = field(default_factory=list)
    met: EdgesMet | None = None
    not_tried: str = ""
    again: TwinsPlayed | None = None


def _beyond(
    target: Target,
    path: Path,
    *,
    passed: Sequence[str],
    minutes: float,
    quick: bool,
    is_whole: bool,
    application: str,
    phase: int,
    out: Path,
    seed: int,
) -> _Beyond:
    played = _Beyond(not_tried=why_not_explored(target))
    where: dict[str, Any] = {"phase": phase, "out": out, "seed": seed}
    if why := why_no_twins(target):
        played.again = TwinsPlayed(played=0, every=len(passed), not_tried=why)
    elif passed and not quick:
        # Of a scenario that failed itself a twin says nothing new.
        seconds = 60 * minutes * TWINS_SHARE
        played.failed, played.again = twins(
            path, of=passed, seconds=seconds, application=application, **where
        )
        minutes -= minutes * TWINS_SHARE
    if is_whole and not played.not_tried:
        try:
            failed, played.met = explored(path, minutes=minutes, **where)
        except NoDaysLeft:
            # What the scenarios found is not lost with what could have come after them.
            played.not_tried = _NO_DAYS_LEFT
        else:
            played.failed += failed
    return played


def _add(scenarios: list[ScenarioResult], out: Path) -> list[ScenarioResult]:
    with (out / "scenarios.ndjson").open("ab") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in scenarios)
    return scenarios


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
        if is_of_the_past(error):
            raise PortalUnreachable(
                f"{path}: the portal's clock is beyond {start:%-d %B %Y}, when scenarios begin, "
                "and a test clock goes forward only: start the portal again with an empty database"
            ) from None
        # An answer outside the contract at this point may come from something else.
        raise PortalUnreachable(f"{path}: {error}; is it the portal?") from None


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
