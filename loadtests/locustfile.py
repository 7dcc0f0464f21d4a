"""What Locust runs: the users of a burst, from when all are there until the last is done.

All follow a schedule that does not wait for the portal: a visit that is due is made by any visitor
who is free, and one for which nobody is free is told, not put off. `locust_process` starts this,
never a person. `burst_users` says what each user does.
"""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gevent
import msgspec
from locust import LoadTestShape, events
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner
from msgspec import structs

from loadtests.burst_users import (
    RUN,
    CrimeSystemUser,
    PageWatcher,
    PortalUser,
    TextingUser,
    VisitorUser,
)
from loadtests.bursts import page_watches, visits
from loadtests.locust_process import Handover
from loadtests.locust_run import begin_at
from loadtests.locust_shares import MasterRun, Share, evidence_path, write_counts
from loadtests.stop_texts import stop_texts
from loadtests.visit_times import merged

#: The messages between the master and its workers.
BEGIN, END, PART = "burst-begin", "burst-end", "burst-part"
#: So many connections the gateway's callbacks have: texts that people send back.
TEXTERS_MAX = 8
_SPAWN_A_SECOND = 100
_END_SECONDS_MAX = 15.0

MASTER: list[MasterRun] = []
ENVIRONMENT: list[Any] = []
SENT: list[bool] = []


@events.init_command_line_parser.add_listener
def take_handover(parser: ArgumentParser) -> None:
    """Take the plan by an argument, which Locust's master sends on to its workers."""
    parser.add_argument("--handover", type=str, default="", include_in_web_ui=False)


@events.init.add_listener
def prepare(environment: Any, runner: Any, **_: object) -> None:
    """Read the plan, and listen to the messages of master or workers."""
    ENVIRONMENT.append(environment)
    if isinstance(runner, WorkerRunner):
        runner.register_message(BEGIN, begin_share)
        runner.register_message(END, end_share)
        return
    options = environment.parsed_options
    options.handover = Path(options.handover).read_text(encoding="utf-8")
    take_plan(options.handover)
    if isinstance(runner, MasterRunner):
        MASTER.append(MasterRun(RUN.plan, options.expect_workers))
        runner.register_message(PART, take_part)


@events.test_start.add_listener
def start(environment: Any, **_: object) -> None:
    """Take the plan that came from the master."""
    if isinstance(environment.runner, WorkerRunner):
        take_plan(environment.parsed_options.handover)


def take_plan(handover: str) -> None:
    """Take the plan, and make as many users as it needs."""
    RUN.take_plan(msgspec.json.decode(handover, type=Handover))
    plan = RUN.plan
    burst, updates = plan.burst, "updates" in plan.journeys
    CrimeSystemUser.fixed_count = burst.senders if updates else 0
    VisitorUser.fixed_count = burst.visitor_count if visits(burst, plan.journeys) else 0
    PageWatcher.fixed_count = len(page_watches(burst, plan.journeys))
    TextingUser.fixed_count = min(TEXTERS_MAX, len(stop_texts(burst, plan.journeys)))
    PortalUser.network_timeout = PortalUser.connection_timeout = plan.wait_seconds_max


@events.spawning_complete.add_listener
def begin(**_: object) -> None:
    """Begin when all users are there."""
    runner = ENVIRONMENT[0].runner
    if isinstance(runner, WorkerRunner):
        return
    at = begin_at(of_workers=bool(MASTER), watches_pages=bool(PageWatcher.fixed_count))
    tell_doubles(at.isoformat())
    if not MASTER:
        RUN.begin(Share(), at, working=runner.user_count)
        return
    users = {each.id: each.user_classes_count for each in runner.clients.all}
    for worker, share in MASTER[0].shares(users).items():
        data = {"share": msgspec.json.encode(share), "at": at.isoformat()}
        runner.send_message(BEGIN, data, client_id=worker)


def tell_doubles(at: str) -> None:
    """Tell the doubles when the burst begins: faults are timed from then."""
    import urllib3

    with urllib3.PoolManager(retries=False) as http:
        http.request("GET", f"{RUN.plan.handsets_url}/begin?at={quote(at)}")


def begin_share(environment: Any, msg: Any, **_: object) -> None:
    """Begin the share of this worker, and send back what its users did."""
    share = msgspec.json.decode(msg.data["share"], type=Share)
    working = environment.runner.user_count
    gevent.spawn(RUN.begin, share, datetime.fromisoformat(msg.data["at"]), working=working)
    gevent.spawn(send_part, environment)


def end_share(msg: Any, **_: object) -> None:
    """End because the master says so."""
    RUN.end(msg.data["why"])


def send_part(environment: Any) -> None:
    """Send what the users did to the master, once, when they are done."""
    RUN.over.wait()
    if SENT:
        return
    SENT.append(True)
    evidence, counts = RUN.part()
    environment.runner.send_message(PART, {"evidence": evidence, "counts": counts})


def take_part(msg: Any, **_: object) -> None:
    """Keep what the users of a worker did."""
    MASTER[0].take_part(msg.node_id, msg.data["evidence"], msg.data["counts"])


@events.test_stop.add_listener
def write(environment: Any, **_: object) -> None:
    """Write when the run is over, or was stopped on Locust's page."""
    RUN.end("it was stopped by hand")
    if isinstance(environment.runner, WorkerRunner):
        send_part(environment)
        return
    if MASTER:
        MASTER[0].write()
        return
    evidence, counts = RUN.part()
    evidence_path(RUN.plan, RUN.share).write_bytes(evidence)
    whole = merged([msgspec.json.decode(counts, type=type(RUN.counts))], workers=1)
    write_counts(RUN.plan, msgspec.json.encode(structs.replace(whole, workers=0)))


@events.user_error.add_listener
def give_up(exception: Exception, **_: object) -> None:
    """End the run at an error of our own: it must not be tried again, and Locust prints it."""
    RUN.broke = f"{type(exception).__name__}: {exception}"[:200]
    RUN.end("")


class BurstShape(LoadTestShape):
    """All users from the beginning, until the run is over."""

    def tick(self) -> tuple[int, float] | None:
        """Give how many users there should be, None to end."""
        if MASTER:
            return None if self._is_over_for_workers() else _users()
        return None if RUN.over.is_set() else _users()

    def _is_over_for_workers(self) -> bool:
        runner, master = ENVIRONMENT[0].runner, MASTER[0]
        seconds: float = self.get_run_time()  # type: ignore[no-untyped-call]
        present = [each.id for each in runner.clients.all if each.state != STATE_MISSING]
        if seconds > RUN.plan.seconds_max + _END_SECONDS_MAX and not self._told:
            self._told = True
            runner.send_message(END, {"why": f"it was not done after {RUN.plan.seconds_max:,} s"})
        too_late = seconds > RUN.plan.seconds_max + 2 * _END_SECONDS_MAX
        return master.is_over(present) or too_late

    _told = False


def _users() -> tuple[int, float]:
    kinds = (CrimeSystemUser, VisitorUser, PageWatcher, TextingUser)
    users = sum(each.fixed_count for each in kinds)
    return users, float(min(users, _SPAWN_A_SECOND))
