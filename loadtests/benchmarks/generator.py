"""The generator of load, beside what it is made of: Locust's FastHttpUser on a bare route.

Both ask a portal that has every answer ready. Ours plays whole visits through the suite's driver,
keeps the evidence and the times. The lateness is how much later than due 1 in 100 visits begins,
while half as much is sent as FastHttpUser can.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import Burst
from loadtests.locust_process import Handover, LocustWays, locust, read_visit_counts
from loadtests.visit_times import VisitCounts, late_p99_seconds
from simulator.errors import SuiteError
from simulator.inputs.target import rehearsal_secrets
from simulator.processes.child_process import run_to_end
from simulator.processes.server_process import ServerProcess

CANNED = ("{python}", "-m", "loadtests.benchmarks.canned_portal", "{port}")
_BARE = Path(__file__).with_name("bare_locustfile.py")
#: Address, word, code, list, timeline and sign-out, and one look at the telephone.
REQUESTS_A_VISIT = 7
USERS = 30
_WARM_UP_SECONDS = 1.0
_AROUND_SECONDS = 30.0


def measure(*, seconds: float = 8.0, runs: int = 3) -> Iterator[str]:
    """Measure both, `runs` times in turn; the best of each counts, as nothing makes it faster."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with ServerProcess(CANNED, words=folder / "portal.txt") as portal:
            portal.start()
            bare, ours = 0.0, 0.0
            for _run in range(runs):
                bare = max(bare, _bare_rate(portal.url, folder, seconds))
                # As many as Locust alone could make: no visitor is ever without a visit.
                counts = _visits(portal.url, folder, seconds, bare / REQUESTS_A_VISIT)
                ours = max(ours, _requests_a_second(counts, seconds))
            at_half = bare / 2 / REQUESTS_A_VISIT
            late = late_p99_seconds(_visits(portal.url, folder, seconds, at_half))
    yield f"rate fast_http_user_on_a_bare_route {bare:.0f} requests/s"
    yield f"rate generator_journeys {ours:.0f} requests/s"
    yield f"ratio generator_journeys_to_fast_http_user {ours / bare:.2f}"
    yield f"rate generator_late_p99_at_half_of_it {late * 1000:.1f} ms"


def _bare_rate(url: str, folder: Path, seconds: float) -> float:
    out, words = folder / "bare.txt", folder / "bare-locust.txt"
    command = [sys.executable, "-m", "locust", "-f", str(_BARE), "--headless", "--only-summary"]
    command += ["--host", url, "--users", str(USERS), "--spawn-rate", str(USERS)]
    command += ["--run-time", f"{seconds + 2 * _WARM_UP_SECONDS:.0f}s", "--loglevel", "WARNING"]
    environment = {**os.environ, "BARE_SECONDS": f"{seconds}", "BARE_OUT": str(out)}
    out.unlink(missing_ok=True)
    with words.open("wb") as said:
        run_to_end(command, environment=environment, stdout=said, stderr=said)
    if not out.exists():
        raise SuiteError(f"Locust measured nothing: {words.read_text(errors='replace')[-300:]}")
    return float(out.read_text(encoding="ascii"))


def _visits(url: str, folder: Path, seconds: float, a_second: float) -> VisitCounts:
    """Have visits made at a rate, and nothing else."""
    words = folder / "locust.txt"
    burst = _burst(seconds + 2 * _WARM_UP_SECONDS, a_second)
    handover = Handover(
        burst=burst,
        crowd=BurstVictims(
            run="bench",
            count=burst.crime_count,
            force="thames_valley",
            reference_prefix="43",
            offence_subgroup="Bicycle theft",
        ),
        handsets_url=url,
        wait_seconds_max=10.0,
        folder=str(folder),
        journeys=("sign-in", "read"),
    )
    secrets = rehearsal_secrets()
    with locust(handover, LocustWays(), portal_url=url, secrets=secrets, words=words) as process:
        process.wait(handover.seconds_max + _AROUND_SECONDS)
    return read_visit_counts(process, handover, words)


def _burst(seconds: float, a_second: float) -> Burst:
    def amount(value: float, unit: str) -> dict[str, object]:
        return {"value": value, "unit": unit, "assumed": "a benchmark"}

    values = {
        "name": "Visits alone",
        "target": "",
        "crimes": amount(100, "crimes"),
        "closures_per_second": amount(100 / seconds, "closures a second"),
        "batch_events": 1,
        "senders": 1,
        "visitors": amount(USERS, "victims"),
        "visits_per_second": amount(a_second, "visits a second"),
        # By chance two come at once, and the lateness would be the process's, not the generator's.
        "visits_shape": "even",
        "silence_seconds": 1.0,
        "drain_seconds_max": 10.0,
    }
    return msgspec.convert(values, Burst)


def _requests_a_second(counts: VisitCounts, seconds: float) -> float:
    """Count the requests of the visits that ended while it was measured."""
    ended = [
        each.due_seconds + each.all_read_seconds
        for each in counts.visits
        if each.all_read_seconds is not None
    ]
    first, last = _WARM_UP_SECONDS, _WARM_UP_SECONDS + seconds
    return sum(first <= each < last for each in ended) * REQUESTS_A_VISIT / seconds
