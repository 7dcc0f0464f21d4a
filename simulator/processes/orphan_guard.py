"""Ends what the suite started if the suite itself is killed, so that no portal is left behind.

A process that is killed runs nothing more. So a shell waits beside it, and reads from a pipe which
programs run; the pipe ends with the suite, however that ended, and the shell then kills those that
still run. It is the only program that `child_process` does not start: it guards those it does.
A program that starts has a mark in its environment: it is found by that if the suite was killed
before it could note the program's number.
"""

import ctypes
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

_SHELL = "/bin/sh"
#: prctl(2): which signal the kernel sends a process when its parent is gone.
_PR_SET_PDEATHSIG = 1
#: The variable of a program's environment that its mark is in.
_MARK = "PORTAL_SUITE_STARTED_AS"
#: A number below 0 is a whole session. The list is short: every program that ends leaves it.
#: A marked program may still be about to replace the fork of ours, which has not the mark yet.
_SCRIPT = """
marked() {
  sleep 1
  for process in /proc/[0-9]*; do
    grep -qs -- "$1" "$process/environ" && kill -s KILL -- "${process#/proc/}"
  done
}
running=
while read -r word number; do
  others=
  for each in $running; do [ "$each" = "$number" ] || others="$others $each"; done
  running=$others
  [ "$word" = started ] && running="$running $number"
done
for each in $running; do
  case "$each" in
    mark-*) marked "$each" ;;
    *) kill -s KILL -- "$each" ;;
  esac
done
"""


class OrphanGuard:
    """The shell of this process and the pipe to it; without a shell nothing is guarded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipe: int | None = None
        # A fork must not keep the pipe open, and has its own programs to guard.
        os.register_at_fork(after_in_child=self._forget)

    @contextmanager
    def starts(self, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Give the environment that a program has to be started with in this block.

        By the end of the block its number is noted, or it was not started.
        """
        mark = f"mark-{secrets.token_hex(8)}"
        self._say("started", mark)
        try:
            yield {**environment, _MARK: mark}
        finally:
            self._say("ended", mark)

    def started(self, number: int, *, whole_session: bool) -> None:
        """Note that a program runs, or the session that it leads."""
        self._say("started", _named(number, whole_session=whole_session))

    def ended(self, number: int, *, whole_session: bool) -> None:
        """Note that it has ended: its number may be another program's from now on."""
        self._say("ended", _named(number, whole_session=whole_session))

    def _say(self, word: str, named: str) -> None:
        with self._lock, suppress(OSError):
            if self._pipe is None:
                self._pipe = _start_shell()
            os.write(self._pipe, f"{word} {named}\n".encode())

    def _forget(self) -> None:
        self._lock = threading.Lock()
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None


def _named(number: int, *, whole_session: bool) -> str:
    return str(-number if whole_session else number)


def _start_shell() -> int:
    """Start the shell in a session of its own, and return the pipe to it; raises OSError."""
    reads, writes = os.pipe()
    try:
        os.posix_spawn(
            _SHELL,
            [_SHELL, "-c", _SCRIPT],
            {},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, reads, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            # Ctrl-C at the terminal, and what kills our session, must not reach it.
            setsid=True,
        )
    except OSError:
        os.close(writes)
        raise
    finally:
        os.close(reads)
    return writes


def end_with_parent(parent: int) -> None:
    """End this fork of `parent` when that has ended, however it did: on Linux alone.

    The parent's thread that forked us must live as long as the parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


#: The guard of this process.
GUARD = OrphanGuard()
