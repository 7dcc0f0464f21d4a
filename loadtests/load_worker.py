"""Run one Locust worker on this machine: `python -m loadtests.load_worker --master-host HOST`.

The master, on another machine, gives it its plan and its share of the users. The secrets come from
this machine's environment, as the target file names them; the plan has none. It waits for a master
that is not there yet, says so, and gives up after `WAIT_SECONDS_MAX`.
"""

import argparse
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from loadtests.locust_process import (
    MASTER_PORT,
    check_installed,
    worker_command,
    worker_environment,
)
from loadtests.preconditions import check_target
from simulator.clock import wall_sleep
from simulator.errors import BadInput, SuiteError
from simulator.inputs.target import read_target, secret_values
from simulator.processes.child_process import run_to_end

#: A master invites and registers the victims before it lets workers join.
WAIT_SECONDS_MAX = 1800.0
_LOOK_SECONDS = 1.0
_CONNECT_SECONDS_MAX = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Join a master, and send what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.load_worker", description=main.__doc__
    )
    parser.add_argument("--master-host", required=True, help="the machine of load --master")
    parser.add_argument("--port", type=int, default=MASTER_PORT, help="the master's port")
    parser.add_argument("--target", type=Path, required=True, help="target file of the portal")
    parser.add_argument("--i-own-this-target", action="store_true", help="it is yours")
    parser.add_argument(
        "--wait-seconds-max", type=float, default=WAIT_SECONDS_MAX, help="wait so long for it"
    )
    asked = parser.parse_args(arguments)
    try:
        check_installed()
        target = read_target(asked.target)
        # The master has the cap, and gives each worker its share of it.
        check_target(target, asked.target, owns_target=asked.i_own_this_target, rate_max=1.0)
        secrets = secret_values(target, asked.target)
        wait_for_master(asked.master_host, asked.port, seconds_max=asked.wait_seconds_max)
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    code = run_to_end(
        worker_command(asked.master_host, asked.port),
        environment=worker_environment(secrets),
    )
    if code:
        sys.stderr.write(f"Locust's worker ended with {code}; is load --master running there?\n")
    return 3 if code else 0


def wait_for_master(host: str, port: int, *, seconds_max: float) -> None:
    """Wait until a master listens there, and say so; raises SuiteError if none does."""
    where = f"{host}:{port}"
    sys.stderr.write(
        f"Waiting for load --master at {where}, for {seconds_max / 60:.0f} minutes at most\n"
    )
    end = time.monotonic() + seconds_max
    while True:
        try:
            with socket.create_connection((host, port), timeout=_CONNECT_SECONDS_MAX):
                break
        except socket.gaierror as error:
            raise BadInput(
                f"--master-host {host}: there is no machine of that name ({error.strerror})"
            ) from None
        except OSError as error:
            why = error.strerror or type(error).__name__
        if time.monotonic() >= end:
            raise SuiteError(
                f"no load --master at {where} after {seconds_max:,.0f} s ({why}): start it there "
                f"with --master, --workers and --listen {host}, and let port {port} through"
            )
        wall_sleep(_LOOK_SECONDS)
    sys.stderr.write(f"Joined the master at {where}; it says when the burst begins\n")


if __name__ == "__main__":
    sys.exit(main())
