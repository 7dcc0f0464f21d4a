"""`portal-suite judge`: judge what happened at the doubles of a portal that you run yourself."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    finish,
    open_results_folder,
    with_progress,
    write_json,
)
from simulator.errors import BadInput

_SHOWN_MAX = 20


@click.command()
@click.argument("evidence", type=INPUT)
@click.option("--target", type=INPUT, required=True, help="Target file: its order and its claims.")
@click.option("--phase", type=WholeNumber(1, 3), default=3, show_default=True)
@click.option(
    "--until",
    default="",
    help="Judge as if nothing more had come by this time, as in 2026-12-01T12:00Z.",
)
@click.option("--out", type=RESULTS, default="out/judged", show_default=True)
def judge(evidence: Path, target: Path, phase: int, until: str, out: Path) -> None:
    """Judge EVIDENCE from `neighbours`: who was told what, and how.

    EVIDENCE is the file that `neighbours --evidence` wrote. An integration is judged too if it
    delivered by the portal's door (`neighbours --integration`). What is not due yet is not judged:
    the exit code is then 3. When you have stopped and nothing more will come, --until says from
    when to look back.

    \b
    Examples:
      portal-suite judge out/evidence.ndjson --target scenarios/targets/reference-for-load.toml
      portal-suite judge out/evidence.ndjson --target our_portal.toml --until 2026-12-01T12:00Z
    """  # noqa: D301  click reads the mark
    from simulator.doubles.judged_evidence import judged_evidence
    from simulator.evidence.files import read_evidence
    from simulator.files.paths import found
    from simulator.inputs.order import read_order
    from simulator.inputs.target import read_target

    claims = read_target(target)
    moment = _moment(until)
    records = read_evidence([evidence]) if evidence.exists() else []
    if not records:
        what = "nothing is in it" if evidence.exists() else "there is no such file"
        raise BadInput(f"{evidence}: {what}; give the file of neighbours --evidence")
    open_results_folder(out)

    def job(progress: Any, task: Any) -> Any:
        return judged_evidence(
            read_order(found(Path(claims.order))),
            records,
            phase=phase,
            correlates="correlates" in claims.claims.capabilities,
            carries_ids="carries_correlation_id" in claims.claims.capabilities,
            until=moment,
            judged_so_far=lambda count: progress.update(task, completed=min(count, len(records))),
        )

    judged = with_progress("Records judged", float(len(records)), job)
    write_json(out / "judgement.json", judged)
    _show(judged)
    finish("judge", judged.verdict, out)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(f"--until {text!r:.60}: give a time with its zone, as 2026-12-01T12:00Z")
    return moment


def _show(judged: Any) -> None:
    """Print the verdict, what it rests on, and what was found."""
    on_trial = "Portal and integration" if judged.is_integration_judged else "Portal"
    click.echo(
        f"{judged.verdict}: {on_trial}. {judged.recorded:,} events recorded, "
        f"{judged.delivered:,} delivered, {judged.messages:,} messages."
    )
    if judged.is_integration_judged and judged.came != judged.delivered:
        click.echo(f"{judged.came:,} events came to the portal's door, again or made up too.")
    for each in judged.why_not:
        click.echo(each)
    for each in judged.findings[:_SHOWN_MAX]:
        about = " ".join(filter(None, (each.crime_reference, each.person_id)))
        click.echo(f"\n{each.kind} {each.harm}, by the {each.owner} ({each.requirement}) {about}")
        click.echo(f"  expected: {each.expected}\n  observed: {each.observed}")
    if len(judged.findings) > _SHOWN_MAX:
        click.echo(f"\n… and {len(judged.findings) - _SHOWN_MAX:,} more, in judgement.json")
