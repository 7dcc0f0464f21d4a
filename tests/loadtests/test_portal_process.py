"""A portal as a process: killed at any moment, and back at the same address."""

import sys
from pathlib import Path

import pytest

from loadtests.portal_process import PortalProcess
from simulator.drivers.exchange import HttpExchange
from simulator.errors import PortalUnreachable

SERVES = (sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1")


def answers(process: PortalProcess) -> bool:
    """Say whether anybody is there."""
    exchange = HttpExchange(process.url, wait_seconds_max=5)
    try:
        return exchange.send("GET", "/", {}).status == 200
    except PortalUnreachable:
        return False
    finally:
        exchange.close()


def test_it_comes_back_where_it_was(tmp_path: Path) -> None:
    """Killed, nobody is there; started again, it is at the same address with what it was given."""
    process = PortalProcess(SERVES, words=tmp_path / "words.txt")
    url = process.url
    try:
        process.start({"ONE": "1"})
        assert answers(process)
        process.kill()
        assert not answers(process)
        process.start()
        assert answers(process)
        assert process.url == url
    finally:
        process.stop()

    assert not answers(process)


def test_what_it_is_given_it_keeps(tmp_path: Path) -> None:
    """Started again, it has the same environment, and its words follow those from before."""
    says = (
        "import os, http.server as served; print(os.environ['ONE'], flush=True);"
        "here, handler = ('127.0.0.1', {port}), served.SimpleHTTPRequestHandler;"
        "served.HTTPServer(here, handler).serve_forever()"
    )
    process = PortalProcess((sys.executable, "-c", says), words=tmp_path / "words.txt")
    try:
        process.start({"ONE": "kept"})
        process.kill()
        process.start()
    finally:
        process.stop()

    assert (tmp_path / "words.txt").read_text().split() == ["kept", "kept"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ((sys.executable, "-c", "raise SystemExit('wrongly configured')"), "wrongly configured"),
        ((sys.executable, "-c", ""), "it said nothing"),
        (("no-such-program",), "'no-such-program' cannot be run"),
    ],
)
def test_one_that_does_not_start_says_why(
    tmp_path: Path, command: tuple[str, ...], says: str
) -> None:
    """Its last words, or that it cannot be run at all."""
    process = PortalProcess(command, words=tmp_path / "words.txt")

    with pytest.raises(PortalUnreachable, match=says):
        process.start()

    process.kill()
    process.stop()
