"""Run one Locust worker on this machine: `python -m loadtests.load_worker --master-host HOST`.

The master, on another machine, gives it its plan and its share of the users. The secrets come from
this machine's environment, as the target file names them; the plan has none.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from loadtests.locust_process import (
    MASTER_PORT,
    check_installed,
    worker_command,
    worker_environment,
)
from loadtests.preconditions import check_target
from simulator.errors import SuiteError
from simulator.inputs.target import read_target, secret_values
from simulator.processes.child_process import run_to_end


def main(arguments: Sequence[str] | None = None) -> int:
    """Join a master, and send what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.load_worker", description=main.__doc__
    )
    parser.add_argument("--master-host", required=True, help="the machine of load --master")
    parser.add_argument("--port", type=int, default=MASTER_PORT, help="the master's port")
    parser.add_argument("--target", type=Path, required=True, help="target file of the portal")
    parser.add_argument("--i-own-this-target", action="store_true", help="it is yours")
    asked = parser.parse_args(arguments)
    try:
        check_installed()
        target = read_target(asked.target)
        # The master has the cap, and gives each worker its share of it.
        check_target(target, asked.target, owns_target=asked.i_own_this_target, rate_max=1.0)
        secrets = secret_values(target, asked.target)
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


if __name__ == "__main__":
    sys.exit(main())
