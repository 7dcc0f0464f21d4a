"""`portal-suite explore`: stories made by a seed, played on a portal, and judged."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import MINUTES_MAX, Number, WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    finish,
    open_results_folder,
    with_progress,
    write_json,
)
from simulator.errors import BadInput
from simulator.files.whole_files import write_whole
from simulator.results.folder import (
    clear_results,
    clear_unless_bad_input,
)
from simulator.verdicts import Kind

#: As in simulator.explore.step_drawing, which --help need not load.
FOCUSES = ("events", "messages", "sign-in", "contact", "two-way", "breakdowns")


_FOCUS_HELP = (
    "Draw more steps of one area: events (of the crime system: late, twice, put "
    "right), messages (how many, how soon, together), sign-in (links, codes, wrong proofs), "
    "contact (channels, STOP, addresses that are not for them), two-way (questions and replies), "
    "breakdowns (outages and restarts)."
)
#: A story that is played again has all of these.
_NOT_WITH_REPLAY = ("phase", "minutes", "stories", "seed", "focus")


@click.command()
@click.option("--target", type=INPUT, required=True, help="Target file of the portal to explore.")
@click.option(
    "--phase",
    type=WholeNumber(1, 3),
    help="Phase of the portal.  [default: the highest that the target claims]",
)
@click.option("--minutes", type=Number(MINUTES_MAX, min_open=True))
@click.option("--stories", type=WholeNumber(1, 10_000_000), help="Play so many stories instead.")
@click.option(
    "--seed",
    type=WholeNumber(0, 2**31),
    default=1,
    show_default=True,
    help="The number from which the stories are made; another number makes other stories.",
)
@click.option("--focus", type=click.Choice(FOCUSES), help=_FOCUS_HELP)
@click.option(
    "--replay",
    type=INPUT,
    help="Play one story again, from the file of an earlier run. The results are in the folder "
    "replay inside --out.",
)
@click.option("--out", type=RESULTS, default="out/exploration", show_default=True)
@click.pass_context
def explore(
    context: click.Context,
    target: Path,
    phase: int | None,
    minutes: float | None,
    stories: int | None,
    seed: int,
    focus: str | None,
    replay: Path | None,
    out: Path,
) -> None:
    """Look for defects that no scenario has, by made-up stories.

    Without --minutes or --stories it explores for one minute. One seed always makes the same
    stories. Each defect is shown by the shortest story that still fails. Ctrl-C ends it: what was
    found so far is written, and the exit code is 3.

    On a portal that runs already, at the target's portal_url, stories follow one another: each has
    new people and begins after the one before, since its clock goes forward only. There --replay
    exits with 3 if the story does not fail again: it was not replayed.

    \b
    Examples:
      portal-suite explore --target scenarios/targets/reference.toml --stories 100
      portal-suite explore --target scenarios/targets/reference.toml --phase 1 --minutes 0.1
      portal-suite explore --target scenarios/targets/reference.toml --focus sign-in --seed 7
      portal-suite explore --target our_portal.toml --replay out/exploration/stories/01.json
    """  # noqa: D301  click reads the mark
    from simulator.inputs.target import check_phase, read_target

    if replay is not None:
        _refuse_with_replay(context)
        result, out = _played_again(target, replay, out)
    else:
        if minutes is not None and stories is not None:
            raise BadInput("--minutes and --stories: give one of them")
        open_results_folder(out)
        claimed = read_target(target)
        phase = phase or max(claimed.claims.phases, default=3)
        check_phase(claimed, target, phase)
        seconds = None if stories is not None else 60 * (minutes or 1)
        result = _explored(
            target,
            out,
            phase=phase,
            seed=seed,
            stories=stories,
            seconds=seconds,
            focus=focus or "",
        )
    _finish(result, out)


def _refuse_with_replay(context: click.Context) -> None:
    """Refuse options that a story's file decides; raises BadInput."""
    given = [
        f"--{each}"
        for each in _NOT_WITH_REPLAY
        if context.get_parameter_source(each) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise BadInput(
            f"--replay and {', '.join(given)}: the story in the file decides that; leave out "
            f"{', '.join(given)}"
        )


def _played_again(target: Path, file: Path, out: Path) -> tuple[Any, Path]:
    """Play a story again; return the result, and the folder inside `out` where it belongs."""
    from msgspec import structs

    from simulator.explore.run import REPLAY_FOLDER, replayed
    from simulator.explore.story import read_story
    from simulator.inputs.target import read_target

    open_results_folder(out)
    folder, claimed = out / REPLAY_FOLDER, read_target(target)
    phase, phases = read_story(file).phase, list(claimed.claims.phases)
    if phase in (1, 2, 3) and phase not in phases:
        raise BadInput(
            f"{file}: phase is {phase}, and claims.phases of {target} is {phases}; replay a story "
            "of a claimed phase, or claim this phase in the target"
        )
    with clear_unless_bad_input("explore", folder):
        result = replayed(target, file, out=out)
    clear_results("explore", folder)
    return structs.replace(result, replayed=str(file)), folder


def _explored(target: Path, out: Path, **how: Any) -> Any:
    """Explore a portal, with a progress bar."""
    from simulator.explore.effort import Effort
    from simulator.explore.run import check_phase, explore_target

    effort = Effort(**how)
    check_phase(target, effort, out)

    def job(progress: Any, task: Any) -> Any:
        def on_story(tally: Any) -> None:
            done = f"{tally.stories:,} stories, {tally.failures} failing, {tally.covered}"
            progress.update(task, completed=tally.stories, description=done)

        def on_shorter(done: int, of: int) -> None:
            description = "Making failing stories shorter"
            progress.update(task, completed=done, total=of, description=description)

        clear_results("explore", out)
        return explore_target(target, effort, out=out, on_story=on_story, on_shorter=on_shorter)

    return with_progress("Making stories", effort.stories, job)


def _finish(result: Any, out: Path) -> None:
    """Write and print the result, and exit with its code."""
    from simulator.report.terminal import show_exploration

    _write(result, out)
    show_exploration(result, console())
    verdict: Kind = result.verdict
    if result.was_interrupted:
        number = "1 story" if result.stories == 1 else f"{result.stories:,} stories"
        click.echo(f"Stopped after {number}.", err=True)
        # The exit code of a run that was stopped says nothing of the portal.
        verdict = "INCONCLUSIVE"
    finish("explore", verdict, out)


def _write(result: Any, out: Path) -> None:
    """Write the result for people and machines."""
    from simulator.report.html import coverage_html, exploration_html
    from simulator.report.junit import exploration_junit

    write_json(out / "exploration.json", result)
    write_whole(out / "junit.xml", exploration_junit(result))
    write_whole(out / "report.html", exploration_html(result))
    write_whole(out / "coverage.html", coverage_html(result))
