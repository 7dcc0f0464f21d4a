"""Rules of a portal in this process: started from the order, with neighbours a call away."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.drivers import in_process
from simulator.drivers.base import Delivery, Refused, Session
from simulator.drivers.exchange import run
from simulator.drivers.http import HttpDriver
from simulator.drivers.in_process import (
    CRIME_SYSTEM_URL,
    GATEWAY_URL,
    InProcessDriver,
    NeighboursInProcess,
    SharedClock,
)
from simulator.errors import BadInput
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from tests.simulator.drivers.strange_portals import NOW, SECRETS, StrangePortal
from tests.simulator.real_files import ORDER, ROOT, TARGET, spoiled

APP = ROOT / "reference" / "portal" / "app.py"


def start(folder: Path, application: str) -> HttpDriver:
    """Start the application of a name, in place of the reference portal."""
    path = spoiled(folder, TARGET, ("reference.portal.app:create_app", application))
    return in_process.start(
        read_target(path),
        read_order(ORDER),
        secrets=SECRETS,
        gateway=StrangePortal(201, b"{}"),
        crime_system=StrangePortal(201, b"{}"),
        clock_start=NOW,
        now=lambda: NOW,
    )


def test_the_reference_portal_is_a_portal(tmp_path: Path) -> None:
    """It answers as the contract says, takes deliveries that are signed as of the world's clock."""
    driver = start(tmp_path, "reference.portal.app:create_app")

    driver.check()

    assert driver.deliver(Delivery("d-1", [])) in {202, 400}
    assert driver.advance_to(NOW) is None
    with pytest.raises(Refused) as caught:
        driver.crimes(Session("nobody's"))
    assert caught.value.status == 401
    assert driver.capabilities == frozenset(read_target(TARGET).claims.capabilities)
    driver.close()


@pytest.mark.parametrize(
    "application",
    [
        "reference.portal.app",
        ":create_app",
        ".portal:create_app",
        "reference/portal/app.py:create_app",
        # Something is there, but no function that makes a portal.
        "os:getcwd",
    ],
)
def test_an_application_that_is_none_is_a_mistake(tmp_path: Path, application: str) -> None:
    """The sentence names what was given and how it is to be written."""
    with pytest.raises(BadInput) as caught:
        start(tmp_path, application)

    assert str(caught.value) == (
        f"access.application is {application!r}; give module:function, "
        "for example reference.portal.app:create_app"
    )


