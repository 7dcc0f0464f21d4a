"""The users of a burst, as Locust runs them: the crime system sends updates, and victims read.

Both follow a schedule that does not wait for the portal: a visit that is due is made by any visitor
who is free, and one for which nobody is free is told, not put off. `locust_process` starts this,
never a person: the plan is in the environment. Every request is made by the suite's own driver.
"""

import os
from collections import deque
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

import gevent
import msgspec
from gevent.event import Event
from gevent.queue import Queue
from locust import FastHttpUser, events, task
from locust.env import Environment
from locust.exception import StopUser
from msgspec import structs

from loadtests.bursts import Batch, Visit, batches, visits
from loadtests.locust_exchange import LocustExchange
from loadtests.locust_process import (
    EVENTS_SECRET,
    EVIDENCE,
    HANDOVER,
    IDENTITY_KEY,
    TALLY,
    Handover,
)
from loadtests.visit_times import VisitCounts, VisitTimes
from loadtests.visitor import ask, finish_sign_in, read_everything
from reference.contract.events import AnyEvent
from simulator.clock import wall_now
from simulator.drivers.base import Delivery, Refused, Session
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalUnreachable, SuiteError
from simulator.evidence.files import write_evidence
from simulator.evidence.records import (
    EventDelivered,
    EvidenceLog,
    SignedIn,
    SigningIn,
    VictimRefused,
)
from simulator.inputs.target import SecretValues
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem

PLAN = msgspec.json.decode(os.environ[HANDOVER], type=Handover)
BURST, CROWD = PLAN.burst, PLAN.crowd
BATCHES, VISITS = batches(BURST), visits(BURST)
SECRETS = SecretValues(
    events=os.environ[EVENTS_SECRET],
    receipts="",
    gateway="",
    crime_system="",
    identity="",
    test_clock="",
)
RETRY_SECONDS = (1, 2, 4, 8)
_LOOK_SECONDS = 0.01
_LEAD = timedelta(seconds=0.5)


def _event(number: int, at: datetime) -> AnyEvent:
    """Make the update of a crime that the burst is about."""
    match BURST.update:
        case "closed":
            return CROWD.closed(number, at)
        case "deployed":
            return CROWD.deployed(number, at)
        case "recorded":
            return CROWD.recorded(number, at, os.environ[IDENTITY_KEY])


class Run:
    """What all users share: the start of the burst, the evidence, and how many are still busy."""

    environment: Environment

    def __init__(self) -> None:
        self.evidence = EvidenceLog()
        self.visits: list[VisitTimes] = []
        self.not_made = 0
        self.sent_late_seconds: list[float] = []
        self.sent_in_seconds = 0.0
        #: Visitors who wait for a visit to make.
        self.free: deque[VisitorUser] = deque()
        self._working = BURST.senders + BURST.visitor_count
        self._begun = Event()
        self._began_at = self._recording_at = wall_now()
        self._crime_system = CrimeSystem(
            now=lambda: self._recording_at,
            evidence=self.evidence,
            source=f"load-{CROWD.run}-burst",
        )

    def begin(self) -> None:
        """Start the schedule when all users are there."""
        self._began_at = wall_now() + _LEAD
        self._begun.set()
        if VISITS:
            gevent.spawn(self._send_visitors)

    def wait_until(self, due_seconds: float) -> datetime:
        """Wait until something is due; return its scheduled time."""
        self._begun.wait()
        at = self._began_at + timedelta(seconds=due_seconds)
        gevent.sleep(max(0.0, (at - wall_now()).total_seconds()))
        return at

    def seconds_since_begin(self) -> float:
        """The seconds since the schedule began."""
        return (wall_now() - self._began_at).total_seconds()

    def update(self, batch: Batch, at: datetime) -> list[Outgoing]:
        """Update crimes in the crime system at the scheduled time; return the events."""
        self._recording_at = at
        for number in batch.crimes:
            self._crime_system.record(_event(number, at))
        return [self._crime_system.outgoing.popleft() for _ in batch.crimes]

    def leave(self) -> None:
        """Stop a user who is done; the last one ends Locust."""
        self._working -= 1
        if not self._working:
            self.end()
        raise StopUser

    def end(self) -> None:
        """End Locust, even if users are still busy."""
        assert self.environment.runner is not None
        gevent.spawn(self.environment.runner.quit)

    def _send_visitors(self) -> None:
        """Give each visit, when it is due, to a visitor who is free; then send them home."""
        for visit in VISITS:
            self.wait_until(visit.due_seconds)
            if self.free:
                self.free.popleft().visits.put(visit)
            else:
                self.not_made += 1
        for _ in range(BURST.visitor_count):
            while not self.free:
                gevent.sleep(_LOOK_SECONDS)
            self.free.popleft().visits.put(None)

    def write(self) -> None:
        """Write everything where the runner reads it."""
        folder = Path(PLAN.folder)
        with (folder / EVIDENCE).open("wb") as file:
            write_evidence(file, self.evidence.records, process="locust", wall=wall_now())
        tally = VisitCounts(
            visits=self.visits,
            not_made=self.not_made,
            sent_late_seconds=self.sent_late_seconds,
            sent_in_seconds=self.sent_in_seconds,
        )
        (folder / TALLY).write_bytes(msgspec.json.encode(tally))


