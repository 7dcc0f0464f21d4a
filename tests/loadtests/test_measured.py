"""The sizing files have what an update takes from one place: a run that was measured."""

import re
from pathlib import Path

import msgspec
import pytest

from loadtests.kept_runs import read_run
from loadtests.measured import main, measured_run, read_sizing
from simulator.errors import BadInput
from simulator.results.load import CoresSecond
from tests.loadtests.load_results import held
from tests.simulator.real_files import ROOT

SIZINGS = sorted((ROOT / "scenarios" / "sizing").glob("*.toml"))
MEASURED = ROOT / "scenarios" / "sizing" / "measured.json"


def _run(folder: Path, **changes: object) -> Path:
    """Keep the result of a run in which 100 updates took 2 seconds of a core."""
    machine = msgspec.structs.replace(
        held().machine,
        cores_used={"portal": 0.15, "database": 0.05, "generator": 0.9},
        watched_seconds=10.0,
        cores_over_time=[CoresSecond(second=0.0, used={})],
    )
    path = folder / "load.json"
    values = {"machine": machine, "events_accepted": 100, **changes}
    path.write_bytes(msgspec.json.encode(held(**values)))
    return path


def test_a_run_is_kept_without_its_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an update took of portal and database stays; the generator's part is not in it."""
    kept = tmp_path / "measured.json"

    assert main([str(_run(tmp_path)), str(kept)]) == 0
    assert capsys.readouterr().out == "20.00 ms of a core for each update\n"
    assert measured_run(kept).seconds_per_update == pytest.approx(0.02)
    assert (read_run(kept).series, read_run(kept).machine.cores_over_time) == ([], [])


def test_a_run_that_says_nothing_of_the_portal_is_refused(tmp_path: Path) -> None:
    """The generator was the limit, or no update was accepted; and so is a missing file."""
    for changes in ({"limited_by": "the generator: late"}, {"events_accepted": 0}):
        with pytest.raises(BadInput, match="it does not say what an update takes"):
            measured_run(_run(tmp_path, **changes))
    assert main([str(tmp_path / "none.json"), str(tmp_path / "kept.json")]) == 2
    assert main([]) == 2


@pytest.mark.parametrize("path", SIZINGS, ids=lambda path: path.stem)
def test_every_sizing_file_has_it_from_the_measurement(path: Path) -> None:
    """None has a number of its own, and the source says of which burst, when and where."""
    sizing = read_sizing(path)
    run = read_run(MEASURED)

    assert sizing.update_seconds == run.seconds_per_update
    assert sizing.seconds_per_update is not None
    assert run.begun_at in sizing.seconds_per_update.source
    assert run.name == "Bulk closure of 10,000"


def test_a_day_has_as_many_updates_everywhere() -> None:
    """Half of 327,000 crimes a year with four updates each, on 250 working days, is 2,600."""
    daily = round(327_000 / 2 * 4 / 250, -2)
    files = [*(ROOT / "scenarios" / "bursts").glob("*.toml"), ROOT / "docs" / "capacity.md"]
    said = {
        number
        for path in files
        for number in re.findall(
            r"([\d,]+) (?:updates a day|updates of both forces|a day|on each of 250)",
            path.read_text(encoding="utf-8"),
        )
    }

    assert said == {f"{daily:,.0f}"}
