"""Runs `portal-suite` as a tester does, in this process or one of its own."""

import re
import shlex
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from simulator import cli
from tests.simulator.real_files import ROOT


class Said(NamedTuple):
    """Exit code, and what was said on both outputs."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that was said."""
        return self.out + self.err

    @property
    def misuse(self) -> str:
        """The one sentence of a mistake of the tester's."""
        assert self.code == 2, self.words
        return self.error

    @property
    def error(self) -> str:
        """The one sentence of an error, without the word Error."""
        assert "Traceback" not in self.words, self.words
        lines = [line for line in self.err.splitlines() if line.startswith("Error: ")]
        assert len(lines) == 1, self.err
        return lines[0].removeprefix("Error: ")


def portal_suite(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Said:
    """Run the command line in this process, from `main` on; what gets through is a traceback.

    From an empty folder, so that no test touches what somebody's own run left in `out`.
    """
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(sys, "argv", ["portal-suite", *map(str, arguments)])
        patch.chdir(folder)
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Exception:  # noqa: BLE001  whatever it is, the tester would see it
            code = 1
            traceback.print_exc()
        else:
            code = 0
    out, err = capsys.readouterr()
    return Said(code, out, err)


def portal_suite_apart(*arguments: str | Path, cwd: Path = ROOT) -> Said:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "simulator.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def commands_in(text: str) -> list[list[str]]:
    """Find every `portal-suite` command line in a help text or a document, as words."""
    lines = re.findall(
        r"^[ \t]*(?:\$ )?(?:\.venv/bin/)?portal-suite[ \t]+(.+)$", text, re.MULTILINE
    )
    return [shlex.split(line, comments=True) for line in lines]


def parsed_command(words: list[str]) -> click.Context:
    """Parse a command line without running it; raises click's error where it is none."""
    name, *arguments = words
    command = cli.commands.commands[name]
    return command.make_context(name, arguments)
