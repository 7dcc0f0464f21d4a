"""Start Locust in processes of its own, and hand over what the users of the burst need.

gevent changes how a process waits, so Locust runs separately and is not imported here. It is one
process, or Locust's master with workers: on this machine, or joining from others.
"""

import importlib.util
import math
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import JOURNEYS, Burst, Journey
from loadtests.own_driver import OwnDriver
from loadtests.slots import ALL, Slots
from loadtests.visit_times import VisitCounts
from simulator.errors import BadInput, SuiteError
from simulator.inputs.target import SecretValues
from simulator.processes.child_process import ChildProcess, child_process, last_lines
from simulator.processes.loopback import HOST, free_port

#: Environment variable of the Locust processes: what the command line must not show.
SECRETS = "LOADTEST_SECRETS"
#: What the users did, beside the evidence of each part (`EVIDENCE`).
EVIDENCE, TALLY, HANDOVER = "locust-*.ndjson", "visits.json", "handover.json"

#: A page is looked at once more when its time is up.
LAST_LOOK_SECONDS = 15
#: Time for Locust itself to start and stop.
AROUND_SECONDS_MAX = 60.0
#: So long the master waits for workers of its own machine; for others it waits longer.
WORKERS_SECONDS_MAX, OTHERS_SECONDS_MAX = 60, 600
#: Locust's own ports: where workers join, and its page.
MASTER_PORT, WEB_PORT = 5557, 8089
_LOCUSTFILE = Path(__file__).with_name("locustfile.py")


class Handover(Struct, frozen=True, kw_only=True):
    """All that Locust needs, except the secrets. Locust's master sends it on to its workers.

    What the users did is written to `folder`, on the machine of the master. Under a cap the users
    have `places` of those that there are: receipts have the others. `own_driver` is None
    for a portal that has the interfaces of the contract.
    """

    burst: Burst
    crowd: BurstVictims
    handsets_url: str
    wait_seconds_max: float
    folder: str
    journeys: tuple[Journey, ...] = JOURNEYS
    requests_per_second_max: float = 0.0
    places: Slots = ALL
    own_driver: OwnDriver | None = None

    @property
    def seconds_max(self) -> int:
        """The seconds that the users have from their first request."""
        return math.ceil(self.burst.seconds + self.page_seconds_max) + LAST_LOOK_SECONDS

    @property
    def page_seconds_max(self) -> float:
        """The seconds that a page has to show an update: as many as its message has to come."""
        return self.burst.drain_seconds_max


class LocustWays(Struct, frozen=True, kw_only=True):
    """How Locust is run: alone (`workers` 0), or by a master with so many workers.

    Workers are started here, or with `from_elsewhere` join at `listen` from other machines. With
    `has_page` Locust's page is served while the burst lasts.
    """

    workers: int = 0
    from_elsewhere: bool = False
    listen: str = HOST
    has_page: bool = False

    @property
    def around_seconds_max(self) -> float:
        """The seconds that Locust has before and after its users."""
        return AROUND_SECONDS_MAX + (OTHERS_SECONDS_MAX if self.from_elsewhere else 0)


def check_installed() -> None:
    """Refuse to begin without Locust; raises BadInput."""
    if importlib.util.find_spec("locust") is None:
        raise BadInput("Locust is not installed; install the extra: pip install portal-suite[load]")


def check_page(ways: LocustWays) -> None:
    """Refuse Locust's page where another program has its port; raises BadInput."""
    if not ways.has_page:
        return
    with socket.socket() as probe:
        # As Locust binds it: what an ended run left on its way is no listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, WEB_PORT))
        except OSError as error:
            raise BadInput(
                f"--web: Locust's page cannot have {HOST}:{WEB_PORT} ({error.strerror}); end what "
                "listens there, or leave --web out"
            ) from None


@contextmanager
def locust(
    handover: Handover, ways: LocustWays, *, portal_url: str, secrets: SecretValues, words: Path
) -> Iterator[ChildProcess]:
    """Run the users of a burst until they are done; Locust's output goes to `words`.

    Locust's own page and tables stay beside it: locust.html, locust_stats.csv and the like.
    """
    path = Path(handover.folder) / HANDOVER
    path.write_bytes(msgspec.json.encode(handover))
    port = MASTER_PORT if ways.from_elsewhere else free_port()
    command = [
        *_command("--loglevel", "WARNING", "--exit-code-on-error", "0", "--handover", str(path)),
        *("--host", portal_url, "--only-summary"),
        *("--html", str(words.with_name("locust.html")), "--csv", str(words.with_name("locust"))),
        *(_with_page() if ways.has_page else ("--headless",)),
        *(_as_master(ways, port) if ways.workers else ()),
    ]
    if set(handover.journeys) != set(JOURNEYS):
        command += ["--tags", *handover.journeys]
    with ExitStack() as stack:
        # The workers end after the master: it has their last words.
        here = 0 if ways.from_elsewhere else ways.workers
        master = stack.enter_context(_started(command, secrets, words))
        for number in range(1, here + 1):
            said = words.with_name(f"locust-worker-{number}.txt")
            stack.enter_context(_started(worker_command(HOST, port), secrets, said))
        yield master


def worker_command(master_host: str, port: int) -> list[str]:
    """Give the command of one worker; it has its plan from the master."""
    return _command(
        *("--worker", "--master-host", master_host, "--master-port", str(port)),
        *("--loglevel", "WARNING", "--exit-code-on-error", "0"),
    )


def worker_environment(secrets: SecretValues) -> dict[str, str]:
    """Give the environment in which a Locust process runs."""
    return {**os.environ, SECRETS: msgspec.json.encode(secrets).decode()}


def given_secrets() -> SecretValues:
    """Read, in a Locust process, the secrets that it was started with."""
    return msgspec.json.decode(os.environ[SECRETS], type=SecretValues)


def read_visit_counts(process: ChildProcess, handover: Handover, words: Path) -> VisitCounts:
    """Read what Locust's users did; raises SuiteError with its last words if it failed.

    The file of its words is cleared with all that a failed run left.
    """
    path = Path(handover.folder) / TALLY
    if process.code != 0 or not path.exists():
        raise SuiteError(f"Locust ended with {process.code}; {_last_said(words)}")
    counts = msgspec.json.decode(path.read_bytes(), type=VisitCounts)
    if counts.broke:
        raise SuiteError(f"the generator broke: {counts.broke}; {_last_said(words)}")
    return counts


def _last_said(words: Path) -> str:
    """Give the last lines of Locust's output, in words."""
    said = last_lines(words)
    return f"Locust said last: {said}" if said else "Locust said nothing"


@contextmanager
def _started(command: list[str], secrets: SecretValues, words: Path) -> Iterator[ChildProcess]:
    with (
        words.open("wb") as output,
        child_process(
            command, environment=worker_environment(secrets), stdout=output, stderr=output
        ) as process,
    ):
        yield process


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), *arguments]


def _with_page() -> tuple[str, ...]:
    return (
        *("--web-host", HOST, "--web-port", str(WEB_PORT)),
        *("--autostart", "--autoquit", "1"),
    )


def _as_master(ways: LocustWays, port: int) -> tuple[str, ...]:
    patience = OTHERS_SECONDS_MAX if ways.from_elsewhere else WORKERS_SECONDS_MAX
    return (
        *("--master", "--master-bind-host", ways.listen, "--master-bind-port", str(port)),
        *("--expect-workers", str(ways.workers), "--expect-workers-max-wait", str(patience)),
    )
