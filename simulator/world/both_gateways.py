"""Our gateway as any portal may use it: as GOV.UK Notify, or as Salesforce Marketing Cloud.

The package at Marketing Cloud is that of Notify's key. What becomes of a message is pushed to those
who subscribed as soon as it is known.
"""

import weakref
from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from simulator.drivers.timed_connection import TimedClient
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.marketing_cloud.api import beside, marketing_cloud_app
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.notifications import (
    ANSWER_SECONDS_MAX,
    VERIFICATION_SECONDS_MAX,
)
from simulator.neighbours.marketing_cloud.tokens import Package, Tokens
from simulator.processes.asgi import Application


class BothGateways:
    """The business unit beside a service at Notify; it is made when a portal asks it first."""

    def __init__(self, inbox: Inbox, *, key: str, security_now: Callable[[], datetime]) -> None:
        self._inbox = inbox
        self._tokens = Tokens(Package.of_key(key), security_now)

    def beside(self, notify: Application, *, requests_a_minute_max: int = 0) -> Application:
        """Give the application that answers as both; with a limit, Marketing Cloud throttles."""

        def make() -> Application:
            return marketing_cloud_app(
                self._unit,
                tokens=self._tokens,
                post=self._client(VERIFICATION_SECONDS_MAX).post,
                requests_a_minute_max=requests_a_minute_max,
            )

        return beside(notify, make)

    @cached_property
    def _unit(self) -> BusinessUnit:
        return BusinessUnit(self._inbox, push=self._client(ANSWER_SECONDS_MAX).post)

    def _client(self, seconds_max: float) -> TimedClient:
        client = TimedClient(seconds_max)
        weakref.finalize(self, client.close)
        return client
