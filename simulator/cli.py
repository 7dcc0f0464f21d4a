"""`portal-suite`: parses, calls, shows. The features and Locust run as processes of their own.

Exit codes: 0 conforms, 1 does not, 2 misuse, 3 could not judge.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from simulator.errors import COULD_NOT_JUDGE, SuiteError
from simulator.judge.verdicts import Kind, exit_code
from simulator.options import InputFile, PositiveShare, WholeNumber
from simulator.results_folder import cleared_for, written

Result = TypeVar("Result")
_IN = InputFile()
_OUT = click.Path(path_type=Path, file_okay=False)
REFERENCE = Path("scenarios/targets/reference.toml")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="portal-suite")
def commands() -> None:
    """Tell whether a victims' portal works, before real victims are involved.

    \b
    Examples:
      portal-suite rehearse scenarios/phased-rollout.toml
      portal-suite accept --target scenarios/targets/reference.toml --phase 2
      portal-suite prove
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite serve
      portal-suite catalogue

    Exit codes: 0 conforms, 1 does not, 2 misuse, 3 could not judge.
    """  # noqa: D301  click reads the mark


@commands.command()
@click.argument("rollout", type=_IN)
@click.option(
    "--out", type=_OUT, default="out/rehearsal", show_default=True, help="Results folder."
)
@click.option("--seed", type=WholeNumber(0, 2**62), help="Another seed than the rollout's.")
@click.option(
    "--fraction",
    type=PositiveShare(),
    help="Share of crimes followed through the portal; 1 follows all (hours).",
)
def rehearse(rollout: Path, out: Path, seed: int | None, fraction: float | None) -> None:
    """Rehearse a phased rollout on synthetic victims and bad contact data.

    \b
    Examples:
      portal-suite rehearse scenarios/phased-rollout.toml
      portal-suite rehearse scenarios/phased-rollout.toml --seed 7 --fraction 0.05
    """  # noqa: D301  click reads the mark
    from simulator.rehearsal.outputs import write_rehearsal
    from simulator.rehearsal.run import rehearse as run
    from simulator.report.terminal import show_rehearsal

    cleared_for("rehearse", out)

    def job(progress: Any, task: Any) -> Any:
        def on_day(day: Any, share: float) -> None:
            progress.update(task, completed=share, description=f"{day:%d %B %Y}")

        return run(rollout, seed=seed, fraction=fraction, on_day=on_day)

    rehearsed = _with_progress("Making crimes and victims", 1.0, job)
    write_rehearsal(rehearsed, out)
    show_rehearsal(rehearsed.result, _console())
    _done("rehearse", rehearsed.result.verdict, out)


@commands.command()
@click.option("--target", type=_IN, required=True, help="Target file of the portal under test.")
@click.option("--phase", type=WholeNumber(1, 3), default=3, show_default=True)
@click.option("--out", type=_OUT, default="out/acceptance", show_default=True)
@click.option("--only", default="", help="Run just the scenarios of this name.")
def accept(target: Path, phase: int, out: Path, only: str) -> None:
    """Put a portal in a phase and judge it by the features up to that phase.

    \b
    Examples:
      portal-suite accept --target scenarios/targets/reference.toml
      portal-suite accept --target scenarios/targets/reference-by-url.toml --phase 2
      portal-suite accept --target scenarios/targets/reference.toml --only "Not at night"
    """  # noqa: D301  click reads the mark
    from simulator.acceptance import accept as run
    from simulator.report.html import acceptance_html
    from simulator.report.junit import acceptance_junit
    from simulator.report.terminal import show_acceptance

    cleared_for("accept", out)

    def job(_progress: Any, _task: Any) -> Any:
        return run(target, phase=phase, out=out, only=only)

    result = _with_progress(f"Phase {phase} features", None, job)
    _write_json(out / "acceptance.json", result)
    (out / "junit.xml").write_bytes(acceptance_junit(result))
    (out / "report.html").write_text(acceptance_html(result), encoding="utf-8")
    show_acceptance(result, _console())
    _done("accept", result.verdict, out)


@commands.command()
@click.option("--out", type=_OUT, default="out/proof", show_default=True)
@click.option("--only", default="", help="Just the broken portal of this name.")
def prove(out: Path, only: str) -> None:
    """Judge the judge: each broken portal must be caught, the reference by nothing.

    \b
    Examples:
      portal-suite prove
      portal-suite prove --only sends_twice
    """  # noqa: D301  click reads the mark
    from simulator.proof import prove as run
    from simulator.proof import read_broken_portals
    from simulator.report.html import proof_html
    from simulator.report.junit import proof_junit
    from simulator.report.terminal import show_proof

    cleared_for("prove", out)
    total = 3 + sum(only in ("", each.name) for each in read_broken_portals())

    def job(progress: Any, task: Any) -> Any:
        def on_done(name: str) -> None:
            progress.update(task, advance=1, description=name)

        return run(out=out, only=only, on_done=on_done)

    result = _with_progress("Broken portals", total, job)
    _write_json(out / "proof.json", result)
    (out / "junit.xml").write_bytes(proof_junit(result))
    (out / "report.html").write_text(proof_html(result), encoding="utf-8")
    show_proof(result, _console())
    _done("prove", result.verdict, out)


@commands.command()
@click.argument("burst", type=_IN)
@click.option("--out", type=_OUT, default="out/load", show_default=True)
@click.option("--target", type=_IN, help="Another target than the burst's.")
def load(burst: Path, out: Path, target: Path | None) -> None:
    """Load a portal by URL with a burst, and judge every message of it.

    \b
    Examples:
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite load scenarios/bursts/smoke.toml --out out/smoke
    """  # noqa: D301  click reads the mark
    from simulator.load import load as run
    from simulator.report.html import load_html
    from simulator.report.terminal import show_load

    cleared_for("load", out)

    def job(_progress: Any, _task: Any) -> Any:
        return run(burst, out=out, target=target)

    result = _with_progress(f"Burst {burst.stem}", None, job)
    (out / "report.html").write_text(load_html(result), encoding="utf-8")
    show_load(result, _console())
    _done("load", result.verdict, out)


@commands.command()
@click.option(
    "--port",
    type=WholeNumber(1, 65_533),
    default=8000,
    show_default=True,
    help="Where the portal listens; the doubles have the next two.",
)
@click.option("--order", type=_IN, help="Another order than scenarios/orders/two-forces.toml.")
@click.option(
    "--phase",
    type=WholeNumber(1, 3),
    default=3,
    show_default=True,
    help="The last phase that is live.",
)
def serve(port: int, order: Path | None, phase: int) -> None:
    """Start the reference portal with our doubles and one crime, to try it by hand.

    \b
    It listens on this machine only, until Ctrl-C. The victim's texts and emails are shown as they
    arrive; what you type is done by the force. Nothing of it is kept.

    \b
    Examples:
      portal-suite serve
      portal-suite serve --phase 1
      portal-suite serve --port 9000 --order scenarios/orders/two-forces.toml
    """  # noqa: D301  click reads the mark
    from simulator.serve.keyboard import standard_input
    from simulator.serve.run import ORDER
    from simulator.serve.run import serve as run

    run(
        port=port,
        phase=phase,
        order_path=order or ORDER,
        console=_console(),
        keyboard=standard_input(),
    )


@commands.command()
@click.option("--full", is_flag=True, help="Print every wording, and why it is so.")
def catalogue(full: bool) -> None:  # noqa: FBT001  click gives it by name
    """Print all the words of the reference portal, what they cover, and what is due for review.

    \b
    Examples:
      portal-suite catalogue
      portal-suite catalogue --full
    """  # noqa: D301  click reads the mark
    import subprocess

    # In a process of its own: the suite does not import the portal that it tests.
    command = [sys.executable, "-m", "reference.portal.catalogue_table"]
    done = subprocess.run([*command, "--full"] if full else command, check=False)  # noqa: S603  ours
    click.get_current_context().exit(done.returncode)


def main() -> None:
    """Run the command line; an error is one sentence and an exit code, never a traceback."""
    try:
        code = commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(COULD_NOT_JUDGE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SuiteError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {named}{error.strerror or error}", err=True)
        sys.exit(COULD_NOT_JUDGE)
    sys.exit(code if isinstance(code, int) else 0)


def _console() -> Any:
    from rich.console import Console

    return Console()


def _with_progress(what: str, total: float | None, job: Callable[[Any, Any], Result]) -> Result:
    """Do a long job behind a progress bar, which nobody sees where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        return job(progress, progress.add_task(what, total=total))


def _write_json(path: Path, result: Any) -> None:
    import msgspec

    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")


def _done(command: str, verdict: Kind, out: Path) -> None:
    """Say where everything is, and exit by the verdict."""
    click.echo("\nWritten: " + ", ".join(map(str, written(command, out))))
    click.get_current_context().exit(exit_code(verdict))


if __name__ == "__main__":
    main()
