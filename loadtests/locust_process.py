"""Start Locust in a process of its own, and hand over what the users of the burst need.

gevent changes how a process waits, so Locust runs separately and is not imported here.
"""

import importlib.util
import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.visit_times import VisitCounts
from simulator.errors import BadInput, SuiteError
from simulator.processes.child_process import ChildProcess, child_process

#: Environment variables of the Locust process.
HANDOVER = "LOADTEST_HANDOVER"
EVENTS_SECRET = "LOADTEST_EVENTS_SECRET"  # noqa: S105  a name, not a secret
IDENTITY_KEY = "LOADTEST_IDENTITY_KEY"
EVIDENCE, TALLY = "locust.ndjson", "visits.json"

#: Time for Locust itself to start and stop.
AROUND_SECONDS_MAX = 60.0
_SPAWN_A_SECOND = 100


class Handover(Struct, frozen=True, kw_only=True):
    """All that Locust needs, except the secret. It writes EVIDENCE and TALLY to `folder`."""

    burst: Burst
    crowd: BurstVictims
    handsets_url: str
    wait_seconds_max: float
    folder: str

    @property
    def seconds_max(self) -> int:
        """The seconds that the users have from their first request."""
        return math.ceil(self.burst.seconds + self.burst.drain_seconds_max)


def check_installed() -> None:
    """Refuse to begin without Locust; raises BadInput."""
    if importlib.util.find_spec("locust") is None:
        raise BadInput("Locust is not installed; install the extra: pip install portal-suite[load]")


@contextmanager
def locust(
    handover: Handover, *, portal_url: str, events_secret: str, identity_key: str, words: Path
) -> Iterator[ChildProcess]:
    """Run the users of a burst until they are done; Locust's output goes to `words`.

    Locust's own page and tables stay beside it: locust.html, locust_stats.csv and the like.
    """
    users = handover.burst.senders + handover.burst.visitor_count
    command = [
        *(sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py"))),
        *("--headless", "--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0"),
        *("--host", portal_url, "--users", str(users)),
        *("--html", str(words.with_name("locust.html")), "--csv", str(words.with_name("locust"))),
        *(
            "--spawn-rate",
            str(min(users, _SPAWN_A_SECOND)),
            "--run-time",
            f"{handover.seconds_max}s",
        ),
    ]
    environment = {
        **os.environ,
        HANDOVER: msgspec.json.encode(handover).decode(),
        EVENTS_SECRET: events_secret,
        IDENTITY_KEY: identity_key,
    }
    with (
        words.open("wb") as output,
        child_process(command, environment=environment, stdout=output, stderr=output) as process,
    ):
        yield process


def read_visit_counts(process: ChildProcess, handover: Handover, words: Path) -> VisitCounts:
    """Read Locust's visit counts; raises SuiteError naming its output file if it failed."""
    path = Path(handover.folder) / TALLY
    if process.code != 0 or not path.exists():
        raise SuiteError(f"Locust ended with {process.code}; its output is in {words}")
    return msgspec.json.decode(path.read_bytes(), type=VisitCounts)
