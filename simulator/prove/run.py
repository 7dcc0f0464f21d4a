"""Judges the judge: every broken portal must be caught by the scenario it names.

The reference must be caught by none, and shows which scenarios a broken portal can differ in. Each
runs in a process of its own, a few at a time.
"""

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from simulator.accept.features_run import run_features
from simulator.drivers.exchange import CRASHED
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.written_scenarios import read_written
from simulator.legible import did_you_mean
from simulator.processes.cores import cores
from simulator.processes.features_process import Run, warm_runs
from simulator.prove import caught_by_story, kill_matrix
from simulator.prove.explored_table import said_of
from simulator.prove.reference_pass import KeptPasses
from simulator.results.values import ProofResult, ProofRow, ScenarioResult
from simulator.verdicts import Kind, worst

FOLDER = ROOT / "fixtures" / "broken_portals"
REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
LAST_PHASE = 3


class BrokenPortal(Struct, frozen=True, kw_only=True):
    """One portal with one thing wrong, as its row in a file declares it.

    `caught_by` is the permanent id of the scenario that must catch it, or the name of a kept story,
    which is then all that it meets. It is put into `phase`: the one declared, or that of this
    scenario or story. Where none is declared the scenario catches it in the last phase too.
    """

    id: str
    name: str
    wrong: str
    requirement: str
    caught_by: str
    because: str
    phase: int
    declares_phase: bool = False
    #: Where its row stands: package and module.
    module: str = "fixtures.broken_portals"
    #: The functions in which it alone differs; () where that is not known.
    replaced: tuple[str, ...] = ()

    @property
    def application(self) -> str:
        """What builds it, as a target names it."""
        return f"{self.module}:{self.name}"


def read_broken_portals(folder: Path = FOLDER, *, only: str = "") -> list[BrokenPortal]:
    """Read what every row declares, or the one that is asked for, without running it.

    Raises BadInput naming file, line and row, or the name that none has.
    """
    phases = {each.id.partition(".")[0]: each.phase for each in read_written()}
    called = read_names().portal_name(read_names().portal_id(only)) or only
    rows = [row for path in sorted(folder.glob("*.py")) for row in _rows(path, phases)]
    broken = [row for row in rows if called in ("", row.name)]
    if only and not broken:
        near = did_you_mean(only, [row.name for row in rows])
        raise BadInput(f"--only {only!r:.80}: no such broken portal in {folder}{near}")
    return sorted(broken, key=lambda row: row.name)


def prove(
    *,
    out: Path,
    only: str = "",
    eighth: bool = False,
    kept: Mapping[str, set[str]] | None = None,
    whole: bool = True,
    named_only: bool = False,
    seeds: int = 1,
    on_done: Callable[[str], None] = lambda _name: None,
) -> ProofResult:
    """Run the features against the reference and every broken portal, and build the kill matrix.

    The reference is met in every phase, and with more `seeds` in another one with each: in another
    order, on other days, with other names and delays; with `only`, in one phase. A broken portal
    meets every scenario in which the reference calls what is replaced in it, and does what the
    reference does in any other. Where a matrix is `kept`, another one than that is a failure.

    Without `whole` a broken portal meets the scenario it names and those that it failed in the
    matrix kept; where it now does anything else than it did, it meets every one. So it is caught
    as by all, and only what it would fail besides is not known. With `named_only` a broken portal
    meets just the scenario it names, in the last phase; one that shows only after other scenarios
    meets them all. With `eighth` every eighth broken portal is met, and the reference in phase 1
    with seed 1 alone. With `only`, and without `whole`, a pass of it kept in `out` counts.
    """
    broken = read_broken_portals(only=only)[:: 8 if eighth else 1]
    before = kept if kept is not None and not whole and not only else {}
    # A trace takes longer than one portal's scenarios: where there is one, it meets them all.
    traced = {e.phase for e in broken if e.replaced and whole and not (named_only or only)}
    runs_of_reference = _reference_runs(seeds, broken[0].phase if only else None, eighth=eighth)
    passes = _kept_passes(out, runs_of_reference if only and not whole else {})
    found = passes.read()
    left = {name: how for name, how in runs_of_reference.items() if name not in found}
    meet = partial(_meet, out=out, named_only=named_only, before=before, traced=traced)
    # The runs end first, also where they are stopped: the threads wait for them.
    with ThreadPoolExecutor(max_workers=cores()) as pool, warm_runs() as run:
        reference_first = {
            pool.submit(
                _meet_reference, phase, seed, out=out, run=run, trace=seed == 0 and phase in traced
            ): name
            for name, (phase, seed) in left.items()
        }
        if traced:
            _gather(reference_first, found, on_done)
            reference_first = {}
        portals = {pool.submit(meet, each, run=run): each.name for each in broken}
        _gather(reference_first | portals, found, on_done)
    rows = [_row(each, found[each.name]) for each in broken]
    reference = [each for name in runs_of_reference for each in found[name]]
    passes.keep(found)
    changed = _changes(kept, rows, only=only) if kept is not None else []
    return ProofResult(
        verdict="FAIL" if changed else _verdict(rows, reference),
        reference_verdict=worst(each.verdict for each in reference),
        reference_failed=tuple(sorted(each.label for each in reference if each.verdict != "PASS")),
        changed=tuple(changed),
        whole=not before and not named_only,
        reference_passed_before=not left,
        rows=rows,
    )


