"""Run one burst: `python -m loadtests.burst_run BURST --out DIR [--target FILE]`.

It writes load.json (a LoadResult), evidence.ndjson, seconds.csv and Locust's output into DIR, and
exits by the verdict. The doubles and this runner share a process; portal, database and Locust have
their own.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from loadtests.burst_progress import Progress
from loadtests.burst_runner import BurstRunner
from loadtests.bursts import JOURNEYS, read_burst
from loadtests.fault_player import check_faults
from loadtests.load_options import (
    LoadOptions,
    check_options,
    check_users,
    read_journeys,
    sized,
)
from loadtests.locust_process import check_installed, check_page
from loadtests.preconditions import check_order, check_stops, check_target
from loadtests.quiet_night import check_night
from loadtests.rate_check import check_rate
from loadtests.slo import read_slos
from simulator.clock import wall_now
from simulator.errors import BadInput, SuiteError
from simulator.inputs.order import read_order
from simulator.inputs.target import Target, read_target, secret_values
from simulator.results.folder import clear_unless_bad_input
from simulator.verdicts import exit_code

ROOT = Path(__file__).parents[1]
STOPPED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Send a burst of updates to a portal at a URL and judge every message."""
    asked = _parser().parse_args(arguments)
    options = _options(asked)
    try:
        with clear_unless_bad_input("load", asked.out):
            check_installed()
            check_options(options)
            check_page(options.ways)
            whole = read_burst(asked.burst)
            burst = sized(whole, options, asked.burst)
            slos = read_slos(burst.name)
            path = asked.target or ROOT / burst.target
            target = _with_workers(read_target(path), options.portal_workers, path)
            check_target(target, path, owns_target=options.owns_target, rate_max=options.rate_max)
            check_users(burst, options, asked.burst)
            check_rate(whole, target, options, asked.burst)
            check_faults(burst, target, on_postgres=options.on_postgres, path=asked.burst)
            order = read_order(ROOT / target.order)
            check_order(order, ROOT / target.order, wall_now())
            check_night(burst, target, asked.burst)
            check_stops(burst, target, asked.burst)
            if asked.until_told:
                burst = burst.waiting(order.messages.minutes_max * 60.0)
            values = secret_values(target, path)
            with Progress(asked.progress) as progress:
                result = BurstRunner(
                    burst, target, order, values, options, progress=progress, out=asked.out
                ).run(slos)
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return STOPPED
    return exit_code(result.verdict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtests.burst_run", description=main.__doc__)
    add = parser.add_argument
    add("burst", type=Path, help="burst file, as in scenarios/bursts")
    add("--out", type=Path, required=True, help="folder for the results")
    add("--target", type=Path, help="target file of another portal")
    add("--scale", type=float, default=1.0, help="so many times as much")
    add("--users", type=int, default=0, help="so many visitors at once, and visits in proportion")
    add("--until-told", action="store_true", help="wait as long as the order allows")
    add("--soak", type=float, default=0.0, help="for so many minutes, at the same rates")
    add("--journeys", default=",".join(JOURNEYS), help="only these: updates,sign-in,read,ask,stop")
    add("--workers", type=int, default=0, help="send by so many Locust workers")
    add("--master", action="store_true", help="the workers join from other machines")
    add("--listen", default="", help="our address that other machines reach")
    add("--web", action="store_true", help="serve Locust's page while it runs")
    add("--database", choices=("own", "postgresql"), default="own", help="a PostgreSQL of ours")
    add("--portal-workers", type=int, default=1, help="so many processes of the portal")
    add("--pin", action="store_true", help="give portal and database cores of their own")
    add("--i-own-this-target", action="store_true", help="the portal on another machine is ours")
    add("--rate-max", type=float, default=0.0, help="at most so many requests a second")
    add("--progress", type=Path, help="file that says how far it is")
    return parser


def _options(asked: argparse.Namespace) -> LoadOptions:
    return LoadOptions(
        scale=asked.scale,
        users=asked.users,
        soak_minutes=asked.soak,
        journeys=read_journeys(asked.journeys),
        workers=asked.workers,
        is_master=asked.master,
        listen=asked.listen,
        has_page=asked.web,
        on_postgres=asked.database == "postgresql",
        portal_workers=asked.portal_workers,
        is_pinned=asked.pin,
        owns_target=asked.i_own_this_target,
        rate_max=asked.rate_max,
    )


def _with_workers(target: Target, count: int, path: Path) -> Target:
    """Give the target with a command that starts so many processes; raises BadInput."""
    if count == 1:
        return target
    command = target.access.command
    if "uvicorn" not in command:
        raise BadInput(
            f"{path}: access.command: --portal-workers is for a portal that uvicorn serves; start "
            "its processes by the command itself"
        )
    access = structs.replace(target.access, command=(*command, "--workers", str(count)))
    return structs.replace(target, access=access)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # A signal that stops this process also stops portal and Locust.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
