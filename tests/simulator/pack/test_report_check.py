"""Nothing is signed that says something else than the results: every page is made again."""

import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest

from simulator.errors import BadInput
from simulator.papers.paper_files import write_papers
from simulator.papers.runs import read_run
from simulator.report.html import load_html
from simulator.results.folder import REPORTS
from simulator.results.window import WindowResult
from tests.simulator.pack.made_up import real_pack
from tests.simulator.papers.made_up import papers, write_result, write_run
from tests.simulator.report import samples


def refusal(folder: Path, **changes: object) -> str:
    """Return the sentence that says why no pack is made."""
    with pytest.raises(BadInput) as caught:
        real_pack(folder, **changes)  # type: ignore[arg-type]
    return str(caught.value)


def written(folder: Path) -> tuple[Path, Path]:
    """Write a run and its papers."""
    results, sheets = write_run(folder / "run"), folder / "sheets"
    sheets.mkdir()
    write_papers(papers(read_run(results)), sheets)
    return results, sheets


@pytest.fixture(scope="module")
def as_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run and its papers, written once: each test alters a copy."""
    folder = tmp_path_factory.mktemp("as-made")
    written(folder)
    return folder


@pytest.mark.parametrize("name", [each for each in REPORTS["papers"] if each != "papers.json"])
def test_an_edited_paper_is_refused(as_made: Path, tmp_path: Path, name: str) -> None:
    """An exit report in which somebody changed the conclusion is refused."""
    shutil.copytree(as_made, tmp_path, dirs_exist_ok=True)
    results, sheets = tmp_path / "run", tmp_path / "sheets"
    with (sheets / name).open("a", encoding="utf-8") as file:
        file.write("build 77 safe for go-live")

    said = refusal(tmp_path, results=results, papers=sheets)

    assert f"{name} does not follow from the results" in said


def test_an_edited_summary_is_refused(tmp_path: Path) -> None:
    """The summary for machines is made again too."""
    results, sheets = written(tmp_path)
    text = (sheets / "papers.json").read_text(encoding="utf-8")
    edited = text.replace('"defects": []', '"defects":[]')
    assert edited != text
    (sheets / "papers.json").write_text(edited, encoding="utf-8")

    assert "papers.json does not follow" in refusal(tmp_path, results=results, papers=sheets)


def test_papers_with_an_earlier_run_are_made_again_with_it(tmp_path: Path) -> None:
    """A retest needs the earlier run; without it the papers differ."""
    earlier = write_run(tmp_path / "earlier", {"MSG-01": "FAIL"}, days=0)
    results = write_run(tmp_path / "run", days=3)
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    write_papers(papers(read_run(earlier), read_run(results)), sheets)

    assert "other earlier runs" in refusal(tmp_path, results=results, papers=sheets)
    assert real_pack(tmp_path, results=results, papers=sheets, earlier=[earlier]).exists()


@pytest.mark.usefixtures("undrawn")
def test_a_report_of_a_burst_that_was_edited_is_refused(tmp_path: Path) -> None:
    """The page of each result is made again, for every command."""
    folder, result = tmp_path / "load", samples.load(verdict="PASS", failures=[])
    folder.mkdir()
    (folder / "load.json").write_bytes(msgspec.json.encode(result))
    (folder / "report.html").write_text(load_html(result) + "all well", encoding="utf-8")
    (folder / "seconds.csv").write_text("second\n", encoding="utf-8")
    (folder / "evidence.ndjson").write_bytes(
        (write_run(tmp_path / "played") / "evidence.ndjson").read_bytes()
    )

    assert "report.html is of another result" in refusal(tmp_path, others=[folder])


def test_test_weeks_that_did_not_count_are_refused(tmp_path: Path) -> None:
    """Test weeks are refused if the result has none, or another verdict on them."""
    results = write_run(tmp_path / "run")
    window = WindowResult(
        name="Test weeks",
        portal="Reference portal 1.0",
        order="two-forces.toml",
        phase=3,
        seed=0,
        starts=date(2026, 11, 2),
        ends=date(2026, 11, 30),
        crimes=0,
        verdict="FAIL",
        obligations=0,
        days=[],
        harms=[],
        failures=[],
    )
    for name in REPORTS["window"]:
        (results / name).touch()
    (results / "window.json").write_bytes(msgspec.json.encode(window))

    said = refusal(tmp_path, results=results)

    assert "window.json has the verdict FAIL, but acceptance.json has no test weeks" in said
    result = msgspec.structs.replace(read_run(results).result, window="FAIL", verdict="FAIL")
    write_result(results, result)
    assert "window.html is of another result" in refusal(tmp_path, results=results)
