"""Who makes the years of a plan: processes on this machine, or the workers of a Dask cluster.

Dask is large and few have a cluster, so it is installed beside the suite by those who do.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from simulator.errors import BadInput

Made = TypeVar("Made")
#: How long a scheduler may take to answer.
_SECONDS_MAX = 10


class MakeYears(Protocol):
    """Makes the years of these numbers, and gives them in that order."""

    def __call__(self, make: Callable[[int], Made], numbers: Sequence[int]) -> Iterator[Made]:
        """Call `make` with each number, somewhere."""
        ...


@contextmanager
def processes_here(count: int) -> Iterator[MakeYears]:
    """Make so many years at a time, each in a process of its own."""
    from joblib import Parallel, delayed

    with Parallel(n_jobs=count, return_as="generator") as parallel:

        def make_years(make: Callable[[int], Made], numbers: Sequence[int]) -> Iterator[Made]:
            yield from parallel(delayed(make)(each) for each in numbers)

        yield make_years


@contextmanager
def dask_workers(address: str) -> Iterator[MakeYears]:
    """Make the years on the workers of the scheduler at this address; raises BadInput."""
    try:
        from dask.distributed import Client
    except ImportError:
        raise BadInput("--dask: Dask is not installed here; pip install distributed") from None
    try:
        client = Client(address, timeout=_SECONDS_MAX)
    except (OSError, ValueError) as error:
        raise BadInput(f"--dask: no scheduler answers at {address}: {error}") from None

    def make_years(make: Callable[[int], Made], numbers: Sequence[int]) -> Iterator[Made]:
        for future in client.map(make, numbers, pure=False):
            yield future.result()

    with client:
        yield make_years
