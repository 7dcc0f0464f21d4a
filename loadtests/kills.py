"""Kill a portal in a burst and count its messages: `python -m loadtests.kills`.

SIGKILL shows what a portal does when its process is gone: what it had not yet written, or had sent
and not recorded. It cannot show a loss of power, because the system still writes what the process
gave it, synced or not: for that, `loadtests.power_cuts` drops writes that were not synced.

`make proof` does it fifty times on SQLite and on PostgreSQL. Exit codes: 0 if every accepted event
led to exactly one message, 1 if not, 3 if too few kills could have caused harm.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from loadtests.kill_proof import STORES, Proof, Store, prove
from loadtests.preconditions import check_order, check_target
from simulator.clock import wall_now
from simulator.errors import BadInput, SuiteError
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, read_target
from simulator.verdicts import exit_code, worst

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "scenarios" / "targets" / "reference-for-load.toml"
KILLS_MAX = 500
STOPPED = 128 + signal.SIGINT
_NOT_SHOWN = (
    "not shown: a loss of power, because what a killed process has written stays written; "
    "run python -m loadtests.power_cuts"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill a portal with SIGKILL in a burst, and check that every victim is told exactly once."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.kills", description=main.__doc__)
    parser.add_argument(
        "--kills", type=int, default=50, help="number of kills on each database (50)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed for the moments (1)")
    parser.add_argument("--on", choices=STORES, help="only this database")
    parser.add_argument("--target", type=Path, default=TARGET, help="target file of a portal")
    asked = parser.parse_args(arguments)
    stores = (asked.on,) if asked.on else STORES
    try:
        target, order = _read(asked.target, kills=asked.kills, seed=asked.seed)
        sys.stdout.write(f"seed {asked.seed}\n")
        sys.stdout.flush()
        proofs = run(target, order, stores, kills=asked.kills, seed=asked.seed)
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return STOPPED
    for proof in proofs:
        sys.stdout.writelines(f"{line}\n" for line in proof.lines())
    sys.stdout.write(f"{_NOT_SHOWN}\n")
    return exit_code(worst(each.verdict for each in proofs))


def run(
    target: Target, order: Order, stores: Sequence[Store], *, kills: int, seed: int
) -> list[Proof]:
    """Kill on all databases at once, with a progress bar each; raises SuiteError."""
    stop = threading.Event()
    with _bars() as progress, ThreadPoolExecutor(len(stores)) as pool:

        def one(store: Store) -> Proof:
            bar = progress.add_task(store, total=kills)
            return prove(
                target,
                order,
                store=store,
                kills=kills,
                seed=seed,
                on_kill=lambda: progress.advance(bar),
                stop=stop,
            )

        proofs = [pool.submit(one, store) for store in stores]
        try:
            wait(proofs, return_when=FIRST_EXCEPTION)
        finally:
            # The others need not continue: one has failed, or the run was interrupted.
            stop.set()
        # The one that failed has the reason; the others were only stopped.
        for failed in (each for each in proofs if each.done() and each.exception()):
            failed.result()
        return [each.result() for each in proofs]


def _read(path: Path, *, kills: int, seed: int) -> tuple[Target, Order]:
    """Check everything before anything is started; raises BadInput."""
    if not 1 <= kills <= KILLS_MAX:
        raise BadInput(f"--kills is {kills}; give a number from 1 to {KILLS_MAX}")
    if seed < 0:
        raise BadInput(f"--seed is {seed}; give 0 or more")
    target = read_target(path)
    check_target(target, path)
    if not target.access.command:
        raise BadInput(
            f"{path}: access.command is missing: only a portal that the suite starts can be "
            "killed; "
            "give the command, as scenarios/targets/reference-for-load.toml does"
        )
    if "email" not in target.claims.capabilities:
        raise BadInput(
            f"{path}: claims.capabilities: email is missing, but each victim of this burst has a "
            "mailbox"
        )
    order = read_order(ROOT / target.order).staying_in(1)
    check_order(order, ROOT / target.order, wall_now())
    return target, order


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("kills"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # A signal that stops this process also stops the portals and the database.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
