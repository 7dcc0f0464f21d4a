"""What holds for every test: it leaves nothing replaced in the process that others run in.

It also orders the files: those that take longest first, so that two workers end together. A test
that takes more than a few seconds says how many: `@pytest.mark.slow(seconds=40)`, and with
`waits=True` that it waits for most of them.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from simulator.processes.features_process import Run, warm_runs

#: What `make test` uses: the same examples each time, and fewer of them where a test says no number
#: of its own. `make proof` tries as many as Hypothesis does, with a new seed.
settings.register_profile("brief", settings.get_profile("ci"), max_examples=30)
#: The folder whose tests look at one small rehearsal: the session's fixture `ordinary`.
_REHEARSALS = "tests/simulator/rehearsal/"


@pytest.hookimpl(trylast=True)  # when those that are left out are gone
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first whose slow tests take longest; all others stay as they were.

    Files whose tests wait come next to the first file, which keeps both cores busy by itself. Each
    worker gets a file or two to begin with: the third file is for the worker that has the first.
    """
    seconds: Counter[Path] = Counter()
    waiting: set[Path] = set()
    for item in items:
        for mark in item.iter_markers("slow"):
            seconds[item.path] += mark.kwargs["seconds"]
            if mark.kwargs.get("waits"):
                waiting.add(item.path)
    longest = [path for path, _seconds in seconds.most_common()]
    busy = [path for path in longest if path not in waiting]
    beside = [path for path in longest if path in waiting]
    order = [*busy[:1], *beside[:1], *busy[1:2], *beside[1:], *busy[2:]]
    places = {path: place for place, path in enumerate(order)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give a worker a file at a time, as `--dist loadfile` does, and one of them all rehearsals.

    On three workers the rehearsal that most of those files look at would be made three times.
    """
    if config.getvalue("dist") != "loadfile":
        return None
    scheduler = LoadFileScheduling(config, log)
    file_of = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: (
        _REHEARSALS if nodeid.startswith(_REHEARSALS) else file_of(nodeid)
    )
    return scheduler


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
