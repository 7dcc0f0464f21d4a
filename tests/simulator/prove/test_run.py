"""Rules of the proof: a broken portal counts as caught by its scenario and for its reason only."""

from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from simulator.drivers.exchange import CRASHED
from simulator.errors import BadInput, SuiteError
from simulator.inputs.written_scenarios import read_written
from simulator.prove import reference_pass
from simulator.prove import run as proof
from simulator.prove.run import BrokenPortal, prove, read_broken_portals
from simulator.results.values import ScenarioResult
from simulator.verdicts import Kind

BROKEN = BrokenPortal(
    id="B-901",
    name="sends_twice",
    wrong="Each message is sent twice.",
    requirement="ONCE-01",
    caught_by="S-901",
    because="2 messages",
    phase=3,
    module="fixtures.broken_portals.sending",
)
CAUGHT = ScenarioResult(
    id="S-901.1",
    name="Once (by text)",
    feature="A",
    phase=1,
    requirements=("MSG-01", "ONCE-01"),
    verdict="FAIL",
    failed_step="Then Alex is told exactly once",
    observed="2 messages",
)
PASSED = structs.replace(CAUGHT, verdict="PASS", failed_step="", observed="")
DECLARED = ("B-901", "ONCE-01", "S-901", "2 messages")


def is_caught(*scenarios: ScenarioResult) -> bool:
    """Say whether the portal that sends twice is caught by what these scenarios came to."""
    return proof._row(BROKEN, scenarios).caught


def test_its_own_scenario_catches_it_for_its_reason() -> None:
    """The scenario it names, failing at the step it names, is a catch: one example is enough."""
    other = structs.replace(PASSED, id="S-901.2", name="Once (by email)")

    assert is_caught(CAUGHT)
    assert is_caught(other, CAUGHT)


@pytest.mark.parametrize("where", ["observed", "reason"])
def test_the_reason_stands_in_what_was_seen(where: str) -> None:
    """The reason is looked for in what was seen, in any case."""
    silent = structs.replace(CAUGHT, failed_step="", observed="", reason="")

    assert is_caught(structs.replace(silent, **{where: "There were 2 MESSAGES"}))
    assert not is_caught(structs.replace(silent, **{where: "There were no messages"}))


def test_the_words_of_a_step_are_no_reason() -> None:
    """What a step was to find stands there whatever became of it."""
    step = structs.replace(CAUGHT, failed_step="Then there were 2 messages", observed="nothing")

    assert not is_caught(step)


def test_a_crash_is_no_catch() -> None:
    """A portal that breaks breaks everything: nobody has seen what is declared to be wrong."""
    crashed = structs.replace(CAUGHT, observed="", reason=f"{CRASHED}: 2 messages")

    assert not is_caught(crashed)


def test_a_scenario_that_passes_catches_nothing() -> None:
    """When the scenario it names passes, the features are too weak, and the row says so."""
    row = proof._row(BROKEN, [PASSED])

    assert not row.caught
    assert row.reason == "S-901 passed"


def test_a_scenario_that_was_left_out_is_not_said_to_have_passed() -> None:
    """Where what is replaced is never called there, the portal or its declaration is wrong."""
    row = proof._row(BROKEN, [structs.replace(PASSED, id="S-902", name="Twice")])

    assert not row.caught
    assert row.reason.startswith("S-901 was not run: ")


def test_another_scenario_is_no_catch() -> None:
    """A failure elsewhere does not prove that the scenario it names sees anything."""
    row = proof._row(BROKEN, [PASSED, structs.replace(CAUGHT, id="S-902", name="Once more")])

    assert not row.caught
    assert row.also_failed == ("S-902 Once more",)


@pytest.mark.parametrize("verdict", ["ERROR", "SKIP", "INCONCLUSIVE", "REVIEW", "WARNING"])
def test_only_a_failure_is_a_catch(verdict: Kind) -> None:
    """A portal that crashes the suite, or could not be judged, has not been caught."""
    assert not is_caught(structs.replace(CAUGHT, verdict=verdict))


def test_a_scenario_of_another_requirement_is_no_catch() -> None:
    """The scenario must prove the requirement that is broken."""
    assert not is_caught(structs.replace(CAUGHT, requirements=("MSG-01",)))


def test_a_failure_for_another_reason_is_no_catch() -> None:
    """The scenario it names may fail because of something else, which proves nothing of this."""
    row = proof._row(BROKEN, [structs.replace(CAUGHT, observed="nothing")])

    assert not row.caught
    assert row.reason == "Then Alex is told exactly once: nothing"


WRONG = "Each message is sent twice.\n\n    The answer to the first is lost."


