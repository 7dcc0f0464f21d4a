"""What the service hears from the portal, counted for Prometheus and logged as JSON lines."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reference.contract.events import CloudEvent
from reference.operations.logs import error_fields, log
from reference.operations.metrics import Metrics
from reference.portal.clock import Clock, SystemClock
from reference.portal.errors import Problem
from reference.portal.observer import Fault, Observer, SaidNotForMe


class Pulse:
    """Remembers when due work last made progress."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: datetime = clock.now()

    def beat(self) -> None:
        """Note progress now."""
        self.last = self._clock.now()


class Monitoring(Observer):
    """The observer of one portal: its counts are in `metrics`, its progress in `pulse`."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.metrics = Metrics()
        self.pulse = Pulse(clock or SystemClock())
        self._down: set[str] = set()

    def events_received(self, batch: Sequence[tuple[CloudEvent, Any]], now: datetime) -> None:
        """Count a delivery; log its types and ids."""
        self.metrics.received(batch, now)
        if log.is_on(logging.INFO):
            log.info(
                "events_received",
                count=len(batch),
                types=sorted({envelope.type for envelope, _event in batch}),
                event_ids=[envelope.id for envelope, _event in batch],
            )

    def delivery_refused(self, problem: Problem) -> None:
        """Count and log a refused delivery by the portal's own title of the problem."""
        self.metrics.refused(problem.title)
        log.warning("delivery_refused", status=problem.status, reason=problem.title)

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; log it with its duration."""
        self.metrics.answered(method, route, status)
        if log.is_on(logging.INFO):
            log.info(
                "request_answered",
                method=method,
                route=route,
                status=status,
                duration_ms=round(1000 * seconds, 1),
            )

    def request_failed(self, route: str, error: Exception) -> None:
        """Log where the portal failed, without the words of the error."""
        log.error("request_broke", route=route, **error_fields(error))

    def database_failed(self, error: Exception) -> None:
        """Log what the database said of itself."""
        log.error("database_down", **error_fields(error))

    def neighbour_answered(self, neighbour: str, status: int) -> None:
        """Count an answer; log only when a neighbour goes down and when it comes back.

        Every answer and every failure counts as progress: a neighbour that is down does not mean
        that due work is stuck.
        """
        self.pulse.beat()
        answer = str(status) if status else "down"
        self.metrics.sent(neighbour, answer)
        is_down = not status or status >= 500
        if is_down == (neighbour in self._down):
            return
        if is_down:
            self._down.add(neighbour)
            log.warning("neighbour_down", neighbour=neighbour, result=answer)
        else:
            self._down.remove(neighbour)
            log.info("neighbour_back", neighbour=neighbour)

    def message_refused(self, fault: Fault) -> None:
        """Count a refused message by whose fault it was."""
        self.metrics.refused_by_gateway(fault)

    def sender_refused(self, count: int, status: int, error: str) -> None:
        """Log a fault of the portal's account with the gateway: an operator must fix it."""
        log.error("gateway_refused_us", count=count, status=status, result=error)

    def proof_hidden(self) -> None:
        """Count it."""
        self.metrics.proof_hidden()

    def not_for_me(self, result: SaidNotForMe) -> None:
        """Count it; warn when more people said so than is usual."""
        self.metrics.said_not_for_me(result)
        if result == "over_the_limit":
            log.warning("not_for_me_over_the_limit")

    def due_work_failed(self, failures: int, error: Exception) -> None:
        """Count and log a round that failed."""
        self.metrics.due_work_failed()
        log.error("due_work_broke", count=failures, **error_fields(error))

    def due_work_cut_off(self) -> None:
        """Warn that due work was cut off."""
        log.warning("due_work_cut_off")
