"""A vendor's own driver under load: each user of a burst has one, and Locust counts its methods.

A Locust process makes it from the plan; the secrets come by the environment. gevent lets a driver
wait for its portal without holding up the other users, if it waits by sockets or a pipe.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from msgspec import Struct, structs

from simulator.clock import wall_now, wall_sleep
from simulator.drivers.base import Driver, Refused
from simulator.drivers.methods import METHODS
from simulator.drivers.surroundings import Surroundings
from simulator.errors import PortalNonsense, PortalUnreachable, SuiteError
from simulator.evidence.records import EvidenceLog
from simulator.files.paths import found
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.world.builder import driver_to

#: What Locust's tables show as the kind of a request.
REQUEST_TYPE = "DRIVER"
_ANSWERED = 200
_TRIES, _AGAIN_SECONDS = 3, 0.5
_NO_SECRETS = SecretValues(**dict.fromkeys(SecretValues.__struct_fields__, ""))


class OwnDriver(Struct, frozen=True, kw_only=True):
    """What it takes to make the target's driver, except the secrets."""

    target: Target
    surroundings: Surroundings

    @classmethod
    def planned(
        cls, target: Target, order: Order, portal_url: str, gateway_url: str, crime_system_url: str
    ) -> "OwnDriver":
        """Plan drivers of a portal and its neighbours at these addresses."""
        surroundings = Surroundings(
            portal_url=portal_url,
            gateway_url=gateway_url,
            mail_server="",
            crime_system_url=crime_system_url,
            secrets=_NO_SECRETS,
            order=order,
            capabilities=frozenset(target.claims.capabilities),
            clock_start=None,
            wait_seconds_max=target.access.wait_seconds_max,
        )
        return cls(target=target, surroundings=surroundings)

    def made(self, secrets: SecretValues, how_portal_ended: Callable[[], str]) -> Driver:
        """Make one driver, with its own connections; raises SuiteError.

        The portal's first answers may fail once or twice: what it does then is judged later.
        """
        for left in reversed(range(_TRIES)):
            try:
                return self._made(secrets, how_portal_ended)
            except (PortalNonsense, PortalUnreachable):
                if not left or how_portal_ended():
                    raise
                wall_sleep(_AGAIN_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _made(self, secrets: SecretValues, how_portal_ended: Callable[[], str]) -> Driver:
        return driver_to(
            self.target,
            structs.replace(self.surroundings, secrets=secrets),
            EvidenceLog(),
            wall_now,
            order_path=found(Path(self.target.order)).absolute(),
            how_portal_ended=how_portal_ended,
        )


class CountedDriver:
    """Passes each call on to a driver; `count` is Locust's request event.

    Calls are counted by `journey` and method. `before` is called before each, and may wait; `after`
    is told the status, 0 for no answer.
    """

    def __init__(
        self,
        driver: Driver,
        *,
        count: Callable[..., None],
        before: Callable[[], None],
        after: Callable[[int], None],
    ) -> None:
        self._driver = driver
        self._count = count
        self._before = before
        self._after = after
        self.journey = ""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Give a method of the protocol."""
        if name not in METHODS:
            raise AttributeError(name)
        return partial(self._call, name)

    def close(self) -> None:
        """Close the vendor's driver."""
        self._driver.close()

    def _call(self, name: str, *given: object) -> Any:
        self._before()
        status, began = _ANSWERED, perf_counter()
        error: Exception | None = None
        try:
            answer = getattr(self._driver, name)(*given)
        except (Refused, SuiteError) as no:
            status, error = no.status if isinstance(no, Refused) else 0, no
            raise
        else:
            # A delivery's answer is its status.
            status = answer if isinstance(answer, int) else status
            return answer
        finally:
            self._count(
                request_type=REQUEST_TYPE,
                name=f"{self.journey}: {name}".removeprefix(": "),
                response_time=(perf_counter() - began) * 1000,
                response_length=0,
                exception=error,
                context={},
            )
            self._after(status)
