"""Who makes the years of a plan: processes on this machine, or the workers of a Dask cluster.

Dask is large and few have a cluster, so it is installed beside the suite by those who do.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from simulator.errors import BadInput

Made = TypeVar("Made")
#: Makes the years of these numbers, and gives them in that order.
MakeYears: TypeAlias = Callable[[Callable[[int], Made], Sequence[int]], Iterator[Made]]
#: How long a scheduler may take to answer.
_SECONDS_MAX = 10


@contextmanager
def processes_here(count: int) -> Iterator[MakeYears[Made]]:
    """Make so many years at a time, each in a process of its own."""
    from joblib import Parallel, delayed

    with Parallel(n_jobs=count, return_as="generator") as parallel:
        yield lambda make, numbers: parallel(delayed(make)(each) for each in numbers)


@contextmanager
def dask_workers(address: str) -> Iterator[MakeYears[Made]]:
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