def _gather(
    runs: Mapping[Future[list[ScenarioResult]], str],
    found: dict[str, list[ScenarioResult]],
    on_done: Callable[[str], None],
) -> None:
    """Take in each run as it ends."""
    for done in as_completed(runs):
        found[runs[done]] = done.result()
        on_done(runs[done])


def _changes(kept: Mapping[str, set[str]], rows: list[ProofRow], *, only: str) -> list[str]:
    return kill_matrix.changes(kept, rows) + ([] if only else kill_matrix.gone(kept, rows))


def _reference_runs(
    seeds: int, of_phase: int | None = None, *, eighth: bool = False
) -> dict[str, tuple[int, int]]:
    """Name the phases and seeds in which the reference is met: nothing may fail it in any.

    For one broken portal it is met in the phase of that portal alone.
    """
    runs = [(1, 0), (2, 0), *((3 - seed % 3, seed) for seed in range(seeds))]
    if eighth:
        runs = [(1, 1)]
    if of_phase is not None:
        runs = [(of_phase, seed) for seed in range(seeds)]
    return {f"reference, phase {phase}, seed {seed}": (phase, seed) for phase, seed in runs}


def _meet_reference(
    phase: int, seed: int, *, out: Path, run: Run, trace: bool
) -> list[ScenarioResult]:
    """Run the features against the reference; a trace takes longer, so only where one is read."""
    folder = _of_reference(out, phase, seed)
    reach_to = _reach(out, phase) if trace else None
    return run_features(REFERENCE, phase=phase, out=folder, seed=seed, run=run, reach_to=reach_to)


def _kept_passes(out: Path, runs_of_reference: Mapping[str, tuple[int, int]]) -> KeptPasses:
    """Look for the passes that may take the place of these runs."""
    return KeptPasses({name: _of_reference(out, *how) for name, how in runs_of_reference.items()})


def _of_reference(out: Path, phase: int, seed: int) -> Path:
    return out / f"reference-{phase}-{seed}"


def _reach(out: Path, phase: int) -> Path:
    return out / f"reach-{phase}.json"


def _meet(
    broken: BrokenPortal,
    *,
    out: Path,
    named_only: bool,
    before: Mapping[str, set[str]],
    traced: Collection[int],
    run: Run,
) -> list[ScenarioResult]:
    """Run the features against a broken portal, which failed some `before`; or play its story."""
    application = broken.application
    if caught_by_story.phase_of(broken.caught_by):
        folder = out / broken.name
        return caught_by_story.play_kept(
            broken.caught_by, REFERENCE, application=application, out=folder
        )

    def meet(phase: int, only: str = "", *, among: Collection[str] = ()) -> list[ScenarioResult]:
        is_traced = broken.replaced and not among and not only and phase in traced
        return run_features(
            REFERENCE,
            phase=phase,
            out=out / broken.name,
            only=only,
            among=among,
            application=application,
            run=run,
            reach=_reach(out, phase) if is_traced else None,
            replaced=broken.replaced,
        )

    if named_only:
        last = broken.phase if broken.declares_phase else LAST_PHASE
        found = meet(last, broken.caught_by)
        return found if _row(broken, found).caught else meet(last)
    if broken.id in before:
        found = meet(broken.phase, among={broken.caught_by, *before[broken.id]})
        row = _row(broken, found)
        if row.caught and set(row.failed_ids) == before[broken.id]:
            return found
    return meet(broken.phase)


