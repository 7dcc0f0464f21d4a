"""What the users in one Locust process share: their part of the plan, the evidence, and the end.

Alone, a process has the whole plan. With workers, the master tells each which part is its own and
when to begin, and each sends back what its users did. Locust's own messages carry both.
"""

import io
from collections import deque
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

import gevent
import msgspec
from gevent.event import Event
from locust.exception import StopUser

from loadtests.bursts import Batch, PageWatch, batches, page_watches, visits
from loadtests.clock_offset import clock_offset
from loadtests.faults import OF_OUR_PORTAL
from loadtests.locust_process import Handover, given_secrets
from loadtests.locust_shares import Share
from loadtests.page_watch import SIGN_IN_AHEAD_SECONDS
from loadtests.rate_cap import RateCap
from loadtests.run_guard import RunGuard
from loadtests.stop_texts import StopSent, StopText, stop_texts
from loadtests.visit_times import VisitCounts, VisitTimes
from reference.contract.events import AnyEvent
from simulator.clock import wall_now
from simulator.evidence.files import write_evidence
from simulator.evidence.records import EventDelivered, EvidenceLog
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem

_LEAD = timedelta(seconds=0.5)
#: Workers are told to begin by a message, which takes a while.
_LEAD_OF_WORKERS = timedelta(seconds=2)
_LOOK_SECONDS = 0.01
#: What the crime system's integration waits before it delivers again; the last one from then on.
RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)


#: A request that waited longer than this for its place under the cap was held back by it.
HELD_BACK_SECONDS = 1.0


class Delivery(msgspec.Struct, order=True):
    """A batch that is to be handed over at a time, how often that was tried, and first when."""

    due_seconds: float
    number: int
    batch: Batch
    outgoing: list[Outgoing] = []
    tries: int = 0
    first_sent_at: datetime | None = None


