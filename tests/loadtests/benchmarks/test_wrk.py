"""What wrk says is read, or it was not measured."""

import shutil
from pathlib import Path

import pytest

from loadtests.benchmarks import wrk

SAID = """Running 2s test @ http://127.0.0.1:8000/crime-events
  1 threads and 32 connections
  48690 requests in 2.00s, 3.62MB read
Requests/sec:  24345.12
Transfer/sec:      1.81MB
"""


def test_the_rate_is_read() -> None:
    """It stands in a line of its own."""
    assert wrk.read(SAID) == 24345.12


@pytest.mark.parametrize(
    "said",
    [
        "",
        "unable to connect to 127.0.0.1:1 Connection refused",
        SAID + "  Non-2xx or 3xx responses: 48690\n",
        SAID + "  Socket errors: connect 0, read 9, write 0, timeout 0\n",
    ],
)
def test_requests_that_failed_are_no_rate(said: str) -> None:
    """A route that refuses is faster than one that answers: that is no measurement."""
    with pytest.raises(ValueError, match="wrk said"):
        wrk.read(said)


def test_nothing_is_brought_by_who_may_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without wrk, and without being root, it says that it cannot measure."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert wrk.bring() == ""
    with pytest.raises(ValueError, match="wrk is missing"):
        wrk.requests_a_second("", "http://127.0.0.1:1", b"", folder=tmp_path, seconds=1)