def row(name: str, *words: str, **named: str) -> str:
    """Write a row, which would crash if it were run."""
    given = [*map(repr, words), *(f"{key}={value}" for key, value in named.items())]
    return f"""
@broken({", ".join(given)})
def {name}():
    '''{WRONG}
    '''
    raise RuntimeError("this file is read, never run")
"""


def test_rows_are_read_without_running_anything(tmp_path: Path) -> None:
    """What a row declares is read from its source; where it names no phase it is its scenario's.

    Of a scenario that nobody knows it is the last. A portal that is the reference but for one
    function names it, by where that stands.
    """
    of_phase_2 = next(each for each in read_written() if each.phase == 2).id.partition(".")[0]
    often = row("sends_often", "B-901", "ONCE-01", of_phase_2, "2 messages")
    early = row("sends_early", *DECLARED, phase="2", of='(outbox.Box, "add")')
    imports = "from reference.portal.storage import outbox\n"
    (tmp_path / "__init__.py").touch()
    (tmp_path / "sending.py").write_text(imports + row("sends_twice", *DECLARED) + often + early)

    found = read_broken_portals(tmp_path)

    as_said = structs.replace(BROKEN, module=f"fixtures.{tmp_path.name}.sending")
    replaced = ("reference.portal.storage.outbox.Box.add",)
    assert found == [
        structs.replace(
            as_said, name="sends_early", phase=2, declares_phase=True, replaced=replaced
        ),
        structs.replace(as_said, name="sends_often", phase=2, caught_by=of_phase_2),
        as_said,
    ]
    assert found[0].application == f"fixtures.{tmp_path.name}.sending:sends_early"


@pytest.mark.parametrize(
    "written",
    [
        *(row("half", *DECLARED[:n]) for n in range(len(DECLARED))),
        row("half", *DECLARED).replace(WRONG, ""),
        row("half", *DECLARED).replace("'2 messages'", "BECAUSE"),
    ],
)
def test_what_is_not_declared_is_named(tmp_path: Path, written: str) -> None:
    """A row that leaves something out, or does not say it, is named with file and line."""
    (tmp_path / "some.py").write_text(written, encoding="utf-8")

    with pytest.raises(
        BadInput, match=r"some\.py:3: half: a broken portal declares id, requirement"
    ):
        read_broken_portals(tmp_path)


class _Features:
    """Stands for the features: gives what a portal's scenarios come to, without running any."""

    def __init__(self, *, caught: bool, reference: Kind = "PASS") -> None:
        self._broken = CAUGHT if caught else PASSED
        self._reference = structs.replace(PASSED, verdict=reference)
        self.runs: list[tuple[int, str]] = []

    def run(self, _target: Path, *, phase: int, out: Path, **how: Any) -> list[ScenarioResult]:
        """Answer for a broken portal or for the reference."""
        application = how.get("application", "")
        self.runs.append((phase, application))
        return [self._broken if application else self._reference]


@pytest.fixture
def one_broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let there be one broken portal."""
    monkeypatch.setattr(proof, "read_broken_portals", lambda **_only: [BROKEN])
    return monkeypatch


@pytest.mark.parametrize(
    ("caught", "reference", "verdict"),
    [(True, "PASS", "PASS"), (False, "PASS", "FAIL"), (True, "FAIL", "FAIL")],
)
def test_all_are_caught_and_the_reference_by_none(
    one_broken: pytest.MonkeyPatch, tmp_path: Path, *, caught: bool, reference: Kind, verdict: Kind
) -> None:
    """The proof holds only when every broken portal is caught and the reference never is."""
    features = _Features(caught=caught, reference=reference)
    one_broken.setattr(proof, "run_features", features.run)
    one_broken.setattr(proof, "warm_runs", lambda: nullcontext(None))
    done: list[str] = []

    result = prove(out=tmp_path, on_done=done.append)

    assert result.verdict == verdict
    assert result.rows[0].caught is caught
    assert result.reference_verdict == reference
    assert bool(result.reference_failed) == (reference == "FAIL")
    assert (3, "fixtures.broken_portals.sending:sends_twice") in features.runs
    assert sorted(phase for phase, application in features.runs if not application) == [1, 2, 3]
    assert len(done) == len(features.runs)


def test_another_matrix_than_the_one_kept_fails(
    one_broken: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Caught and yet not as before: somebody must look, and mean it."""
    one_broken.setattr(proof, "run_features", _Features(caught=True).run)
    one_broken.setattr(proof, "warm_runs", lambda: nullcontext(None))
    kept = {"B-901": {"S-901.1", "S-999"}}

    result = prove(out=tmp_path, kept=kept)

    assert result.rows[0].caught
    assert result.verdict == "FAIL"
    assert result.changed == ("B-901 sends_twice no longer fails S-999 ''",)


