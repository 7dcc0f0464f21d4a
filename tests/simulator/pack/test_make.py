"""A pack holds what a verdict rests on, of whole runs only, and never the key that signs it."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simulator.accept.driver_between import pages_sampled
from simulator.accept.run import evidence_of
from simulator.errors import BadInput, SuiteError
from simulator.inputs.target import Access, way_of
from simulator.pack.make import make_pack
from simulator.pack.verification_report import describe_pack
from simulator.pack.verify import verify_pack
from simulator.papers.paper_files import write_papers
from simulator.papers.register import read_register
from simulator.papers.runs import read_run
from simulator.report.html import coverage_html, rehearsal_html
from simulator.results.folder import COVERAGE_PAGE, EXPLORATION_FILE, REPORTS
from simulator.results.values import EdgesMet, RehearsalResult
from simulator.verdicts import Kind
from tests.simulator.pack.made_up import EXPIRES, KEY, NOW, real_pack
from tests.simulator.papers.made_up import papers, scenario, target, write_result, write_run
from tests.simulator.report import samples

#: All of them together.
pytestmark = pytest.mark.slow(seconds=12)


def refusal(folder: Path, kind: type[SuiteError] = BadInput, **changes: Any) -> str:
    """Return the sentence that says why no pack is made; no file is left."""
    with pytest.raises(kind) as caught:
        real_pack(folder, **changes)
    assert type(caught.value) is kind
    assert not (folder / "evidence-pack.zip").exists()
    assert not list(folder.glob(".pack-*"))
    return str(caught.value)


def pack_alone(folder: Path, results: Path) -> None:
    """Make a pack of one results folder and its papers."""
    make_pack(
        folder / "pack.zip",
        results=[results],
        papers=folder / "papers",
        target=target(),
        key=KEY,
        name="Dana Okafor",
        role="test manager",
        expires=EXPIRES,
        now=NOW,
    )


def test_a_pack_is_verified_without_its_run(tmp_path: Path) -> None:
    """Run, papers and key are gone; the pack is checked from its bytes alone."""
    moved = real_pack(tmp_path).rename(tmp_path / "moved.zip")

    checked = verify_pack(moved, expected=KEY.public_key(), now=NOW)

    assert checked.is_expected
    assert "VERIFIED: " in describe_pack(checked)
    (run,) = checked.manifest.runs
    assert (run.verdict, run.phase, run.seed) == ("PASS", 3, 0)
    assert run.clock[0].records > 2
    assert checked.manifest.claims == target().claims


def test_a_pack_holds_the_reports_the_evidence_and_the_order(tmp_path: Path) -> None:
    """They are the same bytes as in the results folder."""
    path = real_pack(tmp_path)

    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        evidence = archive.read("accept-1/evidence.ndjson")
        order = archive.read("order.toml")
    assert evidence == (tmp_path / "results" / "evidence.ndjson").read_bytes()
    assert b"offence_subgroups" in order
    assert {"accept-1/report.html", "papers/exit-report.html", "papers/defects.csv"} <= names
    assert not {name for name in names if "log" in name}


def test_the_same_inputs_make_the_same_bytes(tmp_path: Path) -> None:
    """The place of the folders and the time of the files do not matter."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()

    assert real_pack(one).read_bytes() == real_pack(other).read_bytes()


def test_the_key_is_not_in_the_pack(tmp_path: Path) -> None:
    """It is not there raw or as a file, even if it lies among the results."""
    results = write_run(tmp_path / "results")
    (results / "signing.key").write_text("PRIVATE KEY")

    data = real_pack(tmp_path, results=results).read_bytes()

    assert KEY.private_bytes_raw() not in data
    assert b"PRIVATE KEY" not in data


def test_a_failed_run_is_packed_like_any_other(tmp_path: Path) -> None:
    """Evidence against a portal is evidence."""
    results = write_run(tmp_path / "results", {"MSG-01": "FAIL"})
    path = real_pack(tmp_path, results=results)

    checked = verify_pack(path, expected=KEY.public_key(), now=NOW)

    assert "accept-1: FAIL by the judge" in describe_pack(checked)


def test_an_overridden_verdict_is_shown_beside_the_original(tmp_path: Path) -> None:
    """The manifest and the report of verify have name, role and reason."""
    results = write_run(tmp_path / "results", {"MSG-01": "FAIL"})
    kept = tmp_path / "register.toml"
    kept.write_text(
        """[[override]]
requirement = "MSG-01"
original = "FAIL"
verdict = "PASS"
name = "Lee Marsh"
role = "programme lead"
reason = "Tried by hand."
""",
        encoding="utf-8",
    )
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    write_papers(papers(read_run(results), register=read_register(kept)), sheets)

    with pytest.raises(BadInput, match="made with another register"):
        real_pack(tmp_path, results=results, papers=sheets)
    path = real_pack(tmp_path, results=results, papers=sheets, register=kept)

    said = describe_pack(verify_pack(path, expected=KEY.public_key(), now=NOW))
    assert "accept-1: FAIL by the judge" in said
    assert (
        "Override: MSG-01, FAIL by the judge, PASS by Lee Marsh, programme lead: Tried by hand."
    ) in said


