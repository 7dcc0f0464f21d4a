"""A Ctrl-C does not fall between the start of a process and the note of who has to end it."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from simulator.processes.signals import signals_held, until_signalled

pytestmark = pytest.mark.usefixtures("interruptible")


def interrupted(kinds: list[signal.Signals], done: list[str], command: str = "true") -> None:
    """Start a program while signals arrive."""
    with signals_held():
        for kind in kinds:
            signal.raise_signal(kind)
        subprocess.run([command], check=True)
        done.append("process noted")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_the_end_of_the_block(kind: signal.Signals) -> None:
    """What the block does is done before the interruption is raised."""
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted([kind], done)

    assert done == ["process noted"]


def test_many_signals_interrupt_once() -> None:
    """Ctrl-C pressed twice interrupts once; the handlers are restored."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        interrupted([signal.SIGTERM, signal.SIGTERM], [])

    assert signal.getsignal(signal.SIGTERM) is before


def test_an_error_of_the_block_is_not_hidden() -> None:
    """A program that cannot be run is reported as such, even if a signal arrives meanwhile."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(FileNotFoundError):
        interrupted([signal.SIGTERM], [], command="no-such-program")

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_process_started_in_the_block_can_be_stopped() -> None:
    """The held handlers are ours alone: the child ends by SIGTERM as any program does."""
    with signals_held():
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process.terminate()

    assert process.wait(10) == -signal.SIGTERM


def test_another_thread_is_left_alone() -> None:
    """Handlers run in the main thread only, so that elsewhere there is nothing to hold."""
    done: list[str] = []

    def work() -> None:
        with signals_held():
            done.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == ["worked"]


def test_a_signal_that_the_system_gives_another_thread_ends_the_wait() -> None:
    """Which thread gets a signal is the system's choice: a service ends whichever it was."""
    woken_otherwise: list[int] = []
    main = threading.get_ident()

    def be_signalled() -> None:
        time.sleep(0.2)
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        if not has_ended.wait(10):
            woken_otherwise.append(1)
            signal.pthread_kill(main, signal.SIGTERM)

    has_ended = threading.Event()
    thread = threading.Thread(target=be_signalled)
    with until_signalled() as wait:
        thread.start()
        wait()
        has_ended.set()
        thread.join()

    assert woken_otherwise == []
