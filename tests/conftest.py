"""What holds for every test: it leaves nothing replaced in the process that others run in.

And the order of the files: those that take longest first, so that two workers end together. A test
that takes more than some seconds says how many: `@pytest.mark.slow(seconds=40)`.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from simulator.processes.features_process import Run, warm_runs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first whose slow tests take longest; all others stay as they were."""
    seconds: Counter[Path] = Counter()
    for item in items:
        for mark in item.iter_markers("slow"):
            seconds[item.path] += mark.kwargs["seconds"]
    items.sort(key=lambda item: -seconds[item.path])


@pytest.fixture(scope="session")
def warm() -> Iterator[Run]:
    """Give a way to run features that costs less: each run is a fork of one process."""
    with warm_runs(processes=1) as run:
        yield run


@pytest.fixture(autouse=True)
def nothing_stays_replaced() -> Iterator[None]:
    """Fail the test that leaves a patch behind, as a broken portal started in this process does."""
    yield
    left = [f"{each.attribute} of {each.getter()}" for each in mock._patch._active_patches]  # type: ignore[attr-defined]
    mock.patch.stopall()
    assert not left