def test_without_an_expected_key_the_fingerprint_is_shown(tmp_path: Path) -> None:
    """The report says what could not be verified, and how to verify it."""
    checked = verify_pack(real_pack(tmp_path), expected=None, now=NOW)

    assert "COULD NOT VERIFY: " in describe_pack(checked)
    assert f"Key: {checked.manifest.signatory.key}" in describe_pack(checked)


def _removed(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def _replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_removed("acceptance.json"), "it has no result of a run"),
        (_removed("report.html"), "report.html missing"),
        (_removed("evidence.ndjson"), "evidence.ndjson missing"),
        (_removed("pytest.log"), "was stopped before its end"),
        (_replaced("pytest.log", "1 passed", "!!!! KeyboardInterrupt !!!!"), "was stopped before"),
        (_replaced("acceptance.json", '"verdict": "FAIL"', '"verdict": "PASS"'), "verdict of"),
        (_replaced("acceptance.json", '"messages": 1', '"messages": 9'), "messages of"),
        (_replaced("acceptance.json", '"level": "must"', '"level": "should"'), "requirements of"),
        (_replaced("report.html", "FAIL", "PASS"), "report.html is of another result"),
        (_replaced("junit.xml", "failures", "fellures"), "junit.xml is of another result"),
        (_replaced("scenarios.ndjson", "FAIL", "PASS"), "are from different runs"),
        (_replaced("evidence.ndjson", '"holders":1', '"holders":0'), "evidence.ndjson: the SHA"),
    ],
)
def test_a_run_that_is_not_whole_or_was_edited_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    """All that can be worked out again is compared."""
    results = write_run(tmp_path / "results", {"MSG-01": "FAIL"})
    (tmp_path / "papers").mkdir()
    write_papers(papers(read_run(results)), tmp_path / "papers")
    spoil(results)

    with pytest.raises(BadInput, match=said):
        pack_alone(tmp_path, results)

    assert not (tmp_path / "pack.zip").exists()


def test_a_run_of_a_few_scenarios_is_refused(tmp_path: Path) -> None:
    """A run of accept --only is not a verdict on a phase."""
    results = write_run(tmp_path / "results", found=[scenario("MSG-01")])
    raw = msgspec.json.decode((results / "acceptance.json").read_bytes())
    raw["requirements"] = [each for each in raw["requirements"] if each["id"] == "MSG-01"]
    raw["verdict"] = "PASS"
    (results / "acceptance.json").write_bytes(msgspec.json.encode(raw))

    assert "the run was with --only" in refusal(tmp_path, results=results)


@pytest.mark.parametrize("verdict", ["ERROR", "INCONCLUSIVE"])
def test_a_run_that_could_not_judge_is_refused(tmp_path: Path, verdict: Kind) -> None:
    """If the portal was not reached or the suite broke, there is no pack: exit code 3."""
    results = write_run(tmp_path / "results", {"MSG-01": verdict})

    assert f"is {verdict}" in refusal(tmp_path, SuiteError, results=results)


def test_a_run_by_its_drivers_word_is_refused(tmp_path: Path) -> None:
    """Nothing but the driver shows what the portal does, and no person looked: exit code 3."""
    access = Access(driver="a.driver:Ours", portal_url="https://a.example", events_path="/events")
    behind = msgspec.structs.replace(target(), access=access)
    results = write_run(tmp_path / "results")
    seen = pages_sampled(behind, evidence_of(results), phase=3)
    result = msgspec.structs.replace(
        read_run(results).result, driver="vouched for", reached=way_of(behind), sampled=seen
    )
    write_result(results, result)

    said = refusal(tmp_path, SuiteError, results=results, target=behind)

    assert "is by its driver's word: no victim had a page that could be opened" in said


def test_a_run_with_a_must_that_nobody_showed_is_refused(tmp_path: Path) -> None:
    """Each is named with what it waits for: exit code 3. To strike out that it waits is no way."""
    results = write_run(tmp_path / "results", is_reviewed=False)

    said = refusal(tmp_path, SuiteError, results=results)

    assert "musts wait for a person or a browser: " in said
    assert "A11Y-01 (a browser)" in said
    assert "REV-01 (a person)" in said
    result = read_run(results).result
    rows = [msgspec.structs.replace(each, awaits="") for each in result.requirements]
    write_result(results, msgspec.structs.replace(result, requirements=rows))
    assert "requirements of acceptance.json does not follow" in refusal(tmp_path, results=results)


