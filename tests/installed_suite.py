"""The suite as a tester has it: a wheel, installed in a virtual environment of its own.

The environment borrows the packages that are installed here, but not the checkout.
"""

import os
import shlex
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import NamedTuple

from tests.simulator.command_line import Said
from tests.simulator.real_files import ROOT

PACKAGES = ("reference", "simulator", "features", "loadtests", "fixtures", "scenarios")
_TIMEOUT_SECONDS = 600
#: Made by running the suite, never by us.
_LEFT_BY_RUNS = {".pyc", ".db", ".db-shm", ".db-wal", ".key"}


class InstalledSuite(NamedTuple):
    """A virtual environment, and where the suite's files are in it."""

    programs: Path
    packages: Path

    def run(self, command: str, *, within: Path) -> Said:
        """Run a command line that begins with `portal-suite` or `python`, from a folder."""
        program, *arguments = shlex.split(command)
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=within,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def files(self) -> set[Path]:
        """List the suite's files that are installed."""
        return files_of(self.packages)


def install(folder: Path) -> InstalledSuite:
    """Build the wheel and install it, without any network."""
    _python("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), within=ROOT)
    [wheel] = folder.glob("*.whl")
    home = folder / "venv"
    venv.create(home, symlinks=True)
    paths = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    _python(
        "-m", "pip", "--python", str(home / "bin" / "python"), "--disable-pip-version-check",
        "install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel), within=folder,
    )  # fmt: skip
    # A folder named in a .pth file is searched, and the .pth files in it are not read: the
    # checkout, which is one of those, stays out.
    (packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return InstalledSuite(home / "bin", packages)


def files_of(root: Path) -> set[Path]:
    """List the files of the suite's packages, relative to the folder they are in."""
    return {
        path.relative_to(root)
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and path.suffix not in _LEFT_BY_RUNS
    }


def _python(*arguments: str, within: Path) -> None:
    subprocess.run([sys.executable, *arguments], cwd=within, capture_output=True, check=True)
