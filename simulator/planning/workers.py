"""Who makes the years of a plan: processes on this machine, one for each core."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

Made = TypeVar("Made")


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
