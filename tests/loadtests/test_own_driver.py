"""Rules of a vendor's driver under load: every call is counted, with how it ended."""

from typing import Any

import pytest

from loadtests.own_driver import REQUEST_TYPE, CountedDriver
from simulator.drivers.base import Refused
from simulator.errors import PortalUnreachable


class Vendor:
    """Answers deliveries, refuses a sign-in, and loses its portal when asked for crimes."""

    def deliver(self, delivery: str) -> int:
        """Give a status."""
        return 503 if delivery == "too much" else 202

    def begin_sign_in(self, _address: str) -> None:
        """Refuse."""
        raise Refused(429, "too often")

    def crimes(self, _session: str) -> None:
        """Find no portal."""
        raise PortalUnreachable("no answer")


class Counts:
    """What Locust and the guard were told."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.begun = 0
        self.driver: Any = CountedDriver(
            Vendor(),  # type: ignore[arg-type]
            count=lambda **each: self.requests.append(each),
            before=self._begin,
            after=self.statuses.append,
        )

    def _begin(self) -> None:
        self.begun += 1


def test_a_call_is_counted_by_journey_and_method() -> None:
    """A delivery's status is its answer; any other answer counts as one that was given."""
    counts = Counts()
    counts.driver.journey = "updates"

    assert [counts.driver.deliver(each) for each in ("one", "too much")] == [202, 503]
    assert [(each["request_type"], each["name"]) for each in counts.requests] == [
        (REQUEST_TYPE, "updates: deliver")
    ] * 2
    assert (counts.begun, counts.statuses) == (2, [202, 503])


def test_a_refusal_and_a_silence_are_failures_and_reach_the_user() -> None:
    """A refusal has its status, and no answer has 0; the user of the driver hears of both."""
    counts = Counts()

    with pytest.raises(Refused):
        counts.driver.begin_sign_in("07700900001")
    with pytest.raises(PortalUnreachable):
        counts.driver.crimes("session")

    assert [type(each["exception"]) for each in counts.requests] == [Refused, PortalUnreachable]
    assert counts.statuses == [429, 0]


def test_what_is_no_method_of_the_protocol_is_not_passed_on() -> None:
    """A driver under load has the methods of the protocol only."""
    with pytest.raises(AttributeError):
        Counts().driver.delete_everything  # noqa: B018
