"""The command that runs the benchmarks: what is asked for, and nothing at once."""

from collections.abc import Iterator
from functools import partial

import pytest

from loadtests.benchmarks import __main__ as command


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace each benchmark by a note of its name."""
    names: list[str] = []

    def noting(name: str) -> Iterator[str]:
        names.append(name)
        yield f"ratio {name} 1"

    for name in command.BENCHMARKS:
        monkeypatch.setitem(command.BENCHMARKS, name, partial(noting, name))
    return names


def test_help_runs_nothing(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A look at the help does not begin to measure."""
    with pytest.raises(SystemExit) as end:
        command.main(["--help"])

    assert end.value.code == 0
    assert ran == []
    assert "--only" in capsys.readouterr().out


def test_those_asked_for_run_alone(ran: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of all, each once; without a name all run."""
    assert command.main(["--only", "desks", "--only", "crowds"]) == 0
    assert ran == ["crowds", "desks"]
    assert capsys.readouterr().out == "ratio crowds 1\nratio desks 1\n"

    ran.clear()
    assert command.main([]) == 0
    assert ran == [*command.BENCHMARKS]


def test_an_unknown_name_is_refused(ran: list[str]) -> None:
    """With what there is, and exit code 2."""
    with pytest.raises(SystemExit) as end:
        command.main(["--only", "queues"])

    assert end.value.code == 2
    assert ran == []
