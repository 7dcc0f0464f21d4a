"""The interface on which all rests: events signed, signed wrongly, stale, and sent again."""

from datetime import timedelta

from reference.contract.events import CrimeRecorded
from simulator.check.people import People
from simulator.check.rows import NotSo, Rows
from simulator.drivers.base import Delivery, Driver
from simulator.drivers.http import HttpDriver
from simulator.world.victims import Victim

ANOTHER_SECRET = "whsec_" + "bm90LXRoZS1zZWNyZXQtdGhhdC13YXMtYWdyZWVkLW9u"
_STALE = timedelta(hours=1)
_TAKEN = 202


def check_taken(rows: Rows, people: People, crime: CrimeRecorded) -> str:
    """See that an event which is signed as agreed is taken; gives its id ("" where it is not)."""
    recorded: list[str] = []

    def look() -> str:
        recorded.append(people.record(crime))
        status = people.statuses_of(recorded[0])[-1]
        if status != _TAKEN:
            raise NotSo(f"answered {status}; is the events secret the same on both sides?")
        return f"{_TAKEN}"

    is_taken = rows.tried("events", "a crime is recorded, signed as agreed", look)
    return recorded[0] if is_taken else ""


def check_again(rows: Rows, people: People, victim: Victim, event_id: str) -> None:
    """See that what is sent again is taken, and has no effect."""

    def look() -> str:
        before = len(people.invitations(victim))
        people.world.integration.redeliver(event_id)
        status = people.statuses_of(event_id)[-1]
        if status != _TAKEN:
            raise NotSo(f"answered {status}: the crime system would send it for a week")
        people.linger()
        more = len(people.invitations(victim)) - before
        if more:
            raise NotSo(f"{_TAKEN}, and {more} more invitations: it is done twice")
        return f"{_TAKEN}, and nothing more is sent"

    rows.tried("events again", "the same event, signed afresh", look)


def check_forged(rows: Rows, people: People) -> None:
    """See that what others signed, or what is old, is refused and leaves nothing behind."""
    attempts = {
        "bad signature": ("another secret", ANOTHER_SECRET, timedelta(0)),
        "stale signature": ("the right secret, an hour ago", "", _STALE),
    }
    for name, (by, secret, age) in attempts.items():
        tried = f"a crime is recorded, signed by {by}"
        driver = by_http(people.world.portal)
        if driver is None:
            rows.note(name, tried, "not tried: events go by the vendor's own driver", "OMIT")
            continue
        rows.tried(name, tried, lambda d=driver, s=secret, a=age: _forge(people, d, s, a))  # type: ignore[misc]


def by_http(driver: Driver) -> HttpDriver | None:
    """Give the driver that speaks the contract, by itself or behind one of the portal's pages."""
    behind = getattr(driver, "by_http", driver)
    return behind if isinstance(behind, HttpDriver) else None


def _forge(people: People, driver: HttpDriver, secret: str, age: timedelta) -> str:
    channels = people.channels[:1]
    victim, crime = people.meet("Eve", channels)
    event_id = people.world.crime_system.record(crime)
    # It never goes by the integration, which would sign it as it should be.
    body = people.world.crime_system.outgoing.pop().body
    status = driver.deliver_signed(Delivery(f"{event_id}-forged", [body]), secret=secret, age=age)
    if 200 <= status < 300:
        raise NotSo(f"answered {status}: anybody can put crimes into this portal")
    if not 400 <= status < 500:
        raise NotSo(f"answered {status}; the contract says a problem document below 500")
    people.linger()
    if people.invitations(victim):
        raise NotSo(f"answered {status}, and its victim is invited all the same")
    return f"{status}, and nothing is sent"