RUN = Run()


@events.init.add_listener
def remember(environment: Environment, **_: object) -> None:
    """Keep the environment when Locust starts."""
    RUN.environment = environment


@events.spawning_complete.add_listener
def begin(**_: object) -> None:
    """Begin when all users are there."""
    RUN.begin()


@events.test_stop.add_listener
def write(**_: object) -> None:
    """Write when all users have gone or time is up."""
    RUN.write()


@events.user_error.add_listener
def give_up(**_: object) -> None:
    """End Locust at an error of our own: it must not be retried, and Locust prints it."""
    RUN.environment.process_exit_code = 2
    RUN.end()


class ContractUser(FastHttpUser):
    """A user that speaks the contract through the suite's own driver."""

    abstract = True
    network_timeout = connection_timeout = PLAN.wait_seconds_max
    _numbers = count()

    def on_start(self) -> None:
        """Take a number and make the driver."""
        self.number = next(self._numbers)
        self.driver = HttpDriver(
            LocustExchange(self.client),
            secrets=SECRETS,
            capabilities=frozenset(),
            security_now=wall_now,
        )


class CrimeSystemUser(ContractUser):
    """The integration: deliver the crime system's events at least once."""

    fixed_count = BURST.senders
    _numbers = count()

    @task
    def update_crimes(self) -> None:
        """Deliver this sender's batches, each when it is due."""
        for batch in BATCHES[self.number :: BURST.senders]:
            at = RUN.wait_until(batch.due_seconds)
            outgoing = RUN.update(batch, at)
            RUN.sent_late_seconds.append(max(0.0, (wall_now() - at).total_seconds()))
            self._hand_over(outgoing, at)
            RUN.sent_in_seconds = max(RUN.sent_in_seconds, RUN.seconds_since_begin())
        RUN.leave()

    def _hand_over(self, outgoing: list[Outgoing], at: datetime) -> None:
        # A portal may have accepted a delivery without answering, so it has had the events since
        # they were first sent.
        first_sent_at = max(at, wall_now())
        delivery = Delivery(outgoing[0].event_id, [each.body for each in outgoing])
        for pause_seconds in (0, *RETRY_SECONDS):
            gevent.sleep(pause_seconds)
            try:
                status = self.driver.deliver(delivery)
            except PortalUnreachable:
                status = 0
            for each in outgoing:
                RUN.evidence.append(
                    EventDelivered(at=first_sent_at, event_id=each.event_id, status=status)
                )
            if status == 202:
                return


class VisitorUser(ContractUser):
    """A victim who signs in by telephone number, reads, and signs out."""

    fixed_count = BURST.visitor_count
    _numbers = count()

    def on_start(self) -> None:
        """Take a number, and wait to be sent."""
        super().on_start()
        self.visits: Queue[Visit | None] = Queue()

    @task
    def visit(self) -> None:
        """Make each visit that this visitor is sent on, until there are no more."""
        while True:
            RUN.free.append(self)
            visit = self.visits.get()
            if visit is None:
                RUN.leave()
            RUN.visits.append(self._made(visit))

    def _made(self, visit: Visit) -> VisitTimes:
        times = VisitTimes(
            due_seconds=visit.due_seconds,
            late_seconds=max(0.0, RUN.seconds_since_begin() - visit.due_seconds),
        )
        try:
            session = self._sign_in()
            times = structs.replace(
                times, signed_in_seconds=RUN.seconds_since_begin() - visit.due_seconds
            )
            person_id = CROWD.person_id(self.number)
            references = read_everything(self.driver, session, person_id, RUN.evidence)
            times = structs.replace(
                times, all_read_seconds=RUN.seconds_since_begin() - visit.due_seconds
            )
            if visit.asks and references:
                ask(self.driver, session, person_id, references[0], RUN.evidence)
            self.driver.sign_out(session)
        except (Refused, SuiteError) as error:
            return structs.replace(times, failed=str(error)[:200] or type(error).__name__)
        return times

    def _sign_in(self) -> Session:
        person_id, address = CROWD.person_id(self.number), CROWD.mobile_phone(self.number)
        try:
            step = self.driver.begin_sign_in(address)
            RUN.evidence.append(SigningIn(at=wall_now(), person_id=person_id))
            session = finish_sign_in(
                self.driver,
                step,
                CROWD.proof(self.number),
                lambda since: self._look_at_handset(address, since),
            )
        except (Refused, SuiteError):
            RUN.evidence.append(VictimRefused(at=wall_now(), person_id=person_id, step="sign-in"))
            raise
        RUN.evidence.append(SignedIn(at=wall_now(), person_id=person_id))
        return session

    def _look_at_handset(self, address: str, since: datetime) -> str:
        url = f"{PLAN.handsets_url}/codes/{address}?since={quote(since.isoformat())}"
        code: str = self.client.get(url, name="(the visitor's own telephone)").text or ""
        return code
