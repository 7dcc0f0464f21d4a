"""Accepts a portal that runs already, by its URL alone: `python -m tests.accepted_by_url TARGET`.

The portal of a target is started by its command, outside of the suite, and `accept` is given its
address alone: it cannot start the portal again, or set its clock back.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.files.paths import ROOT
from tests.simulator.explore.running_service import running

_SUITE = str(Path(sys.executable).parent / "portal-suite")


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the portal and accept it in one phase; exit with the code of `accept`."""
    asked = _parser().parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    where = ("--phase", str(asked.phase), "--minutes", str(asked.minutes), "--out", str(asked.out))
    with running(asked.out, phase=asked.phase, by_command=asked.target) as target:
        command = (_SUITE, "accept", "--target", str(target), *where)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.accepted_by_url", description=__doc__)
    parser.add_argument("target", type=Path, help="a target file that has a command")
    parser.add_argument("--phase", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "accepted-by-url")
    return parser


if __name__ == "__main__":
    main()