def test_made_up_stories_that_were_lost_or_are_others_are_refused(tmp_path: Path) -> None:
    """The verdict says how many edges they decided: what says so is in the pack."""
    results = write_run(tmp_path / "results")
    met = EdgesMet(judged=3, every=9, stories=1)
    result = msgspec.structs.replace(read_run(results).result, edges=met)
    write_result(results, result)
    assert "coverage.html, exploration.json missing" in refusal(tmp_path, results=results)
    explored = samples.exploration()
    (results / EXPLORATION_FILE).write_bytes(msgspec.json.encode(explored))
    (results / COVERAGE_PAGE).write_text(coverage_html(explored), encoding="utf-8")
    assert "coverage.html is of other stories" in refusal(tmp_path, results=results)
    same = msgspec.structs.replace(explored, verdict=result.verdict)
    (results / COVERAGE_PAGE).write_text(coverage_html(same), encoding="utf-8")

    real_pack(tmp_path, results=results)

    assert (tmp_path / "evidence-pack.zip").exists()


def test_a_hollow_run_is_refused(tmp_path: Path) -> None:
    """Everything passed but no message arrived, so nothing was proved."""
    results = write_run(tmp_path / "results", holders=0)

    assert "is INCONCLUSIVE" in refusal(tmp_path, SuiteError, results=results)


def test_another_target_than_the_one_judged_is_refused(tmp_path: Path) -> None:
    """The claims in the pack are those of the run."""
    assert "claims of --target: the SHA-256" in refusal(tmp_path, target=target("2.0"))


def test_papers_of_another_run_are_refused(tmp_path: Path) -> None:
    """An exit report of a better build does not go into this pack."""
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    write_papers(papers(read_run(write_run(tmp_path / "better", days=3))), sheets)

    assert "they are of another run" in refusal(tmp_path, papers=sheets)
    (sheets / "exit-report.html").unlink()
    assert "exit-report.html missing" in refusal(tmp_path, papers=sheets)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "--signatory: "),
        ({"role": "a\nb"}, "--role: "),
        ({"name": "x" * 300}, "--signatory: "),
        ({"expires": date(2026, 11, 19)}, "--expires 2026-11-19: give a day from today until"),
        ({"expires": date(9999, 1, 1)}, "--expires 9999-01-01: "),
    ],
)
def test_signatory_and_expiry_are_required(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    """A pack needs a name, a role and a day in the future."""
    assert refusal(tmp_path, **changes).startswith(said)


@pytest.mark.usefixtures("undrawn")
def test_other_runs_go_into_the_same_pack(tmp_path: Path) -> None:
    """A rehearsal is packed with the acceptance and has its own seed; it cannot stand alone."""
    results = write_run(tmp_path / "results")
    rehearsed = _rehearsal(tmp_path / "rehearsed", samples.rehearsal(verdict="PASS"))

    path = real_pack(tmp_path, results=results, others=[rehearsed])

    runs = verify_pack(path, expected=KEY.public_key(), now=NOW).manifest.runs
    assert [(each.folder, each.seed) for each in runs] == [("accept-1", 0), ("rehearse-2", 7)]
    with pytest.raises(BadInput, match=r"none is a results folder of accept"):
        pack_alone(tmp_path, rehearsed)


@pytest.mark.usefixtures("undrawn")
def test_a_rehearsal_in_which_too_little_happened_is_refused(tmp_path: Path) -> None:
    """A rehearsal with gaps is not complete."""
    hollow = _rehearsal(tmp_path / "rehearsed", samples.rehearsal(verdict="INCONCLUSIVE"))

    assert "is INCONCLUSIVE" in _refused_beside(tmp_path, hollow, SuiteError)


def test_a_proof_of_one_broken_portal_is_refused(tmp_path: Path) -> None:
    """A run of prove --only proves little about the judge."""
    folder = tmp_path / "proof"
    folder.mkdir()
    result = samples.proof(rows=samples.proof().rows[:1])
    for name in REPORTS["prove"]:
        (folder / name).touch()
    (folder / "proof.json").write_bytes(msgspec.json.encode(result))

    assert "run prove without --only" in _refused_beside(tmp_path, folder, BadInput)


def _rehearsal(folder: Path, result: RehearsalResult) -> Path:
    folder.mkdir()
    safe = msgspec.structs.replace(result, failures=[])
    (folder / "rehearsal.json").write_bytes(msgspec.json.encode(safe))
    (folder / "report.html").write_text(rehearsal_html(safe), encoding="utf-8")
    evidence = write_run(folder / "played") / "evidence.ndjson"
    evidence.rename(folder / "evidence.ndjson")
    return folder


def _refused_beside(folder: Path, other: Path, kind: type[SuiteError]) -> str:
    results = write_run(folder / "results")
    return refusal(folder, kind, results=results, others=[other])