@pytest.mark.parametrize(
    ("application", "said"),
    [
        ("no_such_module:create_app", "there is no module no_such_module: is it installed, in"),
        ("reference.nope.app:create_app", "there is no module reference.nope: is it installed, "),
        (
            "reference.portal.app:create_ap",
            f"there is no function create_ap in {APP}; did you mean create_app",
        ),
        (
            "reference.portal.app:nope",
            f"there is no function nope in {APP}; name the one that makes the portal",
        ),
        ("os:sep", "there is no function sep in "),
        ("sys:nope", "there is no function nope in sys"),
    ],
)
def test_an_application_that_is_not_there_is_said_by_what_is_missing(
    tmp_path: Path, application: str, said: str
) -> None:
    """Module or function, with the file that was looked in: it had the right shape."""
    with pytest.raises(BadInput) as caught:
        start(tmp_path, application)

    assert str(caught.value).startswith(f"access.application is {application!r}; {said}")


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("portal_of_a_test", "def create_app(:", "portal_of_a_test:create_app"),
        (
            "other_portal_of_a_test",
            "import a_database_that_is_not_installed",
            "a_database_that_is_not_installed",
        ),
    ],
    ids=["a module with a slip", "a module that lacks another"],
)
def test_a_module_that_cannot_be_loaded_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str, said: str
) -> None:
    """The sentence names what to fix: the vendor's module, or the module it lacks."""
    (tmp_path / f"{name}.py").write_text(f"{source}\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BadInput, match=said):
        start(tmp_path, f"{name}:create_app")


def test_a_portal_reaches_its_neighbours_by_a_call() -> None:
    """What goes to the gateway's address reaches the gateway, the rest the crime system."""
    gateway, crime_system = StrangePortal(201, b"from the gateway"), StrangePortal(503, b"")
    around = NeighboursInProcess(gateway=gateway, crime_system=crime_system)
    headers = {"authorization": "Bearer a"}

    sent: Any = around.send("POST", f"{GATEWAY_URL}/v2/notifications/sms", headers, b"{}")
    assert run(sent) == (201, b"from the gateway")
    stamped: Any = around.send("POST", f"{CRIME_SYSTEM_URL}/occurrences/43%2F1/log?x=1", {}, b"[]")
    assert run(stamped) == (503, b"")

    assert [each.line for each in gateway.asked] == ["POST /v2/notifications/sms"]
    assert gateway.asked[0].headers == headers
    assert [each.body for each in crime_system.asked] == [b"[]"]
    assert around.connections == 1


def test_both_ends_share_a_clock() -> None:
    """The portal checks signatures by the clock that stamps them."""
    assert SharedClock(lambda: NOW).now() == NOW


def test_a_portal_that_is_started_again_knows_what_its_database_knows(tmp_path: Path) -> None:
    """What was signed for is still known to it afterwards, and its clock is at the moment given."""
    driver = in_process.start(
        read_target(TARGET),
        read_order(ORDER),
        secrets=SECRETS,
        gateway=StrangePortal(201, b"{}"),
        crime_system=StrangePortal(201, b"{}"),
        clock_start=NOW,
        now=lambda: NOW,
        database=str(tmp_path / "portal.db"),
    )
    step = driver.begin_sign_in("07700 900123")
    later = NOW + timedelta(minutes=1)
    driver.restart(later)

    assert driver.advance_to(later) is None
    with pytest.raises(Refused, match="403"):
        driver.prove(step, "heron")
    driver.close()


class TwoWorkers:
    """A driver of a portal whose processes are strange portals, as they were started."""

    def __init__(self) -> None:
        self.started: list[StrangePortal] = []
        self.began_at: list[datetime] = []
        self.driver = InProcessDriver(
            self._make,
            NOW,
            secrets=SECRETS,
            capabilities=frozenset({"test_clock"}),
            security_now=lambda: NOW,
        )

    def _make(self, at: datetime) -> StrangePortal:
        self.began_at.append(at)
        due = NOW + timedelta(hours=2 - len(self.started))
        moved = b'{"now": "%s", "next_due": "%s"}' % (
            NOW.isoformat().encode(),
            due.isoformat().encode(),
        )
        self.started.append(StrangePortal(200, moved))
        return self.started[-1]

    @property
    def asked(self) -> list[int]:
        """How many requests each process got."""
        return [len(each.asked) for each in self.started]


def test_requests_go_to_each_of_two_workers_in_turn() -> None:
    """One after the other; and after the second worker has stopped, all go to the first."""
    two = TwoWorkers()
    later = NOW + timedelta(minutes=1)
    two.driver.visit("/")
    two.driver.start_second_worker(later)
    for _visit in range(3):
        two.driver.visit("/")

    assert two.began_at == [NOW, later]
    assert two.asked == [5, 3]
    two.driver.stop_second_worker()
    two.driver.visit("/")
    assert two.asked == [7, 3]


def test_both_workers_move_their_clock() -> None:
    """Whatever came before; and the work that is due first of either's is due."""
    two = TwoWorkers()
    two.driver.start_second_worker(NOW)

    assert two.driver.advance_to(NOW) == NOW + timedelta(hours=1)
    assert two.asked == [1, 1]


def test_a_restart_is_of_both_workers() -> None:
    """Each is started again, and requests go on to both."""
    two = TwoWorkers()
    two.driver.start_second_worker(NOW)
    two.driver.restart(NOW)
    two.driver.visit("/")

    assert two.asked == [0, 0, 1, 1]


def test_what_one_worker_took_the_other_knows(tmp_path: Path) -> None:
    """They share the file of one database: a sign-in begun at one goes on at the other."""
    driver = in_process.start(
        read_target(TARGET),
        read_order(ORDER),
        secrets=SECRETS,
        gateway=StrangePortal(201, b"{}"),
        crime_system=StrangePortal(201, b"{}"),
        clock_start=NOW,
        now=lambda: NOW,
        database=str(tmp_path / "portal.db"),
    )
    driver.start_second_worker(NOW)
    step = driver.begin_sign_in("07700 900123")

    with pytest.raises(Refused, match="403"):
        driver.prove(step, "heron")
    driver.close()
