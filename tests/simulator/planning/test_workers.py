"""Years are made on a Dask cluster in the order of their numbers; without Dask that is said."""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest

from simulator.errors import BadInput
from simulator.planning.workers import dask_workers

ADDRESS = "tcp://host:8786"


class ClientOfThreads:
    """What is used of Dask's client, with threads in place of a cluster."""

    def __init__(self, address: str, *, timeout: float) -> None:
        if address != ADDRESS:
            raise OSError(f"timed out after {timeout} s")
        self._threads = ThreadPoolExecutor(3)

    def __enter__(self) -> "ClientOfThreads":
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.shutdown()

    def map(self, make: Any, numbers: Any, *, pure: bool) -> list[Future[Any]]:
        """Hand everything out at once."""
        assert not pure
        return [self._threads.submit(make, each) for each in numbers]


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the client in the place of Dask's."""
    module = ModuleType("dask.distributed")
    module.Client = ClientOfThreads  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask", ModuleType("dask"))
    monkeypatch.setitem(sys.modules, "dask.distributed", module)


@pytest.mark.usefixtures("dask")
def test_years_come_in_the_order_of_their_numbers() -> None:
    """Whichever worker is done first."""
    with dask_workers(ADDRESS) as make_years:
        assert list(make_years(lambda number: number * number, range(20))) == [
            each * each for each in range(20)
        ]


@pytest.mark.usefixtures("dask")
def test_a_scheduler_that_does_not_answer_is_named() -> None:
    """One sentence, with the address."""
    said = "--dask: no scheduler answers at tcp://nobody:1: timed out"
    with pytest.raises(BadInput, match=said), dask_workers("tcp://nobody:1"):
        pass


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few have a cluster, so the suite does not bring Dask."""
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(BadInput, match="pip install distributed"), dask_workers(ADDRESS):
        pass
