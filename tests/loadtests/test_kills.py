"""No crash loses or repeats a message, on either database: what `make proof` does at length.

And its command: what it takes, what it says, how it ends.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tomli_w

from loadtests.kills import KILLS_MAX, STOPPED, TARGET, main
from tests.loadtests.test_kill_proof import careless

ROOT = Path(__file__).parents[2]


def test_no_kill_loses_or_repeats_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    """Five kills on each database: every accepted event is notified exactly once."""
    code = main(["--kills", "5", "--seed", "1"])
    said = capsys.readouterr()

    assert code == 0, said
    lines = said.out.splitlines()
    assert lines[0] == "seed 1"
    for store in ("sqlite", "postgresql"):
        assert any(line.startswith(f"{store}: 400 events accepted, 400 messages") for line in lines)
