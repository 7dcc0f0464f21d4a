"""What is counted as it happens, for Prometheus; `gauges.py` reads the rest from the database.

Each portal has a registry of its own, for many may live in one process. No label holds anything
that a person gave, only event types, routes as declared, statuses and steps only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from reference.contract.events import EVENT_TYPES, CloudEvent
from reference.portal.observer import SaidNotForMe

_HERE = "Counted by this process since it started: with several workers, add them up."
_LAG_SECONDS = (1, 5, 15, 60, 300, 1800, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600)


class Metrics:
    """One portal's counts. Each call costs about a microsecond."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._events = self._counted(
            "portal_events", "Crime events taken, those that came again with them.", "type"
        )
        for name in EVENT_TYPES:
            self._events[name,].inc(0)
        self._lag = Histogram(
            "portal_event_lag_seconds",
            f"From the time an event bears to its receipt here. {_HERE}",
            registry=self._registry,
            buckets=_LAG_SECONDS,
        )
        self._refused = self._counted(
            "portal_deliveries_refused", "Deliveries of events that were not taken.", "reason"
        )
        self._sends = self._counted(
            "portal_sends", "Requests to a neighbour, by its answer.", "neighbour", "status"
        )
        self._gateway_refusals = self._counted(
            "portal_gateway_refusals",
            "Messages that the gateway refused, for what is wrong with their address or with us.",
            "whose",
        )
        for whose in ("address", "sender"):
            self._gateway_refusals[whose,].inc(0)
        self._hidden = self._counted(
            "portal_hidden_proofs", "Proofs at sign-in whose answer does not tell if it was right."
        )
        self._answers = self._counted(
            "portal_requests", "Requests answered.", "method", "route", "status"
        )
        self._not_for_me = self._counted(
            "portal_not_for_me",
            "How often somebody said a message was not for them, by what came of it.",
            "result",
        )
        for result in get_args(SaidNotForMe):
            self._not_for_me[result,].inc(0)
        self._failures = self._counted(
            "portal_due_work_failures", "Rounds of due work that broke and were put off."
        )

    def received(self, batch: Sequence[tuple[CloudEvent, Any]], now: datetime) -> None:
        """Count a delivery that was taken, and how old its events were."""
        for envelope, _event in batch:
            self._events[envelope.type,].inc()
            self._lag.observe(max(0.0, (now - envelope.time).total_seconds()))

    def refused(self, reason: str) -> None:
        """Count a delivery that was not taken; `reason` is one of the portal's own titles."""
        self._refused[reason,].inc()

    def sent(self, neighbour: str, status: str) -> None:
        """Count a request to a neighbour by the status it answered, or "down" for none."""
        self._sends[neighbour, status].inc()

    def refused_by_gateway(self, whose: Literal["address", "sender"]) -> None:
        """Count a message that the gateway refused, by whose fault that is."""
        self._gateway_refusals[whose,].inc()

    def proof_hidden(self) -> None:
        """Count a proof whose answer does not tell whether it was right."""
        self._hidden[()].inc()

    def said_not_for_me(self, result: SaidNotForMe) -> None:
        """Count one who said so, by what the portal did."""
        self._not_for_me[result,].inc()

    def answered(self, method: str, route: str, status: int) -> None:
        """Count an answer; `status` is 0 when none could be given."""
        self._answers[method, route, str(status)].inc()

    def due_work_failed(self) -> None:
        """Count a round of due work that broke."""
        self._failures[()].inc()

    def text(self) -> bytes:
        """Return the counts as Prometheus reads them."""
        return generate_latest(self._registry)

    def _counted(self, name: str, text: str, *labels: str) -> "_Counted":
        return _Counted(Counter(name, f"{text} {_HERE}", labels, registry=self._registry))


class _Counted(dict[tuple[str, ...], Counter]):
    """A counter by its labels; looking one up here costs a tenth of what the library's does."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter

    def __missing__(self, labels: tuple[str, ...]) -> Counter:
        found = self[labels] = self._counter.labels(*labels) if labels else self._counter
        return found
