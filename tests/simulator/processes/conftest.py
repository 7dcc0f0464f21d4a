"""What tests of processes share: signals that interrupt, as they do a run that a tester stops."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have SIGINT and SIGTERM interrupt; afterwards all is as it was.

    A program that a shell starts in the background ignores SIGINT.
    """

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    kinds = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(kind, stop) for kind in kinds]
    yield
    for kind, handler in zip(kinds, before, strict=True):
        signal.signal(kind, handler)
