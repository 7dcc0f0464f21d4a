"""The users of a burst, as Locust runs them: the crime system sends updates, and victims read.

All follow a schedule that does not wait for the portal: a visit that is due is made by any visitor
who is free, and one for which nobody is free is told, not put off. `locust_process` starts this,
never a person. Every request is made by the suite's own driver, or by the vendor's.

Tasks have tags, by which the command leaves some out: updates, sign-in, read, ask.
"""

from argparse import ArgumentParser
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

import gevent
import msgspec
from gevent.queue import Queue
from locust import FastHttpUser, LoadTestShape, events, tag, task
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner
from msgspec import structs

from loadtests.bursts import PageWatch, Visit, page_watches, visits
from loadtests.locust_exchange import LocustExchange
from loadtests.locust_process import Handover, given_secrets
from loadtests.locust_run import RETRY_SECONDS, BurstRun, begin_at
from loadtests.locust_shares import MasterRun, Share, evidence_path, write_counts
from loadtests.own_driver import CountedDriver
from loadtests.page_watch import CutOff, PageToWatch
from loadtests.pages_read import seen_page
from loadtests.stop_texts import WORDS, StopSent, StopText, stop_texts
from loadtests.visit_times import VisitTimes, merged
from loadtests.visitor import ask, finish_sign_in, read_everything
from simulator.clock import wall_now
from simulator.drivers.base import Delivery, Driver, Refused, Session
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalUnreachable, SuiteError
from simulator.evidence.records import SignedIn, SigningIn, TextReceived, VictimRefused
from simulator.neighbours.gateway.received_texts import ReceivedTexts

SECRETS = given_secrets()
#: The messages between the master and its workers.
BEGIN, END, PART = "burst-begin", "burst-end", "burst-part"
#: So many connections the gateway's callbacks have: texts that people send back.
TEXTERS_MAX = 8
_SPAWN_A_SECOND = 100
_END_SECONDS_MAX = 15.0

#: What the timeline calls each update.
_KINDS = {"closed": "CrimeClosed", "deployed": "OfficerDeployed", "recorded": "CrimeRecorded"}

RUN = BurstRun()
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


class PortalUser(FastHttpUser):
    """A user of the portal, by the contract or through the vendor's own driver."""

    abstract = True

    def on_start(self) -> None:
        """Make the driver."""
        #: Says of which journey the next requests are.
        self.exchange: LocustExchange | CountedDriver
        self.driver: Driver
        if RUN.plan.own_driver is None:
            self.exchange = LocustExchange(
                self.client, before=RUN.before_request, after=RUN.after_request
            )
            self.driver = HttpDriver(
                self.exchange, secrets=SECRETS, capabilities=frozenset(), security_now=wall_now
            )
            return
        self.exchange = CountedDriver(
            RUN.plan.own_driver.made(SECRETS, lambda: ""),
            count=self.environment.events.request.fire,
            before=RUN.before_request,
            after=RUN.after_request,
        )
        self.driver = cast("Driver", self.exchange)

    def on_stop(self) -> None:
        """Close the driver: a vendor's program ends."""
        self.driver.close()

    def sign_in(self, number: int) -> Session:
        """Sign a victim in by telephone number; raises Refused, or SuiteError."""
        crowd, evidence = RUN.plan.crowd, RUN.evidence
        person_id, address = crowd.person_id(number), crowd.mobile_phone(number)
        self.exchange.journey = "sign-in"
        try:
            step = self.driver.begin_sign_in(address)
            evidence.append(SigningIn(at=RUN.now(), person_id=person_id))
            session = finish_sign_in(
                self.driver,
                step,
                crowd.proof(number),
                lambda since: self._look_at_handset(address, since.isoformat()),
                now=RUN.now,
            )
        except (Refused, SuiteError):
            evidence.append(VictimRefused(at=RUN.now(), person_id=person_id, step="sign-in"))
            raise
        evidence.append(SignedIn(at=RUN.now(), person_id=person_id))
        return session

    def _look_at_handset(self, address: str, since: str) -> str:
        url = f"{RUN.plan.handsets_url}/codes/{address}?since={quote(since)}"
        code: str = self.client.get(url, name="(the visitor's own telephone)").text or ""
        return code


class CrimeSystemUser(PortalUser):
    """The integration: deliver the crime system's events at least once."""

    @tag("updates")
    @task
    def update_crimes(self) -> None:
        """Deliver batches as they fall due, one at a time on this connection."""
        self.exchange.journey = "updates"
        free_since = 0.0
        while (delivery := RUN.next_delivery(free_since)) is not None:
            if not delivery.outgoing:
                at = RUN.wait_until(delivery.due_seconds)
                delivery.outgoing = RUN.record(delivery.batch, at)
            delivery.first_sent_at = delivery.first_sent_at or RUN.now()
            RUN.delivered(delivery, self._answer(delivery))
            free_since = RUN.seconds_since_begin()
        RUN.leave()

    def _answer(self, delivery: Any) -> int:
        outgoing = delivery.outgoing
        try:
            return self.driver.deliver(
                Delivery(outgoing[0].event_id, [each.body for each in outgoing])
            )
        except PortalUnreachable:
            return 0


