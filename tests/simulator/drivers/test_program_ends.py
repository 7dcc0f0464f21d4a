"""Rules of a program that is slow, floods, dies or does not begin: reported, and ended."""

import os
from pathlib import Path

import pytest

from simulator.clock import wall_sleep
from simulator.drivers.base import Session
from simulator.drivers.program import ProgramDriver
from simulator.errors import (
    BadInput,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.processes.line_process import LINE_BYTES_MAX
from tests.simulator.drivers.given import SURROUNDINGS
from tests.simulator.drivers.programs import Start

SESSION = Session("a session")


def ends(process: int) -> bool:
    """Say whether a process ends; an orphan may stay unreaped."""
    for _try in range(500):
        state = Path(f"/proc/{process}/stat")
        if not is_there(process) or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        wall_sleep(0.01)
    return False


def is_there(process: int) -> bool:
    """Say whether a process goes on; one that ended and was not reaped counts."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_program_that_is_slow_once_is_heard_again(start: Start, tmp_path: Path) -> None:
    """Its late answer is passed over: the next request gets its own."""
    now = tmp_path / "now"
    driver = start(
        f"while asked['do'] == 'crimes' and not os.path.exists({str(now)!r}):\n"
        "    time.sleep(0.01)\n"
        "gives(asked, [] if asked['do'] == 'crimes' else None)"
    )

    driver._wait_seconds_max = 0.2
    with pytest.raises(PortalUnreachable, match=r"did not answer crimes within 0.2 s.*wait_sec"):
        driver.crimes(SESSION)
    with pytest.raises(PortalUnreachable, match=r"did not answer crimes within 0.2 s"):
        driver.sign_out(SESSION)
    driver._wait_seconds_max = 10
    now.touch()
    driver.sign_out(SESSION)
    driver.sign_out(SESSION)


@pytest.mark.parametrize("extra", [1, 100_000])
def test_an_answer_has_an_end(start: Start, extra: int) -> None:
    """A program that floods is stopped at a size no answer has."""
    driver = start(f"print('x' * {LINE_BYTES_MAX + extra}, flush=True)")

    with pytest.raises(PortalNonsense, match=r"longer than 10,000,000 bytes; the program was"):
        driver.crimes(SESSION)
    with pytest.raises(PortalUnreachable, match="stopped"):
        driver.crimes(SESSION)


def test_a_program_that_dies_is_told_with_its_last_words(start: Start) -> None:
    """What it said to stderr, its exit code and what it was asked are told; no secret is."""
    key = SURROUNDINGS.secrets.identity
    driver = start(f"complain('Error: no such portal, key {key}')\nsys.exit(7)")

    with pytest.raises(PortalUnreachable) as caught:
        driver.crimes(SESSION)

    assert "stopped (7) when it was asked to crimes: Error: no such portal, key …" in str(
        caught.value
    )
    assert key not in str(caught.value)


def test_a_program_that_dies_without_a_word(start: Start) -> None:
    """It wrote nothing, and the error says so; it names what it was at, whatever is asked next."""
    driver = start("os._exit(1)")

    with pytest.raises(PortalUnreachable, match="it said nothing to stderr"):
        driver.crimes(SESSION)
    with pytest.raises(PortalUnreachable, match=r"stopped \(1\) when it was asked to crimes"):
        driver.sign_out(SESSION)


def test_a_program_that_will_say_no_more_is_ended(start: Start, tmp_path: Path) -> None:
    """One that closes its output and goes on is killed, not waited for."""
    alive = tmp_path / "pid"
    driver = start(
        f"open({str(alive)!r}, 'w').write(str(os.getpid()))\nos.close(1)\ntime.sleep(60)"
    )

    with pytest.raises(PortalUnreachable, match="stopped when it was asked to crimes"):
        driver.crimes(SESSION)

    assert not is_there(int(alive.read_text()))


def test_what_a_program_starts_ends_with_it(start: Start, tmp_path: Path) -> None:
    """No browser or server of a driver's outlives the run, even where the driver forgot it."""
    child = tmp_path / "pid"
    driver = start(
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(child)!r}, 'w').write(str(child.pid))\ngives(asked, None)"
    )
    driver.sign_out(SESSION)
    driver.close()

    assert ends(int(child.read_text()))


def test_the_end_of_its_input_is_the_end_of_the_run(start: Start, tmp_path: Path) -> None:
    """A program may tidy up once its input ends."""
    tidied = tmp_path / "tidied"
    path = tmp_path / "driver.py"
    driver = start("gives(asked, None)")
    driver.close()
    path.write_text(path.read_text() + f"open({str(tidied)!r}, 'w').close()\n")
    again = ProgramDriver(["{python}", str(path)], SURROUNDINGS, order_path="", environment={})

    again.close()

    assert tidied.exists()


@pytest.mark.parametrize(
    ("hello", "error", "says"),
    [
        ("gives(asked, {'protocol': 2, 'capabilities': []})", PortalNonsense, "has protocol 2"),
        ("gives(asked, {'protocol': 1})", PortalNonsense, "hello was answered by line 1.*missing"),
        (
            "gives(asked, {'protocol': 1, 'capabilities': ['telepathy']})",
            PortalNonsense,
            "Invalid enum value 'telepathy'",
        ),
        (
            "gives(asked, {'protocol': 1, 'capabilities': ['text']})",
            BadInput,
            "claims.capabilities has test_clock, which access.program .* does not say it has",
        ),
        (
            "refuses(asked, 403, 'No', 'the portal is down')",
            PortalUnreachable,
            "the portal is down",
        ),
        ("sys.exit('Cannot find the portal')", PortalUnreachable, "Cannot find the portal"),
    ],
)
def test_a_program_that_does_not_begin_well_is_ended(
    start: Start, tmp_path: Path, hello: str, error: type[SuiteError], says: str
) -> None:
    """Before anything runs: the first answer says that both speak of the same."""
    alive = tmp_path / "pid"
    hello = f"open({str(alive)!r}, 'w').write(str(os.getpid()))\n{hello}"

    with pytest.raises(error, match=says):
        start(hello=hello)

    assert not is_there(int(alive.read_text()))


@pytest.mark.parametrize("command", ["/nowhere/at/all", "a\0b"])
def test_a_program_that_is_not_there(command: str) -> None:
    """A command that cannot be run is the tester's to mend."""
    with pytest.raises(BadInput, match=r"access\.program .* cannot be run \(.*\); is it installed"):
        ProgramDriver([command], SURROUNDINGS, order_path="", environment={})
