"""`portal-suite accept`: the features of a phase against the portal that a target names."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from simulator.commands.cli_options import MINUTES_MAX, Number, WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    files_written,
    finish,
    open_results_folder,
    require,
    with_progress,
    write_json,
)
from simulator.errors import BadInput
from simulator.files.whole_files import whole_file, write_whole
from simulator.results.folder import result_files
from simulator.verdicts import Kind, worst

_WINDOW = "Also rehearse the phase's test weeks, at volume."
#: A run of a few scenarios must not take the place of a whole one.
_FOLDERS = {"whole": "out/acceptance", "only": "out/acceptance-only", "quick": "out/quick-look"}
_OUT = (
    f"[default: {_FOLDERS['whole']}; with --only {_FOLDERS['only']}, with --quick "
    f"{_FOLDERS['quick']}]"
)
_LOOK_SECONDS = 0.5
#: So many scenarios take no minute on any portal.
_A_FEW = 20
_MINUTES = 5.0
_PLAIN = "Keep the people and words of the feature files, and no real data."
_STRICT = "Exit with 3 until what waits for a person or a browser is shown, or waived by name."
_SEED = "Run the scenarios in another order, on other days, with other names and delays."


@click.command()
@click.option("--target", type=INPUT, required=True, help="Target file of the portal under test.")
@click.option(
    "--phase",
    type=WholeNumber(1, 3),
    help="Phase of the portal.  [default: the highest that the target claims]",
)
@click.option("--out", type=RESULTS, help=_OUT)
@click.option("--only", default="", help="Run only the scenarios of this name or id.")
@click.option("--quick", is_flag=True, help="Run only a few scenarios; not a verdict.")
@click.option("--seed", type=WholeNumber(0, 2**31), default=0, show_default=True, help=_SEED)
@click.option("--plain", is_flag=True, help=_PLAIN)
@click.option(
    "--expected", type=INPUT, help="File of known gaps, with reasons; any other gap fails."
)
@click.option("--contract", type=INPUT, help="CSV of the contract's clauses and priorities.")
@click.option(
    "--reviews", type=INPUT, help="File of reviews by named people, for what only people can judge."
)
@click.option(
    "--compare",
    type=INPUT,
    help="acceptance.json of an earlier run of this portal and phase: what is new, and mended.",
)
@click.option("--resume", is_flag=True, help="Continue a run by hand that was stopped.")
@click.option(
    "--edges",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Also play made-up stories: those that a portal failed once, and those at the edges of "
    "the order.",
)
@click.option(
    "--minutes",
    type=Number(MINUTES_MAX, min_open=True),
    default=_MINUTES,
    show_default=True,
    help="How long it plays beyond the scenarios: made-up stories, and for a third of it the "
    "scenarios a second time.",
)
@click.option("--strict", is_flag=True, help=_STRICT)
@click.option("--verbose", is_flag=True, help="Print every requirement and scenario.")
@click.option("--window", is_flag=True, help=_WINDOW)
@click.option("--allure", type=RESULTS, help="Also write Allure results to this folder.")
def accept(
    target: Path,
    phase: int | None,
    out: Path | None,
    only: str,
    quick: bool,  # noqa: FBT001  click gives it by name
    seed: int,
    plain: bool,  # noqa: FBT001  click gives it by name
    expected: Path | None,
    contract: Path | None,
    reviews: Path | None,
    compare: Path | None,
    resume: bool,  # noqa: FBT001  click gives it by name
    edges: str,
    minutes: float,
    strict: bool,  # noqa: FBT001  click gives it by name
    verbose: bool,  # noqa: FBT001  click gives it by name
    window: bool,  # noqa: FBT001  click gives it by name
    allure: Path | None,
) -> None:
    """Judge a portal in a phase by the features up to that phase.

    It takes one to two minutes, then at most --minutes for made-up stories; --quick takes seconds.

    \b
    Examples:
      portal-suite accept --target scenarios/targets/reference-by-url.toml --phase 2
      portal-suite accept --target scenarios/targets/reference.toml --only S-070
      portal-suite accept --target scenarios/targets/reference.toml --quick
      portal-suite accept --target scenarios/targets/reference.toml --phase 2 --window
      portal-suite accept --target our_portal.toml --strict --reviews reviews.toml
      portal-suite accept --target our_portal.toml --compare out/acceptance/acceptance.json
    """  # noqa: D301  click reads the mark
    from simulator.accept.compare import StoriesAgain, read_earlier
    from simulator.accept.run import accept as run
    from simulator.inputs.target import check_phase, read_target

    out = out or Path(_FOLDERS["only" if only else "quick" if quick else "whole"])
    tester_files = _tester_files(expected=expected, contract=contract, reviews=reviews)
    read = read_target(target)
    phase = phase or max(read.claims.phases, default=3)
    check_phase(read, target, phase)
    _check(read, target, only=only, quick=quick, window=window, allure=allure)
    earlier = compare and read_earlier(compare, portal=read.claims.name, phase=phase)
    open_results_folder(out)
    # It may be the result that this run replaces.
    again = compare and earlier and StoriesAgain.of(earlier, compare, target, out)
    minutes = minutes if edges == "on" else 0
    job = partial(
        run, target, phase=phase, out=out, tester_files=tester_files, minutes=minutes,
        only=only, quick=quick, seed=seed, resume=resume, plain=plain,
    )  # fmt: skip
    total = _said_first(read, phase=phase, minutes=minutes, only=only, quick=quick)
    # A progress bar must not draw over what a tester types.
    result = job() if read.access.by_hand else _counted(job, out, phase=phase, total=total)
    weeks = _window(target, phase=phase, seed=seed, out=out) if window else None
    result = _with_all(result, weeks, strict=strict)
    result = again.beside(result) if again else result
    _write(result, read, out, allure, verbose=verbose)
    finish("accept", result.verdict, out)


def _with_all(result: Any, weeks: Kind | None, *, strict: bool) -> Any:
    """Give a result with the verdict on the test weeks, and on what nobody has shown."""
    kinds: list[Kind] = [weeks] if weeks else []
    kinds += ["REVIEW"] if strict and result.waiting else []
    verdict = worst([result.verdict, *kinds])
    return structs.replace(result, window=weeks, is_strict=strict, verdict=verdict)


def _check(
    read: Any, target: Path, *, only: str, quick: bool, window: bool, allure: Path | None
) -> None:
    if only and quick:
        raise BadInput("--only and --quick: give one of them")
    if allure is not None:
        require("--allure", "allure", "allure_commons")
    if not window:
        return
    from simulator.rehearsal.preconditions import check_starts_portals, check_target

    check_target(read, str(target))
    check_starts_portals(read, str(target), "--window")


def _said_first(read: Any, *, phase: int, minutes: float, only: str, quick: bool) -> int:
    """Say what a tester must know before the run; return how many scenarios it has."""
    from simulator.accept.days_put_off import days_put_off
    from simulator.accept.edge_stories import why_not_explored
    from simulator.accept.unclaimed_scenarios import count_to_run
    from simulator.clock import wall_now

    if days := days_put_off(read, phase=phase, now=wall_now()):
        console().print(days, markup=False, highlight=False)
    total = count_to_run(phase, read.claims.capabilities, only=only, quick=quick)
    if not read.access.by_hand:
        stories = minutes if not (only or quick or why_not_explored(read)) else 0
        console().print(_how_long(total, stories), markup=False, highlight=False)
    return total


def _how_long(scenarios: int, minutes: float) -> str:
    """Say how long a run takes: on two cores, a portal answers 2 to 10 scenarios a second."""
    least, most = max(1, round(scenarios / 600)), max(1, round(scenarios / 120))
    about = "about a minute" if most == 1 else f"{least} to {most} minutes"
    about = "seconds" if scenarios < _A_FEW else about
    beyond = "a minute" if minutes == 1 else f"{minutes:g} minutes"
    stories = f", then at most {beyond} of made-up stories and second times" if minutes else ""
    named = "1 scenario" if scenarios == 1 else f"{scenarios} scenarios"
    return f"{named}: {about}{stories}."


def _tester_files(**paths: Path | None) -> Any:
    from simulator.accept.tester_files import read_tester_files
    from simulator.clock import wall_now
    from simulator.inputs.requirements import read_requirements

    return read_tester_files(read_requirements(), **paths, today=wall_now().date())


def _counted(job: Callable[[], Any], out: Path, *, phase: int, total: int) -> Any:
    """Run the features with a bar that counts the scenarios as they are written down."""
    from simulator.clock import wall_now

    written, began = out / "scenarios.ndjson", wall_now().timestamp()

    def watched(progress: Any, task: Any) -> Any:
        over = threading.Event()

        def count() -> None:
            while not over.wait(_LOOK_SECONDS):
                with suppress(OSError):
                    if written.stat().st_mtime >= began:  # not of an earlier run
                        progress.update(task, completed=written.read_bytes().count(b"\n"))

        counter = threading.Thread(target=count, daemon=True)
        counter.start()
        try:
            return job()
        finally:
            over.set()
            counter.join()

    return with_progress(f"Phase {phase} features", total, watched)


def _write(result: Any, target: Any, out: Path, allure: Path | None, *, verbose: bool) -> None:
    """Write the result with its time and provenance, for people and machines, and show it."""
    import msgspec

    from simulator.clock import wall_now
    from simulator.report.html import acceptance_html, coverage_html
    from simulator.report.junit import acceptance_junit
    from simulator.report.terminal_acceptance import show_acceptance
    from simulator.results.exploration import ExplorationResult
    from simulator.results.folder import COVERAGE_PAGE, EXPLORATION_FILE
    from simulator.results.provenance import provenance_of

    rests_on = provenance_of(target, out / "evidence.ndjson")
    result = structs.replace(result, rests_on=rests_on, judged_at=wall_now())
    write_json(out / "acceptance.json", result)
    write_whole(out / "junit.xml", acceptance_junit(result))
    write_whole(out / "report.html", acceptance_html(result))
    if result.edges is not None:
        explored = (out / EXPLORATION_FILE).read_bytes()
        exploration = msgspec.json.decode(explored, type=ExplorationResult)
        exploration = structs.replace(exploration, verdict=result.verdict)
        write_whole(out / COVERAGE_PAGE, coverage_html(exploration))
    if allure is not None:
        from simulator.report.allure import write_allure

        write_allure(result, allure)
    show_acceptance(result, console(), verbose=verbose)


def _window(target: Path, *, phase: int, seed: int, out: Path) -> Kind:
    """Rehearse the test weeks of a phase, and write their page, result, table and evidence."""
    from simulator.clock import wall_now
    from simulator.evidence.files import write_evidence
    from simulator.files.paths import found
    from simulator.rehearsal.window import rehearse_window
    from simulator.report.window import window_csv, window_decision, window_html

    def job(progress: Any, task: Any) -> Any:
        def on_day(day: Any, share: float) -> None:
            progress.update(task, completed=share, description=f"{day:%d %B %Y}")

        rollout = found(Path("scenarios/phased-rollout.toml"))
        return rehearse_window(rollout, target=target, phase=phase, seed=seed, on_day=on_day)

    result, records = with_progress("Making crimes and victims", 1.0, job)
    write_json(out / "window.json", result)
    write_whole(out / "window.html", window_html(result))
    write_whole(out / "window-days.csv", window_csv(result))
    with whole_file(out / "window-evidence.ndjson") as file:
        write_evidence(file, records, process="window", wall=wall_now())
    files = files_written(result_files("window", out))
    click.echo(f"\nTest weeks: {window_decision(result)}\n\n{files}")
    verdict: Kind = result.verdict
    return verdict
