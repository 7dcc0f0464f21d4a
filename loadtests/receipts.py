"""The gateway's receipts to the portal: the outcome of each message, in Notify's form.

They are sent one after another in their own thread, so a slow portal delays nothing else.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from queue import SimpleQueue

from loadtests.doubles import PortalWithDoubles
from simulator.clock import wall_now
from simulator.drivers.base import Driver, Refused
from simulator.errors import SuiteError
from simulator.evidence.records import ReceiptSent
from simulator.inputs.capabilities import Capability
from simulator.neighbours.gateway.inbox import Accepted

#: What a portal claims that takes them.
RECEIPTS: Capability = "receipts"
_STOP_SECONDS_MAX = 15.0


@contextmanager
def sending_receipts(scene: PortalWithDoubles, driver: Driver) -> Iterator["Receipts"]:
    """Send receipts to a portal that accepts them; `tell` takes the id of each message."""
    if RECEIPTS not in driver.capabilities:
        yield Receipts(scene, driver, are_taken=False)
        return
    receipts = Receipts(scene, driver)
    thread = threading.Thread(target=receipts.send_all, name="receipts", daemon=True)
    thread.start()
    try:
        yield receipts
    finally:
        receipts.is_over = True
        receipts.owed.put("")
        thread.join(_STOP_SECONDS_MAX)


class Receipts:
    """The receipts that are owed; none to a portal that takes none."""

    def __init__(self, scene: PortalWithDoubles, driver: Driver, *, are_taken: bool = True) -> None:
        self._are_taken = are_taken
        self._scene = scene
        self._driver = driver
        self.owed: SimpleQueue[str] = SimpleQueue()
        #: How many were sent, and those that the portal did not take, by why.
        self.sent = 0
        self.refused: Counter[str] = Counter()
        self.is_over = False

    def tell(self, message_id: str) -> None:
        """Owe the receipt for a message."""
        if self._are_taken:
            self.owed.put(message_id)

    def send_all(self) -> None:
        """Send each, until all is over."""
        while message_id := self.owed.get():
            if self.is_over:
                return
            at, handsets = wall_now(), self._scene.handsets
            message = handsets.message(message_id)
            if isinstance(message, Accepted) and message.message_key:
                # Marketing Cloud tells the portal by itself, if it subscribed.
                if handsets.tell(message, "delivered", at):
                    self._note(message_id, at)
                continue
            self.sent += 1
            try:
                self._driver.deliver_receipt(handsets.receipt(message_id, "delivered", at))
            except (Refused, SuiteError) as error:
                # Notify would retry in five minutes, after the burst.
                self.refused[f"a receipt was not taken: {error}"[:200]] += 1
                continue
            self._note(message_id, at)

    def _note(self, message_id: str, at: datetime) -> None:
        self._scene.evidence.append(ReceiptSent(at=at, message_id=message_id, status="delivered"))
