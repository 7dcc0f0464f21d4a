"""Drivers as tests of them share them: programs, always ended, and one at a vendor's pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.drivers.base import Session
from simulator.drivers.program import ProgramDriver
from tests.simulator.drivers.given import SURROUNDINGS
from tests.simulator.drivers.in_a_browser import Driven, driven
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


@pytest.fixture(scope="module")
def all_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """One browser for all tests of a file."""
    with driven(tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.fixture
def at(all_tests: Driven) -> Driven:
    """The pages as at first, and nothing known of any crime."""
    all_tests.site.reset()
    all_tests.driver._addresses.clear()
    return all_tests


@pytest.fixture
def session(at: Driven) -> Session:
    """A signed-in victim."""
    return at.sign_in()
