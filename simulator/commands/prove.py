"""`portal-suite prove`: test the judge with portals that are broken on purpose."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import RESULTS, console, finish, with_progress, write_json
from simulator.results.folder import clear_results, create_results_folder


@click.command()
@click.option("--out", type=RESULTS, default="out/proof", show_default=True)
@click.option("--only", default="", help="Run only the broken portal of this name.")
@click.option(
    "--seeds",
    type=WholeNumber(1, 1000),
    default=1,
    show_default=True,
    help="Run the reference with this many seeds: other orders, days and names.",
)
def prove(out: Path, only: str, seeds: int) -> None:
    """Test the judge with broken portals. It must catch each, and must not fail the reference.

    \b
    Examples:
      portal-suite prove
      portal-suite prove --only sends_twice
      portal-suite prove --seeds 100
    """  # noqa: D301  click reads the mark
    from simulator.prove import kill_matrix
    from simulator.prove.run import prove as run
    from simulator.prove.run import read_broken_portals
    from simulator.report.html import proof_html
    from simulator.report.junit import proof_junit
    from simulator.report.terminal import show_proof

    create_results_folder(out)
    kept = kill_matrix.read_matrix()
    broken = read_broken_portals(only=only)
    clear_results("prove", out)
    total = 2 + seeds + len(broken)

    def job(progress: Any, task: Any) -> Any:
        def on_done(name: str) -> None:
            progress.update(task, advance=1, description=name)

        return run(out=out, only=only, kept=kept, seeds=seeds, on_done=on_done)

    result = with_progress("Broken portals", total, job)
    write_json(out / "proof.json", result)
    (out / kill_matrix.NAME).write_text(kill_matrix.matrix_csv(result.rows), encoding="utf-8")
    (out / "junit.xml").write_bytes(proof_junit(result))
    (out / "report.html").write_text(proof_html(result), encoding="utf-8")
    show_proof(result, console())
    finish("prove", result.verdict, out)
