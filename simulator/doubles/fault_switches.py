"""The switches of every double's faults: set by a tester, or by a plan from the start on."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeAlias, get_args

from msgspec import Meta, Struct, structs

from reference.contract.messages import DeliveryStatus
from simulator.doubles.front import Fault
from simulator.doubles.to_portal import ToPortal
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.neighbours.salesforce.records import Records

#: The options that start a double which does not always run.
_OPTIONS = {
    "dynamics": "--dynamics",
    "force_api": "--force-api",
    "portal_door": "--integration",
    "one_login": "--one-login",
    "salesforce": "--salesforce",
}
_LOOK_SECONDS = 0.05

DoubleName: TypeAlias = Literal[
    "gateway",
    "crime_system",
    "mail",
    "dynamics",
    "force_api",
    "portal_door",
    "marketing_cloud",
    "one_login",
    "salesforce",
]
_DOUBLES: tuple[DoubleName, ...] = get_args(DoubleName)
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]


class Faults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The faults of the doubles, and the receipt that every message gets."""

    gateway: Fault = Fault()
    crime_system: Fault = Fault()
    mail: Fault = Fault()
    dynamics: Fault = Fault()
    force_api: Fault = Fault()
    portal_door: Fault = Fault()
    marketing_cloud: Fault = Fault()
    one_login: Fault = Fault()
    salesforce: Fault = Fault()
    receipt: DeliveryStatus | Literal["none"] = "delivered"
    #: So long after Notify took a message it is in no list yet, and has no status to be asked for.
    listed_after_seconds: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    #: Salesforce delivers each event twice: the same uuid by another replay id.
    salesforce_events_twice: bool = False

    def of(self, name: str) -> Fault:
        """The fault of a double."""
        found: Fault = getattr(self, name)
        return found


class PlannedOutage(Strict, frozen=True, kw_only=True):
    """A time, from the start on, in which a double is down."""

    of: DoubleName
    after_seconds: Seconds
    seconds: Seconds


class FaultPlan(Faults, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Faults from the start on, and outages that come and go by themselves."""

    outages: tuple[PlannedOutage, ...] = ()


def read_plan(path: Path) -> FaultPlan:
    """Read a plan; raises BadInput naming file, field and value."""
    return checked_toml.read(path, FaultPlan)


class NotRunning(Exception):
    """A fault of a double that does not run: its name, and the option that starts it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.option = _OPTIONS.get(name, name)


class Switched(Protocol):
    """What stands in front of a double."""

    fault: Fault


class FaultSwitches:
    """All switches; `on_fault` hears of each that changes: its name, before and after."""

    def __init__(
        self, fronts: Mapping[str, Switched], to_portal: ToPortal, records: Records
    ) -> None:
        self.on_fault: Callable[[str, Fault, Fault], None] = lambda _name, _before, _after: None
        self._fronts = fronts
        self._to_portal = to_portal
        self._records = records
        self._faults = Faults()
        self._outages: tuple[PlannedOutage, ...] = ()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fault plan", daemon=True)

    @property
    def faults(self) -> Faults:
        """What is switched on now, planned outages too."""
        now = {name: each.fault for name, each in self._fronts.items()}
        return Faults(
            **now,
            receipt=self._to_portal.receipt or "none",
            listed_after_seconds=self._to_portal.inbox.listed_after_seconds,
            salesforce_events_twice=self._records.has_events_twice,
        )

    def set(self, faults: Faults) -> None:
        """Replace all faults; what was planned ends. Raises NotRunning."""
        self._check_running(faults)
        with self._lock:
            self._outages = ()
            self._faults = faults
            self._to_portal.receipt = None if faults.receipt == "none" else faults.receipt
            self._to_portal.inbox.listed_after_seconds = faults.listed_after_seconds
            self._records.has_events_twice = faults.salesforce_events_twice
            self._apply(())

    def begin(self, plan: FaultPlan, now: Callable[[], datetime]) -> None:
        """Play a plan from now on, in a thread; raises BadInput for a double that does not run."""
        try:
            self._check_running(plan)
            self.set(plan)
        except NotRunning as missing:
            raise BadInput(
                f"--faults: {missing.name} does not run; start it with {missing.option}"
            ) from None
        self._outages, self._began, self._now = plan.outages, now(), now
        self._thread.start()

    def stop(self) -> None:
        """End a plan."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _check_running(self, faults: Faults) -> None:
        down = {each.of for each in faults.outages} if isinstance(faults, FaultPlan) else set()
        for name in _DOUBLES:
            if name not in self._fronts and (name in down or faults.of(name) != Fault()):
                raise NotRunning(name)

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            passed = (self._now() - self._began).total_seconds()
            with self._lock:
                if not self._outages:
                    return
                self._apply(
                    each.of
                    for each in self._outages
                    if each.after_seconds <= passed < each.after_seconds + each.seconds
                )

    def _apply(self, down: Iterable[str]) -> None:
        """Put every switch where it belongs, with these doubles down."""
        names = set(down)
        for name, front in self._fronts.items():
            fault = self._faults.of(name)
            if name in names:
                fault = structs.replace(fault, is_down=True)
            if fault != front.fault:
                self.on_fault(name, front.fault, fault)
                front.fault = fault
