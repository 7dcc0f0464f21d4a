"""FastHttpUser at its fastest: one GET after another, and nothing else. It says how many a second.

Started by `generator`: the seconds to measure and the file for the number are in the environment.
"""

import os
import time
from pathlib import Path

import gevent
from locust import FastHttpUser, events, task

SECONDS, OUT = float(os.environ["BARE_SECONDS"]), Path(os.environ["BARE_OUT"])
PATH = "/api/crimes"
_WARM_UP_SECONDS = 1.0


class BareUser(FastHttpUser):
    """Asks again as soon as it has the answer."""

    sent = 0

    @task
    def ask(self) -> None:
        """Ask once."""
        self.client.get(PATH)
        BareUser.sent += 1


@events.spawning_complete.add_listener
def measure(**_: object) -> None:
    """Count for so many seconds, after a warm-up that does not count."""

    def count() -> None:
        gevent.sleep(_WARM_UP_SECONDS)
        before, began = BareUser.sent, time.monotonic()
        gevent.sleep(SECONDS)
        rate = (BareUser.sent - before) / (time.monotonic() - began)
        OUT.write_text(f"{rate}", encoding="ascii")

    gevent.spawn(count)
