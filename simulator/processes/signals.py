"""Waits for a Ctrl-C, or delays it until the note that a new process has to be ended."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_HELD = (signal.SIGINT, signal.SIGTERM)
_LOOK_SECONDS = 0.2


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


@contextmanager
def until_signalled() -> Iterator[Callable[[], None]]:
    """Give what waits for SIGINT or SIGTERM; in the block they end nothing."""
    stopped = threading.Event()

    def wait() -> None:
        # The system may give the signal to another thread, which does not wake this one.
        while not stopped.wait(_LOOK_SECONDS):
            pass

    before = {each: signal.signal(each, lambda *_: stopped.set()) for each in _HELD}
    try:
        yield wait
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
