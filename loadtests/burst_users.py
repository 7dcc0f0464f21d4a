"""Who the users of a burst are, and what each does with the portal; Locust runs them.

The crime system sends updates; victims visit, text STOP and watch pages. Every request is made by
the suite's own driver, or by the vendor's. `RUN` is the run of this process. Tasks have tags, by
which the command leaves some out: updates, sign-in, read, ask, stop.
"""

from contextlib import suppress
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

import gevent
from gevent.queue import Queue
from locust import FastHttpUser, tag, task
from msgspec import structs

from loadtests.bursts import PageWatch, Visit
from loadtests.locust_exchange import LocustExchange
from loadtests.locust_process import given_secrets
from loadtests.locust_run import RETRY_SECONDS, BurstRun
from loadtests.own_driver import CountedDriver
from loadtests.page_watch import CutOff, PageToWatch
from loadtests.pages_read import seen_page
from loadtests.stop_texts import WORDS, StopSent, StopText
from loadtests.visit_times import VisitTimes
from loadtests.visitor import ask, finish_sign_in, read_everything
from simulator.clock import wall_now
from simulator.drivers.base import Delivery, Driver, Refused, Session
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalUnreachable, SuiteError
from simulator.evidence.records import SignedIn, SigningIn, TextReceived, VictimRefused
from simulator.neighbours.gateway.received_texts import ReceivedTexts

SECRETS = given_secrets()

#: What the timeline calls each update.
_KINDS = {"closed": "CrimeClosed", "deployed": "OfficerDeployed", "recorded": "CrimeRecorded"}

RUN = BurstRun()


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