def _met(features: "_Features", *, kept: dict[str, set[str]], tmp_path: Path) -> list[set[str]]:
    """Prove against a matrix kept; return which scenarios each run of the portal was among."""
    among: list[set[str]] = []

    def run(*given: Any, application: str = "", **named: Any) -> list[ScenarioResult]:
        if application:
            among.append(set(named.get("among", ())))
        return features.run(*given, application=application, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "run_features", run)
        patch.setattr(proof, "warm_runs", lambda: nullcontext(None))
        result = prove(out=tmp_path, kept=kept, whole=False)
    assert result.whole is not bool(kept)
    return among


@pytest.mark.usefixtures("one_broken")
def test_a_portal_meets_what_caught_it_before(tmp_path: Path) -> None:
    """The scenario it names and those it failed: where it fails the same, no other is needed."""
    kept = {"B-901": {"S-901.1"}}

    met = _met(_Features(caught=True), kept=kept, tmp_path=tmp_path)

    assert met == [{"S-901", "S-901.1"}]


@pytest.mark.usefixtures("one_broken")
@pytest.mark.parametrize(
    ("caught", "before"), [(False, {"S-901.1"}), (True, {"S-901.1", "S-999"}), (True, {"S-999"})]
)
def test_a_portal_that_does_anything_else_meets_every_scenario(
    tmp_path: Path, before: set[str], *, caught: bool
) -> None:
    """One that is not caught, or fails another than it did, is judged by all of them."""
    met = _met(_Features(caught=caught), kept={"B-901": before}, tmp_path=tmp_path)

    assert met == [{"S-901", *before}, set()]


@pytest.mark.usefixtures("one_broken")
def test_a_new_portal_meets_every_scenario(tmp_path: Path) -> None:
    """Nothing is kept of it yet."""
    assert _met(_Features(caught=True), kept={}, tmp_path=tmp_path) == [set()]


@pytest.mark.parametrize(
    ("reference", "whole", "changes", "runs"),
    [
        ("PASS", False, False, 1),
        ("PASS", False, True, 2),
        ("PASS", True, False, 2),
        ("FAIL", False, False, 2),
    ],
)
def test_a_pass_of_the_reference_holds_until_something_changes(
    one_broken: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    reference: Kind,
    whole: bool,
    changes: bool,
    runs: int,
) -> None:
    """For one portal the reference runs again if anything changed, if it failed, or if asked to."""
    features = _Features(caught=True, reference=reference)
    one_broken.setattr(proof, "run_features", features.run)
    one_broken.setattr(proof, "warm_runs", lambda: nullcontext(None))
    content = iter(["as it was", "as it was", "as it is now" if changes else "as it was"] * 2)
    one_broken.setattr(reference_pass, "content_of_the_suite", lambda: next(content))
    (tmp_path / "reference-3-0").mkdir()

    once, again = (prove(out=tmp_path, only="sends_twice", whole=whole) for _ in range(2))

    assert [application for _, application in features.runs].count("") == runs
    assert not once.reference_passed_before
    assert again.reference_passed_before is (runs == 1)
    assert once.verdict == again.verdict == reference


def test_what_changed_during_a_run_is_no_pass_kept(
    one_broken: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody knows what of it the run was of."""
    one_broken.setattr(proof, "run_features", _Features(caught=True).run)
    one_broken.setattr(proof, "warm_runs", lambda: nullcontext(None))
    content = iter(["as it was", "as it is now", "as it was"])
    one_broken.setattr(reference_pass, "content_of_the_suite", lambda: next(content))
    (tmp_path / "reference-3-0").mkdir()

    prove(out=tmp_path, only="sends_twice", whole=False)

    assert not [*tmp_path.rglob("passed.json")]


def test_it_can_be_made_from_any_folder(one_broken: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each portal's results are below the folder that was named, from where it was named."""
    started: list[dict[str, str]] = []

    def start(arguments: list[str], _log: Path) -> int:
        started.append(dict(pairwise(arguments)))
        return 3

    one_broken.setattr(proof, "warm_runs", lambda: nullcontext(start))
    one_broken.chdir(tmp_path)
    with pytest.raises(SuiteError, match="did not run"):
        prove(out=Path("proof"))

    assert started
    for options in started:
        assert Path(options["--results"]).parent == tmp_path / "proof"
        assert Path(options["--target"]).is_absolute()
        assert options["--called-from"] == str(tmp_path)


def test_a_portal_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A name that no file has is the tester's to mend, before anything runs."""
    with pytest.raises(BadInput, match="no such broken portal"):
        prove(out=tmp_path, only="sends_thrice")
