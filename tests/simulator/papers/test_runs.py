"""Runs are read in the order in which they were made; files of different runs are refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.errors import COULD_NOT_JUDGE, BadInput, DamagedFile
from simulator.papers.runs import read_run, read_runs
from tests.simulator.papers.made_up import write_run


def test_a_run_knows_its_build_and_its_day(tmp_path: Path) -> None:
    """The build is the claimed version; the day is from the evidence's wall clock, in London."""
    run = read_run(write_run(tmp_path, version="1.3", days=1))

    assert (run.build, run.day.isoformat()) == ("1.3", "2026-11-03")


def test_one_run_has_one_name_and_another_has_another(tmp_path: Path) -> None:
    """The digest covers result and evidence: the same verdicts on another day are another run."""
    one, same, later = (
        read_run(write_run(tmp_path / name, days=days))
        for name, days in (("one", 0), ("same", 0), ("later", 1))
    )

    assert one.sha256 == same.sha256 != later.sha256


def test_runs_come_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    """The order in which they are given does not matter; the one reported on is the last."""
    results, second, first = (
        write_run(tmp_path / str(days), version=f"1.{days}", days=days) for days in (9, 5, 2)
    )

    runs = read_runs(results, [second, first], phase=3)

    assert [each.build for each in runs] == ["1.2", "1.5", "1.9"]


def _without(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def _with(name: str, words: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(words)


def _another_verdict(folder: Path) -> None:
    path = folder / "acceptance.json"
    raw = json.loads(path.read_text())
    raw["scenarios"][0]["verdict"] = "FAIL"
    path.write_text(json.dumps(raw))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without("acceptance.json"), "acceptance.json: there is no such file"),
        (_without("scenarios.ndjson"), "scenarios.ndjson: there is no such file"),
        (_without("evidence.ndjson"), "evidence.ndjson: the file is missing, so the time"),
        (_with("acceptance.json", "PASS"), "acceptance.json: not the result of a run"),
        (_with("acceptance.json", "[" * 5000), "acceptance.json: not the result of a run"),
        (_with("scenarios.ndjson", "{}"), "scenarios.ndjson:1: not a scenario's result"),
        (_another_verdict, "scenarios.ndjson and acceptance.json are from different runs"),
    ],
)
def test_a_folder_that_does_not_hold_together_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    """Files of two runs, or of none, are refused."""
    spoil(write_run(tmp_path))

    with pytest.raises(BadInput, match=said) as caught:
        read_run(tmp_path)

    assert "\n" not in str(caught.value)


def _cut_short(folder: Path) -> None:
    """Leave the last line of the evidence out, at the line's end."""
    path = folder / "evidence.ndjson"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _called_passed(folder: Path) -> None:
    """Change a failed scenario's verdict in both files, as a forger would."""
    for name in ("acceptance.json", "scenarios.ndjson"):
        path = folder / name
        path.write_text(path.read_text().replace('"verdict":"FAIL"', '"verdict":"PASS"'))
        path.write_text(path.read_text().replace('"verdict": "FAIL"', '"verdict": "PASS"'))


def _called_met(folder: Path) -> None:
    """Change the verdict on the requirements alone."""
    path = folder / "acceptance.json"
    raw = json.loads(path.read_text())
    for each in raw["requirements"]:
        each["verdict"] = "PASS"
    path.write_text(json.dumps(raw))


def _called_looked_at(folder: Path) -> None:
    """Change what waits for a person to met, and the headline with it."""
    path = folder / "acceptance.json"
    raw = json.loads(path.read_text())
    for requirement in raw["requirements"]:
        if requirement.get("awaits") or requirement["verdict"] in ("OMIT", "REVIEW"):
            requirement |= {"verdict": "PASS", "awaits": ""}
    path.write_text(json.dumps(raw | {"verdict": "PASS"}))


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (_called_looked_at, "and no person looked"),
        (_cut_short, "the SHA-256 differs from acceptance.json"),
        (_called_passed, "failed or was not run, but acceptance.json has PASS"),
        (_called_met, "failed, but acceptance.json has PASS for"),
    ],
)
def test_a_result_that_its_evidence_does_not_bear_is_refused(
    tmp_path: Path, forge: Callable[[Path], object], said: str
) -> None:
    """Evidence that was cut, and verdicts that were changed in every file, make no papers."""
    assert read_run(write_run(tmp_path, {"ONCE-01": "FAIL"})).result.verdict == "FAIL"

    forge(tmp_path)

    with pytest.raises(DamagedFile, match=said) as caught:
        read_run(tmp_path)
    assert caught.value.exit_code == COULD_NOT_JUDGE


def test_a_run_of_a_few_scenarios_makes_no_papers(tmp_path: Path) -> None:
    """What a run with --only or --quick left out was not looked at."""
    write_run(tmp_path)
    path = tmp_path / "acceptance.json"
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "only": "S-041"}))

    with pytest.raises(BadInput, match="a run with --only, which is no verdict"):
        read_runs(tmp_path, [], phase=3)


def test_a_run_of_another_phase_is_refused(tmp_path: Path) -> None:
    """The papers of phase 3 are not written from a run of phase 2."""
    results = write_run(tmp_path, phase=2)

    with pytest.raises(BadInput, match=r"--phase 3: .* is of phase 2"):
        read_runs(results, [], phase=3)


def test_earlier_runs_must_be_earlier_and_given_once(tmp_path: Path) -> None:
    """Otherwise the run that found a defect could count as its retest."""
    results = write_run(tmp_path / "results", days=3)
    later = write_run(tmp_path / "later", version="1.1", days=4)

    with pytest.raises(BadInput, match="this run is later than --results"):
        read_runs(results, [later], phase=3)
    with pytest.raises(BadInput, match="this run is given twice"):
        read_runs(results, [results], phase=3)


def test_runs_of_two_portals_make_no_papers(tmp_path: Path) -> None:
    """Another portal's build does not fix this portal's defect."""
    results = write_run(tmp_path / "results", days=3)
    other = write_run(tmp_path / "other")
    path = other / "acceptance.json"
    path.write_text(path.read_text().replace('"Reference portal"', '"Acme portal"', 1))

    with pytest.raises(BadInput, match="this run is of 'Acme portal'"):
        read_runs(results, [other], phase=3)
