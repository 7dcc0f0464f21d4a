"""Runs one burst: `python -m loadtests.burst_run BURST --out DIR [--target FILE]`.

Writes load.json (a LoadResult), evidence.ndjson and what Locust said into DIR, and exits by the
verdict. The doubles and this runner share a process; portal and Locust have one each.
"""

import signal
import sys
import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import msgspec

from loadtests.bursts import Burst, read_burst
from loadtests.crowd import Crowd
from loadtests.doubles import Surroundings, around, driver_to
from loadtests.ground_rules import check_order, check_target
from loadtests.locust_process import (
    EVIDENCE,
    Handover,
    Tally,
    check_installed,
    locust,
    tally_of,
)
from loadtests.outcome import outcome
from loadtests.preparation import prepare
from loadtests.receipts import sending_receipts
from loadtests.watch import Watch
from simulator.clock import wall_now
from simulator.errors import SuiteError
from simulator.evidence import EventDelivered, EventRecorded, read_evidence, write_evidence
from simulator.judge.verdicts import exit_code
from simulator.order import Order, read_order
from simulator.results import LoadResult
from simulator.target import SecretValues, Target, read_target, secret_values

ROOT = Path(__file__).parents[1]
RESULT, WORDS = "load.json", "locust.txt"


@click.command()
@click.argument("burst_file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="folder for results")
@click.option("--target", "target_file", type=click.Path(path_type=Path), help="another portal")
def main(burst_file: Path, out: Path, target_file: Path | None) -> None:
    """Put a burst of updates to a portal by URL, and judge every message."""
    # Whoever stops us stops portal and Locust with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        check_installed()
        burst = read_burst(burst_file)
        path = target_file or ROOT / burst.target
        target = read_target(path)
        check_target(target, path)
        order = read_order(ROOT / target.order)
        check_order(order, ROOT / target.order, wall_now())
        result = run(burst, target, order, secret_values(target, path), out)
    except SuiteError as error:
        click.echo(f"{error}", err=True)
        sys.exit(error.exit_code)
    sys.exit(exit_code(result.verdict))


def run(
    burst: Burst, target: Target, order: Order, secrets: SecretValues, out: Path
) -> LoadResult:
    """Run a burst and judge it; raises SuiteError."""
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULT).unlink(missing_ok=True)
    now = wall_now()
    force = next(iter(order.forces))
    crowd = Crowd(
        run=f"{now:%y%m%d%H%M%S}",
        count=burst.crime_count,
        force=force,
        reference_prefix=order.forces[force].reference_prefix,
        offence_subgroup=order.eligibility.offence_subgroups[0],
    )
    with tempfile.TemporaryDirectory(prefix="burst-") as folder:
        parts = Path(folder)
        tally, end = _run(burst, crowd, target, order, secrets, parts=parts, words=out / WORDS)
        records = read_evidence(sorted(parts.glob("*.ndjson")))
    write_evidence(out / "evidence.ndjson", records, process="load", wall=wall_now())
    result = outcome(burst, target, order, records, tally, end=end)
    (out / RESULT).write_bytes(msgspec.json.encode(result))
    for reason, times in sorted(tally.failed.items(), key=lambda each: -each[1])[:3]:
        click.echo(f"{times:,} visits failed: {reason}", err=True)
    return result


def _run(
    burst: Burst,
    crowd: Crowd,
    target: Target,
    order: Order,
    secrets: SecretValues,
    *,
    parts: Path,
    words: Path,
) -> tuple[Tally, datetime]:
    """Play the burst; the evidence is in `parts` afterwards. Answers until when to judge."""
    tally, ended = Tally(), "silence"
    with ExitStack() as stack:
        progress = stack.enter_context(Progress())
        scene = stack.enter_context(around(target, order, secrets=secrets, run=crowd.run))
        receipts_driver = driver_to(scene.portal_url, target, secrets)
        stack.callback(receipts_driver.close)
        tell_receipts = stack.enter_context(sending_receipts(scene, receipts_driver))
        watch = Watch(scene, tell_receipts=tell_receipts, show=progress.show)
        if prepare(
            burst, crowd, scene, watch, identity_key=secrets.identity, show=progress.show
        ):
            handover = Handover(
                burst=burst,
                crowd=crowd,
                handsets_url=scene.handsets_url,
                wait_seconds_max=target.access.wait_seconds_max,
                folder=str(parts),
            )
            tally = _play(handover, scene, watch, events_secret=secrets.events, words=words)
            ended = watch.wait_for(
                _handed_over(parts / EVIDENCE),
                silence_seconds=burst.silence_seconds,
                seconds_max=burst.drain_seconds_max,
            )
        write_evidence(
            parts / "neighbours.ndjson",
            scene.evidence.records,
            process="neighbours",
            wall=wall_now(),
        )
    # A portal that has fallen silent will not send in the time it has left; one that is still
    # sending when nobody waits any longer has lost nothing yet.
    left = timedelta(0) if ended == "time" else timedelta(minutes=order.messages.minutes_max + 1)
    return tally, wall_now() + left