class VisitorUser(PortalUser):
    """Makes the visits of victims: each signs in, reads, perhaps asks, and signs out."""

    def on_start(self) -> None:
        """Make the driver, and wait to be sent."""
        super().on_start()
        self.visits: Queue[tuple[Visit, int] | None] = Queue()

    @tag("sign-in", "read", "ask")
    @task
    def visit(self) -> None:
        """Make each visit that this visitor is sent on, until there are no more."""
        RUN.begun.wait()
        while True:
            RUN.free.append(self)
            sent = self.visits.get()
            if sent is None:
                RUN.leave()
            visit, number = sent
            RUN.visits.append(self._made(visit, number))
            RUN.people.append(number)

    def _made(self, visit: Visit, number: int) -> VisitTimes:
        times = VisitTimes(
            due_seconds=visit.due_seconds,
            late_seconds=max(0.0, RUN.seconds_since_begin() - visit.due_seconds),
        )
        try:
            session = self.sign_in(number)
            signed_in = RUN.seconds_since_begin() - visit.due_seconds
            times = structs.replace(times, signed_in_seconds=signed_in)
            if {"read", "ask"} & {*RUN.plan.journeys}:
                times = self._read_and_asked(session, visit, number, times)
            self.exchange.journey = "sign-in"
            self.driver.sign_out(session)
        except (Refused, SuiteError) as error:
            return structs.replace(times, failed=str(error)[:200] or type(error).__name__)
        return times

    def _read_and_asked(
        self, session: Session, visit: Visit, number: int, times: VisitTimes
    ) -> VisitTimes:
        crowd = RUN.plan.crowd
        person_id = crowd.person_id(number)
        self.exchange.journey = "read"
        references = read_everything(
            self.driver, session, person_id, RUN.evidence, crowd=crowd, now=RUN.now
        )
        all_read = RUN.seconds_since_begin() - visit.due_seconds
        if visit.asks and references:
            self.exchange.journey = "ask"
            ask(self.driver, session, person_id, references[0], RUN.evidence, now=RUN.now)
            asked = RUN.seconds_since_begin() - visit.due_seconds
            times = structs.replace(times, asked_seconds=asked)
        return structs.replace(times, all_read_seconds=all_read)


class TextingUser(PortalUser):
    """The gateway, which passes on the texts that victims send back: here, all of them say STOP."""

    def on_start(self) -> None:
        """Make the driver, and the ids of the texts."""
        super().on_start()
        self._texts = ReceivedTexts(RUN.now, lambda: str(uuid4()))

    @tag("stop")
    @task
    def text_back(self) -> None:
        """Pass each text on when it is due."""
        RUN.begun.wait()
        self.exchange.journey = "stop"
        free_since = 0.0
        while RUN.stop_texts and not RUN.over.is_set():
            self._pass_on(RUN.stop_texts.popleft(), free_since)
            free_since = RUN.seconds_since_begin()
        RUN.leave()

    def _pass_on(self, text: StopText, free_since: float) -> None:
        """Give a text to the portal until that has taken it; the evidence is of what it took.

        A text that is due waits for a connection that is free, and that is no delay of ours.
        """
        RUN.wait_until(text.due_seconds)
        phone = RUN.plan.crowd.mobile_phone(text.victim)
        received = self._texts.take(phone, WORDS)
        late = RUN.seconds_since_begin() - max(text.due_seconds, free_since)
        sent = StopSent(phone=phone, late_seconds=max(0.0, late), sent_at=RUN.now())
        for pause in (*RETRY_SECONDS, 0.0):
            try:
                self.driver.receive_text(received)
            except (Refused, SuiteError):
                gevent.sleep(pause)
                continue
            took = RUN.seconds_since_begin() - text.due_seconds
            sent = structs.replace(sent, taken_at=RUN.now(), took_seconds=took)
            RUN.evidence.append(
                TextReceived(
                    at=sent.sent_at, message_id=received.id, number=phone, words=received.message
                )
            )
            break
        RUN.stops.append(sent)


class PageWatcher(PortalUser):
    """A victim who has the page of a crime open when its update is due, and looks again."""

    @tag("updates")
    @task
    def watch(self) -> None:
        """Watch the page; a watcher has one, unless there are fewer watchers than pages."""
        RUN.begun.wait()
        while RUN.watches and not RUN.over.is_set():
            self._watch(RUN.watches.popleft())
        RUN.leave()

    def _watch(self, watch: PageWatch) -> None:
        """Note how long after its update was due the page showed it, None if it never did."""
        crowd = RUN.plan.crowd
        reference, person_id = crowd.crime_reference(watch.crime), crowd.person_id(watch.crime)
        kind = _KINDS[RUN.plan.burst.update]

        def sign_in() -> Session:
            session = self.sign_in(watch.crime)
            self.exchange.journey = "read"
            return session

        def shows(session: Session) -> bool:
            entries = self.driver.timeline(session, reference)
            page = seen_page(crowd, person_id, reference, entries, RUN.now())
            is_own = page.crime_reference == reference
            is_new = any(each.kind == kind for each in entries)
            # A page that is looked at a hundred times is in the evidence when that shows something.
            if is_new or not is_own:
                RUN.evidence.append(page)
            return is_own and is_new

        page = PageToWatch(
            sign_in=sign_in,
            shows=shows,
            sign_out=self.driver.sign_out,
            now=RUN.seconds_since_begin,
            wait=RUN.wait_until,
            is_over=RUN.over.is_set,
        )
        with suppress(CutOff):
            RUN.page_seconds.append(page.watch(watch.due_seconds, RUN.plan.page_seconds_max))
