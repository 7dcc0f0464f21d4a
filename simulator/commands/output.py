"""The output of every command: its progress bar, its result files, and its exit code."""

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from simulator.commands.cli_options import InputFile
from simulator.errors import BadInput
from simulator.files.whole_files import write_whole
from simulator.results.folder import create_results_folder, locked, result_files
from simulator.verdicts import Kind, exit_code

Result = TypeVar("Result")
INPUT = InputFile()
RESULTS = click.Path(path_type=Path, file_okay=False)


def console() -> Any:
    """Return the console on which to show a result."""
    from rich.console import Console

    return Console()


def open_results_folder(out: Path) -> None:
    """Create a results folder, and keep it for this command until it ends; raises BadInput."""
    create_results_folder(out)
    click.get_current_context().with_resource(locked(out))


def require(what: str, extra: str, *packages: str) -> None:
    """Raise BadInput with the extra to install, if a package is missing that this needs."""
    for package in packages:
        try:
            importlib.import_module(package)
        except ModuleNotFoundError:
            raise BadInput(
                f"{what} needs {package}, which is not installed; "
                f"pip install 'portal-suite[{extra}]'"
            ) from None


def with_progress(what: str, total: float | None, job: Callable[[Any, Any], Result]) -> Result:
    """Do a long job with a progress bar; in a file, a line now and then says how far it is."""
    from rich import progress as bars
    from rich.console import Console

    from simulator.commands.progress_lines import ProgressLines

    # A total of 1 is a share; of more, a number of things.
    is_counted = total is not None and total > 1
    columns = (
        bars.TextColumn("{task.description:<28}"),
        bars.BarColumn(),
        *([bars.MofNCompleteColumn(separator=" of ")] if is_counted else []),
        bars.TimeElapsedColumn(),
        *([bars.TextColumn("left"), bars.TimeRemainingColumn()] if total else []),
    )
    shown = Console(stderr=True)
    if not shown.is_terminal:
        lines = ProgressLines(what, total, lambda line: click.echo(line, err=True))
        return job(lines, what)
    with bars.Progress(*columns, console=shown, transient=True) as progress:
        return job(progress, progress.add_task(what, total=total))


def bar_shower(progress: Any, task: Any, before: str = "") -> Callable[[str], None]:
    """Show how far a burst is in the bar's own words."""

    def show(text: str) -> None:
        if text:
            progress.update(task, description=f"{before}{text}")

    return show


def write_json(path: Path, result: Any) -> None:
    """Write a result as JSON that people can read too."""
    import msgspec

    write_whole(path, msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")


def files_written(files: Iterable[Path]) -> str:
    """Name the files that a command wrote, one a line: a terminal has 80 columns."""
    return "\n  ".join(("Written:", *map(str, files)))


def finish(command: str, verdict: Kind, out: Path) -> None:
    """Print the names of the result files, and exit with the code of the verdict."""
    click.echo(f"\n{files_written(result_files(command, out))}")
    click.get_current_context().exit(exit_code(verdict))