class BurstRun:
    """The run of one process. `take_plan`, then `begin`; `over` is set when its users are done."""

    def __init__(self) -> None:
        self.evidence = EvidenceLog()
        self.counts = VisitCounts()
        self.visits: list[VisitTimes] = []
        self.not_made = 0
        self.sent_late_seconds: list[float] = []
        self.sent_in_seconds = 0.0
        self.page_seconds: list[float | None] = []
        self.held_back = 0
        self.silent_since: float | None = None
        self.stopped = self.broke = ""
        self.share = Share()
        #: Visitors who wait for a visit to make, and victims whom nobody plays just now.
        self.free: deque[Any] = deque()
        self.people: deque[int] = deque()
        self.watches: deque[PageWatch] = deque()
        self.stop_texts: deque[StopText] = deque()
        self.stops: list[StopSent] = []
        self.begun, self.over = Event(), Event()
        self._deliveries: list[Delivery] = []
        self._undelivered = self._watched = 0
        self._working = 0
        self._offset = timedelta(0)

    def take_plan(self, plan: Handover) -> None:
        """Take the plan, before any user is made."""
        self.plan = plan
        self.guard = RunGuard(
            requests_max=plan.burst.requests_max(plan.journeys),
            down_seconds_max=plan.burst.down_seconds_max,
            faults=[
                (each.at_seconds, each.at_seconds + each.for_seconds)
                for each in plan.burst.faults
                if each.kind in OF_OUR_PORTAL
            ],
        )

    def begin(self, share: Share, at: datetime, *, working: int) -> None:
        """Begin this process's share of the schedule at a time; `working` users are here."""
        plan = self.plan
        burst = plan.burst
        self.share, self._working = share, working
        places = plan.places.part(share.index, share.of)
        self.cap = RateCap(plan.requests_per_second_max, places)
        for batch in share.updates.taken(batches(burst, plan.journeys)):
            heappush(self._deliveries, Delivery(batch.due_seconds, batch.crimes[0], batch))
        self._undelivered = len(self._deliveries)
        self._visits = share.visits.taken(visits(burst, plan.journeys))
        self.people.extend(share.visits.taken(range(burst.visitor_count)))
        self.watches.extend(share.pages.taken(page_watches(burst, plan.journeys)))
        self._watched = len(self.watches)
        self.stop_texts.extend(share.stops.taken(stop_texts(burst, plan.journeys)))
        if not plan.handsets_url.startswith("http://127."):
            self._offset = clock_offset(plan.handsets_url)
        self._began_at = self._recording_at = at
        self._crime_system = CrimeSystem(
            now=lambda: self._recording_at,
            evidence=self.evidence,
            source=f"load-{plan.crowd.run}-burst-{share.index}",
        )
        gevent.spawn(self._keep_watch)
        gevent.spawn(self._send_visitors)
        self.begun.set()
        if not working:
            self.end("")

    def now(self) -> datetime:
        """The time of the doubles' clock, which the evidence keeps to."""
        return wall_now() + self._offset

    def wait_until(self, due_seconds: float) -> datetime:
        """Wait until something is due; return its scheduled time."""
        self.begun.wait()
        gevent.sleep(max(0.0, due_seconds - self.seconds_since_begin()))
        return self._began_at + timedelta(seconds=due_seconds)

    def seconds_since_begin(self) -> float:
        """The seconds since the schedule began."""
        return (self.now() - self._began_at).total_seconds()

    def next_delivery(self, free_since: float) -> Delivery | None:
        """Wait for the next delivery that is due; None when all are accepted or the run is over."""
        self.begun.wait()
        while self._undelivered and not self.over.is_set():
            now = self.seconds_since_begin()
            if self._deliveries and self._deliveries[0].due_seconds <= now:
                delivery = heappop(self._deliveries)
                if not delivery.tries:
                    could_be = max(delivery.due_seconds, free_since)
                    self.sent_late_seconds.append(max(0.0, now - could_be))
                return delivery
            due = self._deliveries[0].due_seconds - now if self._deliveries else _LOOK_SECONDS
            gevent.sleep(min(max(due, 0.0), _LOOK_SECONDS))
        return None

    def delivered(self, delivery: Delivery, status: int) -> None:
        """Note the answer to a delivery; one that was not accepted is delivered again later.

        A portal may have accepted a delivery without answering, so it has had the events since they
        were first sent, and may have told of them before it answers the delivery that is repeated.
        """
        at = delivery.first_sent_at or self.now()
        for each in delivery.outgoing:
            self.evidence.append(EventDelivered(at=at, event_id=each.event_id, status=status))
        now = self.seconds_since_begin()
        if status == 202:
            self._undelivered -= 1
            self.sent_in_seconds = max(self.sent_in_seconds, now)
            return
        pause = RETRY_SECONDS[min(delivery.tries, len(RETRY_SECONDS) - 1)]
        delivery.tries += 1
        delivery.due_seconds = now + pause
        heappush(self._deliveries, delivery)

    def record(self, batch: Batch, at: datetime) -> list[Outgoing]:
        """Update crimes in the crime system at the scheduled time; return the events."""
        self._recording_at = at
        for number in batch.crimes:
            self._crime_system.record(self._event(number, at))
        return [self._crime_system.outgoing.popleft() for _ in batch.crimes]

    def before_request(self) -> None:
        """Count a request, and wait for its place where there is a cap."""
        self.guard.begin_request()
        if self.cap.is_set:
            waited = self.cap.wait(lambda: self.now().timestamp(), gevent.sleep)
            self.held_back += waited > HELD_BACK_SECONDS

    def after_request(self, status: int) -> None:
        """Note the answer to a request."""
        self.guard.answered(status, self.seconds_since_begin)

    def leave(self) -> None:
        """Stop a user who is done; the last one ends the run."""
        self._working -= 1
        if not self._working:
            self.end("")
        raise StopUser

    def end(self, why: str) -> None:
        """End the run, even if users are still busy; `why` it ended before its time, or ""."""
        if not self.over.is_set():
            self.stopped = why
            self.over.set()

    def part(self) -> tuple[bytes, bytes]:
        """Give what the users here did: the evidence, and the counts."""
        counts = VisitCounts(
            visits=self.visits,
            not_made=self.not_made,
            sent_late_seconds=self.sent_late_seconds,
            sent_in_seconds=self.sent_in_seconds,
            page_seconds=self.page_seconds,
            stops=self.stops,
            pages_cut_off=self._watched - len(self.page_seconds),
            requests=self.guard.requests,
            held_back=self.held_back,
            answered_seconds=self.guard.answered_at,
            silent_since_seconds=self.silent_since,
            clock_offset_seconds=self._offset.total_seconds(),
            stopped=self.stopped,
            broke=self.broke,
        )
        return evidence_lines(self.evidence, self.share), msgspec.json.encode(counts)

    def _keep_watch(self) -> None:
        """End the run when the portal is down, when it may send no more, or when time is up."""
        while not self.over.wait(1.0):
            now = self.seconds_since_begin()
            if why := self.guard.why_stop(now):
                self.silent_since = self.guard.silent_since(now)
                self.end(why)
            elif self.seconds_since_begin() > self.plan.seconds_max:
                self.end(f"it was not done after {self.plan.seconds_max:,} s")

    def _send_visitors(self) -> None:
        """Give each visit, when it is due, to a visitor who is free; then send them home."""
        for visit in self._visits:
            self.wait_until(visit.due_seconds)
            if self.free and self.people:
                self.free.popleft().visits.put((visit, self.people.popleft()))
            else:
                self.not_made += 1
        while not self.over.is_set():
            while self.free:
                self.free.popleft().visits.put(None)
            gevent.sleep(_LOOK_SECONDS)

    def _event(self, number: int, at: datetime) -> AnyEvent:
        """Make the update of a crime that the burst is about."""
        crowd = self.plan.crowd
        match self.plan.burst.update:
            case "closed":
                return crowd.closed(number, at)
            case "deployed":
                return crowd.deployed(number, at)
            case "recorded":
                return crowd.recorded(number, at, given_secrets().identity)


def begin_at(*, of_workers: bool, watches_pages: bool) -> datetime:
    """Say when a schedule begins that is announced now.

    Who watches the page of an update that is due at once signs in before that.
    """
    lead = _LEAD_OF_WORKERS if of_workers else _LEAD
    return wall_now() + lead + timedelta(seconds=SIGN_IN_AHEAD_SECONDS if watches_pages else 0)


def evidence_lines(evidence: EvidenceLog, share: Share) -> bytes:
    """Give the evidence as lines, under the name of its share."""
    lines = io.BytesIO()
    write_evidence(lines, evidence.records, process=f"locust-{share.index + 1}", wall=wall_now())
    return lines.getvalue()
