"""`portal-suite explore`: stories made by a seed, played on a portal, and judged."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import INPUT, RESULTS, console, finish, with_progress, write_json
from simulator.errors import BadInput
from simulator.results.folder import clear_results, create_results_folder

_MINUTES_MAX = 24 * 60
#: As in simulator.explore.drawing, which --help need not load.
FOCUSES = ("events", "messages", "sign-in", "contact", "two-way", "breakdowns")


@click.command()
@click.option("--target", type=INPUT, required=True, help="Target file of the portal to explore.")
@click.option("--phase", type=WholeNumber(1, 3), default=3, show_default=True)
@click.option("--minutes", type=click.FloatRange(0, _MINUTES_MAX, min_open=True))
@click.option("--stories", type=WholeNumber(1, 10_000_000), help="Play so many stories instead.")
@click.option(
    "--seed", type=WholeNumber(0, 2**31), default=1, show_default=True, help="Other stories."
)
@click.option("--focus", type=click.Choice(FOCUSES), help="Lean to the steps of this area.")
@click.option("--replay", type=INPUT, help="Play one story again, from the file of an earlier run.")
@click.option("--out", type=RESULTS, default="out/exploration", show_default=True)
def explore(
    target: Path,
    phase: int,
    minutes: float | None,
    stories: int | None,
    seed: int,
    focus: str | None,
    replay: Path | None,
    out: Path,
) -> None:
    """Look for defects that nobody wrote a scenario for: play made-up stories, and judge them.

    Without --minutes or --stories it explores for one minute. One seed always makes the same
    stories. Each defect is shown by the shortest story that still fails.

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
    from simulator.explore.by_url import check_phase, explore_running, replayed_on_running
    from simulator.explore.run import Effort, explore_target, replayed
    from simulator.inputs.target import read_target
    from simulator.report.terminal import show_exploration

    if minutes is not None and stories is not None:
        raise BadInput("--minutes and --stories: give one of them")
    create_results_folder(out)
    runs_already = not read_target(target).access.lives_with_the_run
    if replay is not None:
        play_again = replayed_on_running if runs_already else replayed
        result = play_again(target, replay, out=out)
    else:
        if runs_already:
            check_phase(target, phase, out)
        seconds = None if stories is not None else 60 * (minutes or 1)
        lean: Any = focus or ""
        effort = Effort(phase=phase, seed=seed, stories=stories, seconds=seconds, focus=lean)

        def job(progress: Any, task: Any) -> Any:
            def on_story(played: int, found: int) -> None:
                done = f"{played:,} stories, {found} failing"
                progress.update(task, completed=played, description=done)

            clear_results("explore", out)
            explored = explore_running if runs_already else explore_target
            return explored(target, effort, out=out, on_story=on_story)

        result = with_progress("Making stories", stories, job)
    _write(result, out)
    show_exploration(result, console())
    finish("explore", result.verdict, out)


def _write(result: Any, out: Path) -> None:
    """Write the result for people and machines."""
    from simulator.report.html import coverage_html, exploration_html
    from simulator.report.junit import exploration_junit

    write_json(out / "exploration.json", result)
    (out / "junit.xml").write_bytes(exploration_junit(result))
    (out / "report.html").write_text(exploration_html(result), encoding="utf-8")
    (out / "coverage.html").write_text(coverage_html(result), encoding="utf-8")
