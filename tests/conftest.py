"""What holds for every test: it leaves nothing replaced in the process that others run in.

It also orders the files: those that take longest first, so that the workers end together. A test
that takes more than a few seconds says how many: `@pytest.mark.slow(seconds=40)`, and with
`waits=True` that it waits for most of them. A file of many short ones says it once, of all its
tests: `pytestmark = pytest.mark.slow(seconds=20)`.
"""

import gc
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from simulator.processes.features_process import Run, warm_runs

#: What `make test` uses: the same examples each time, and fewer of them where a test says no number
#: of its own. `make proof` tries as many as Hypothesis does, with a new seed.
settings.register_profile("brief", settings.get_profile("ci"), max_examples=20)
#: All files of such a folder go to one worker, which is busy for so many seconds. In the first they
#: wait for bursts to end, and two at a time would share what they measure; those of the second
#: share a PostgreSQL; in the third most look at one rehearsal, the session's fixture `ordinary`.
_FOR_ONE_WORKER = {
    "tests/loadtests/": 190,
    "tests/reference/": 130,
    "tests/simulator/rehearsal/": 130,
}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, and never again among what was collected.

    Thirteen thousand tests and their modules stay to the end: to walk through them time and again
    took every worker some seconds.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)  # when those that are left out are gone
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first whose slow tests take longest, and a folder for one worker likewise."""
    seconds: Counter[Path] = Counter()
    counted: set[object] = set()
    for item in items:
        for node, mark in item.iter_markers_with_node("slow"):
            if node is item or node not in counted:
                counted.add(node)
                seconds[item.path] += mark.kwargs["seconds"]

    def place(item: pytest.Item) -> tuple[int, str, int]:
        folder = _folder_of(item.nodeid)
        of_file = seconds[item.path]
        return -_FOR_ONE_WORKER.get(folder, of_file), folder, -of_file

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give a worker a file at a time, as `--dist loadfile` does, or a folder that is for one."""
    if config.getvalue("dist") != "loadfile":
        return None
    scheduler = LoadFileScheduling(config, log)
    file_of = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: _folder_of(nodeid) or file_of(nodeid)
    return scheduler


def _folder_of(nodeid: str) -> str:
    """Give the folder for one worker that a test is in, if it is in one."""
    return next((each for each in _FOR_ONE_WORKER if nodeid.startswith(each)), "")


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
