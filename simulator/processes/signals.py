"""Delays a Ctrl-C between the start of a process and the note that it has to be ended."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back until the block has ended.

    A process forked in the block is not affected: on exec a handler gives way to the default.
    """
    arrived: list[tuple[int, FrameType | None]] = []
    before = {each: signal.getsignal(each) for each in _HELD}
    try:
        for each, handler in before.items():
            if callable(handler):
                signal.signal(each, lambda number, frame: arrived.append((number, frame)))
    except ValueError:  # not the main thread, where no handler ever runs
        arrived.clear()
        yield
        return
    try:
        yield
    finally:
        for each, handler in before.items():
            if callable(handler):
                signal.signal(each, handler)
    for number, frame in arrived[:1]:
        handler = before[signal.Signals(number)]
        assert callable(handler)
        handler(number, frame)
