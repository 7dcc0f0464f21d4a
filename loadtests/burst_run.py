"""Run one burst: `python -m loadtests.burst_run BURST --out DIR [--target FILE]`.

It writes load.json (a LoadResult), evidence.ndjson and Locust's output into DIR, and exits by the
verdict. The doubles and this runner share a process; portal and Locust have one each.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import msgspec

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst, read_burst
from loadtests.cores_used import CoresUsed, cores_watched
from loadtests.doubles import PortalWithDoubles, driver_to, portal_with_doubles
from loadtests.gateway_ceiling import gateway_per_second_max
from loadtests.gateway_watch import GatewayWatch
from loadtests.load_result import Played, make_load_result
from loadtests.locust_process import (
    AROUND_SECONDS_MAX,
    EVIDENCE,
    Handover,
    check_installed,
    locust,
    read_visit_counts,
)
from loadtests.preconditions import check_order, check_target
from loadtests.preparation import prepare
from loadtests.receipts import sending_receipts
from loadtests.slo import Slo, read_slos
from loadtests.visit_times import VisitCounts
from simulator.clock import wall_now
from simulator.errors import BadInput, SuiteError
from simulator.evidence.files import read_evidence, write_evidence
from simulator.evidence.records import EventDelivered, Record
from simulator.files.whole_files import whole_file, write_whole
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target, secret_values
from simulator.results.folder import clear_results, clear_unless_bad_input
from simulator.results.load import LoadResult
from simulator.verdicts import exit_code
from simulator.world.recipient_guard import Recipients

ROOT = Path(__file__).parents[1]
SCALE_MAX = 1000.0
RESULT, ALL_EVIDENCE, WORDS = "load.json", "evidence.ndjson", "locust.txt"
STOPPED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Send a burst of updates to a portal at a URL and judge every message."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.burst_run", description=main.__doc__)
    parser.add_argument("burst", type=Path, help="burst file, as in scenarios/bursts")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times as much")
    parser.add_argument("--target", type=Path, help="target file of another portal")
    asked = parser.parse_args(arguments)
    try:
        with clear_unless_bad_input("load", asked.out):
            check_installed()
            burst = _scaled(read_burst(asked.burst), asked.scale, asked.burst)
            slos = read_slos(burst.name)
            path = asked.target or ROOT / burst.target
            target = read_target(path)
            check_target(target, path)
            order = read_order(ROOT / target.order)
            check_order(order, ROOT / target.order, wall_now())
            values = secret_values(target, path)
            result = run(burst, target, order, values, asked.out, slos=slos, scale=asked.scale)
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return STOPPED
    return exit_code(result.verdict)


def run(
    burst: Burst,
    target: Target,
    order: Order,
    secrets: SecretValues,
    out: Path,
    *,
    slos: Sequence[Slo] = (),
    scale: float = 1.0,
) -> LoadResult:
    """Run a burst and judge it; raises SuiteError."""
    now = wall_now()
    force = next(iter(order.forces))
    crowd = BurstVictims(
        run=f"{now:%y%m%d%H%M%S}",
        count=burst.crime_count,
        force=force,
        reference_prefix=order.forces[force].reference_prefix,
        offence_subgroup=order.eligibility.offence_subgroups[0],
        ordered=order.sign_in.proof,
    )
    Recipients.of(target).refuse_real(crowd.known(each, now) for each in range(crowd.count))
    clear_results("load", out)
    with tempfile.TemporaryDirectory(prefix="burst-") as folder:
        parts = Path(folder)
        played = _run(burst, crowd, target, order, secrets, parts=parts, words=out / WORDS)
        records = read_evidence(sorted(parts.glob("*.ndjson")))
    _write(out / ALL_EVIDENCE, records, process="load")
    result = make_load_result(
        burst, target, order, records, played, slos=slos, scale=scale, begun_at=now
    )
    write_whole(out / RESULT, msgspec.json.encode(result))
    for reason, times in sorted(played.counts.failed.items(), key=lambda each: -each[1])[:3]:
        sys.stderr.write(f"{times:,} visits failed: {reason}\n")
    return result


def _run(
    burst: Burst,
    crowd: BurstVictims,
    target: Target,
    order: Order,
    secrets: SecretValues,
    *,
    parts: Path,
    words: Path,
) -> Played:
    """Run the burst and leave the evidence in `parts`."""
    counts, ended = VisitCounts(), "silence"
    used, ceiling = CoresUsed(), 0.0
    with ExitStack() as stack:
        progress = stack.enter_context(Progress())
        scene = stack.enter_context(
            portal_with_doubles(target, order, secrets=secrets, run=crowd.run)
        )
        receipts_driver = driver_to(scene.portal_url, target, secrets)
        stack.callback(receipts_driver.close)
        tell_receipts = stack.enter_context(sending_receipts(scene, receipts_driver))
        watch = GatewayWatch(scene, tell_receipts=tell_receipts, show=progress.show)
        if prepare(burst, crowd, scene, watch, identity_key=secrets.identity, show=progress.show):
            handover = Handover(
                burst=burst,
                crowd=crowd,
                handsets_url=scene.handsets_url,
                wait_seconds_max=target.access.wait_seconds_max,
                folder=str(parts),
            )
            ceiling = gateway_per_second_max(scene.gateway_url, secrets.gateway, wall_now())
            with cores_watched() as used:
                counts = _play(handover, scene, watch, secrets=secrets, words=words)
            ended = watch.wait_for(
                _handed_over(parts / EVIDENCE),
                silence_seconds=burst.silence_seconds,
                seconds_max=burst.drain_seconds_max,
            )
        _write(parts / "neighbours.ndjson", scene.evidence.records, process="neighbours")
    # A silent portal will not send in its remaining time, so judge it as of then. A portal that is
    # still sending when the wait ends has lost nothing yet.
    left = timedelta(0) if ended == "time" else timedelta(minutes=order.messages.minutes_max + 1)
    return Played(
        counts=counts,
        end=wall_now() + left,
        cores_used=used.cores,
        gateway_per_second_max=ceiling,
    )


def _play(
    handover: Handover,
    scene: PortalWithDoubles,
    watch: GatewayWatch,
    *,
    secrets: SecretValues,
    words: Path,
) -> VisitCounts:
    """Run Locust's users while watching the gateway."""
    with locust(
        handover,
        portal_url=scene.portal_url,
        events_secret=secrets.events,
        identity_key=secrets.identity,
        words=words,
    ) as process:
        watch.wait_while(
            lambda: process.code is None,
            "burst running",
            seconds_max=handover.seconds_max + AROUND_SECONDS_MAX,
        )
    return read_visit_counts(process, handover, words)


def _scaled(burst: Burst, scale: float, path: Path) -> Burst:
    """Give the burst at a scale; raises BadInput."""
    if not 0 < scale <= SCALE_MAX:
        raise BadInput(f"--scale {scale:g}: give a number above 0, up to {SCALE_MAX:g}")
    try:
        return burst.scaled(scale)
    except ValueError as error:
        raise BadInput(f"{path} at {scale:g} times: {error}") from None


def _handed_over(path: Path) -> set[str]:
    """Return the ids of the closures that the portal accepted."""
    return {
        each.event_id
        for each in read_evidence([path])
        if isinstance(each, EventDelivered) and each.status == 202
    }


def _write(path: Path, records: Iterable[Record], *, process: str) -> None:
    with whole_file(path) as file:
        write_evidence(file, records, process=process, wall=wall_now())


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


class Progress:
    """One line of progress on a terminal; nothing if there is no terminal."""

    def __init__(self) -> None:
        self._is_watched = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self.show("")

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._is_watched:
            sys.stderr.write(f"\r{text:<70}\r")
            sys.stderr.flush()


if __name__ == "__main__":
    # A signal that stops this process also stops portal and Locust.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