def _row(broken: BrokenPortal, scenarios: Iterable[ScenarioResult]) -> ProofRow:
    """Say whether the named scenario failed, of the named requirement, for the stated reason."""
    met = list(scenarios)
    failed = [each for each in met if each.verdict != "PASS"]
    named = [each for each in failed if _is_named(each, broken)]
    was_met = any(_is_named(each, broken) for each in met)
    why_left_out = "was not run: there the reference calls nothing of what is replaced"
    caught, reason = False, f"{broken.caught_by} {'passed' if was_met else why_left_out}"
    by_id = {each.id: each.name for each in sorted(failed, key=lambda each: each.name)}
    for each in named:
        reason = f"{each.failed_step}: {each.observed or each.reason}"
        if each.verdict == "FAIL" and _is_the_reason(broken, each, reason):
            caught = True
            break
    return ProofRow(
        id=broken.id,
        name=broken.name,
        wrong=broken.wrong,
        requirement=broken.requirement,
        must_be_caught_by=read_names().scenario_name(broken.caught_by) or broken.caught_by,
        must_be_caught_by_id=broken.caught_by,
        caught=caught,
        reason=reason,
        failed=tuple(by_id.values()),
        failed_ids=tuple(by_id),
        also_failed=tuple(sorted({each.label for each in failed if each not in named})),
        explored=_explored().get(broken.id, ""),
    )


@cache
def _explored() -> dict[str, str]:
    """Read once how soon exploring finds each."""
    return said_of()


def _is_named(scenario: ScenarioResult, broken: BrokenPortal) -> bool:
    """Say whether a scenario, or the outline it is an example of, is the one that must catch it."""
    return scenario.id.partition(".")[0] == broken.caught_by


def _is_the_reason(broken: BrokenPortal, scenario: ScenarioResult, reason: str) -> bool:
    """Say whether a scenario failed for the stated reason, of the requirement that is broken.

    The step's own words are not enough, for they stand there after a crash too.
    """
    because = broken.because.lower()
    return (
        because in reason.lower()
        and because not in scenario.failed_step.lower()
        and CRASHED not in reason
        and broken.requirement in scenario.requirements
    )


def _verdict(rows: Iterable[ProofRow], reference: Iterable[ScenarioResult]) -> Kind:
    if any(each.verdict != "PASS" for each in reference) or not all(row.caught for row in rows):
        return "FAIL"
    return "PASS"


def _rows(path: Path, phases: Mapping[str, int]) -> Iterator[BrokenPortal]:
    """Read the rows of a file from its source, so that nothing of it runs here."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "broken":
                    yield _row_of(path, node, call, phases, imported)


def _row_of(
    path: Path,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    call: ast.Call,
    phases: Mapping[str, int],
    imported: Mapping[str, str],
) -> BrokenPortal:
    words = [each.value for each in call.args if isinstance(each, ast.Constant)]
    named = {each.arg: each.value for each in call.keywords}
    wrong = (ast.get_docstring(node) or "").strip().partition("\n")[0]
    if len(words) != len(_DECLARED) or not wrong:
        raise BadInput(
            f"{path}:{node.lineno}: {node.name}: a broken portal declares {', '.join(_DECLARED)},"
            " and in its docstring what is wrong"
        )
    id, requirement, caught_by, because = map(str, words)
    phase = ast.literal_eval(named["phase"]) if "phase" in named else 0
    return BrokenPortal(
        id=id,
        name=node.name,
        wrong=wrong,
        requirement=requirement,
        caught_by=caught_by,
        because=because,
        phase=phase or phases.get(caught_by) or caught_by_story.phase_of(caught_by) or LAST_PHASE,
        declares_phase="phase" in named,
        module=f"fixtures.{path.parent.name}.{path.stem}",
        replaced=_replaced(named["of"], imported) if "of" in named else (),
    )


def _replaced(of: ast.expr, imported: Mapping[str, str]) -> tuple[str, ...]:
    match of:
        case ast.Tuple(elts=[where, ast.Constant(value=str(name))]):
            base, _, rest = ast.unparse(where).partition(".")
            return (".".join(filter(None, (imported[base], rest, name))),)
    return ()


_DECLARED = ("id", "requirement", "caught_by", "because")
