"""Programs that are drivers, started for a test and always ended."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.drivers.program import ProgramDriver
from tests.simulator.drivers.given import SURROUNDINGS
from tests.simulator.drivers.programs import Start, started


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start programs that are all ended."""
    running: list[ProgramDriver] = []

    def begin(does: str = "pass", **how: Any) -> ProgramDriver:
        driver = started(tmp_path, SURROUNDINGS, does=does, **how)
        running.append(driver)
        return driver

    yield begin
    for each in running:
        each.close()
