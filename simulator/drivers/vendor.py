"""Any vendor's own driver: every answer is checked against the protocol before it counts.

`vendor_class` asks a Python class and `program` a program; both have their answers checked here.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from simulator.drivers.base import Refused
from simulator.drivers.methods import METHODS, Method
from simulator.drivers.surroundings import Surroundings
from simulator.errors import (
    NOT_AVAILABLE,
    BadInput,
    PortalNonsense,
    PortalNotAvailable,
    PortalUnreachable,
)
from simulator.inputs.capabilities import Capability

_WORDS_CHARACTERS_MAX = 500

#: What a driver written earlier calls a method.
FORMER_NAMES = {"stop_messages": "withdraw"}

#: These ask for nothing that a portal may refuse.
_WITHOUT_A_NO = frozenset(
    {
        "deliver",
        "deliver_signed_by",
        "deliver_receipt",
        "receive_text",
        "visit",
        "advance_to",
        "enter_phase",
        "messages_since",
        "stamps_since",
    }
)


class VendorDriver(ABC):
    """Passes every method of `base.Driver` and `own_record` to the vendor's driver.

    `who` names that driver in errors. It must offer every capability that the target claims.
    """

    def __init__(self, who: str, surroundings: Surroundings) -> None:
        self.who = who
        self.capabilities: frozenset[Capability] = surroundings.capabilities
        #: Where the portal is, if it is at one address ("" if not).
        self.portal_url = surroundings.portal_url
        self._secrets = surroundings.secrets
        #: Says how a portal that the suite started has stopped ("" while it runs).
        self.how_portal_ended: Callable[[], str] = lambda: ""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a method of the protocol."""
        if name not in METHODS:
            raise AttributeError(name)
        return partial(self._asked, METHODS[name])

    def advance_to(self, now: datetime) -> datetime | None:
        """Move the portal's test clock, if the target claims one."""
        if "test_clock" not in self.capabilities:
            return None
        due: datetime | None = self._asked(METHODS["advance_to"], now)
        if due is None:
            return None
        if due.tzinfo is None:
            raise self.nonsense("advance_to", f"gives {due.isoformat()}, without its offset")
        if due <= now:
            raise self.nonsense(
                "advance_to",
                f"gives {due.isoformat()}, not after now; all due work is to be done before the "
                "answer",
            )
        return due

    @abstractmethod
    def close(self) -> None:
        """Close what the driver has open."""

    def nonsense(self, method: str, what: str) -> PortalNonsense:
        """Make the error for an answer that the protocol does not allow."""
        return PortalNonsense(f"{self.who}: {method} {what}; see docs/drivers.md")

    def quoted(self, words: object, *, end: bool = False) -> str:
        """Quote a vendor's words in an error: short, on one line, without secrets."""
        printable = "".join(each if each.isprintable() else " " for each in str(words))
        shown = " ".join(printable.split())
        for name in self._secrets.__struct_fields__:
            if value := getattr(self._secrets, name):
                shown = shown.replace(value, "…")
        return shown[-_WORDS_CHARACTERS_MAX:] if end else shown[:_WORDS_CHARACTERS_MAX]

    def check_capabilities(self, has: Iterable[str]) -> None:
        """Refuse a claim that the driver does not make; raises BadInput naming it."""
        lacking = sorted(self.capabilities - set(has))
        if lacking:
            raise BadInput(
                f"claims.capabilities has {', '.join(lacking)}, which {self.who} does not say it "
                "has; remove the claim, or add it to the driver's capabilities"
            )

    @abstractmethod
    def ask(self, method: Method, given: tuple[object, ...]) -> object:
        """Ask the vendor's driver; return its checked answer."""

    def _asked(self, method: Method, *given: object) -> Any:
        try:
            return self.ask(method, given)
        except (PortalUnreachable, PortalNonsense):
            # What a driver says of a portal that crashed is about the driver.
            if ended := self.how_portal_ended():
                raise PortalUnreachable(
                    f"{self.who}: no answer to {method.name}: {ended}"
                ) from None
            raise
        except Refused as refused:
            gives_status = method.name in ("deliver", "deliver_signed_by")
            if refused.status == NOT_AVAILABLE and not gives_status:
                raise PortalNotAvailable(
                    f"{self.who}: {method.name} was refused with 503: the portal cannot do it now"
                ) from None
            if method.name not in _WITHOUT_A_NO:
                raise
            mend = "; give the status instead" if gives_status else ""
            raise self.nonsense(
                method.name,
                f"was refused with {refused.status}, though this method may not be refused{mend}",
            ) from None
