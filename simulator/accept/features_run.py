"""Runs the features in a process of their own, which writes one line a scenario."""

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from simulator.errors import BadInput, SuiteError
from simulator.processes.features_process import ALL_FEATURES, CANNOT_WRITE, Run, run_alone
from simulator.results.folder import FEATURE_FILES, remove_files
from simulator.results.values import ScenarioResult
from simulator.streams import FEATURES_SEED

_SCENARIOS = msgspec.json.Decoder(ScenarioResult)


def run_features(
    target_path: Path,
    *,
    phase: int,
    out: Path,
    only: str = "",
    among: Collection[str] = (),
    quick: bool = False,
    application: str = "",
    seed: int = FEATURES_SEED,
    run: Run = run_alone,
    reach_to: Path | None = None,
    reach: Path | None = None,
    replaced: Sequence[str] = (),
    plain: bool = True,
    twins_seconds: float = 0,
) -> list[ScenarioResult]:
    """Run pytest over the features in a process of its own; return one result a scenario.

    Relative paths are from the current folder, although the process starts in the suite's own. Only
    scenarios whose ids are `among` some run, if any are given; an outline's id is all its examples.
    `reach_to` is a file for the functions of the portal that each scenario calls. With such a file
    as `reach`, only the scenarios run that call a function in `replaced`. With `twins_seconds`
    twins are played in their place, and none is begun after that.
    """
    target_path, out = target_path.resolve(), out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    remove_files(out, FEATURE_FILES)
    results = out / "scenarios.ndjson"
    arguments = [
        *ALL_FEATURES,
        "--target", str(target_path), "--phase", str(phase), "--results", str(out),
        "--application", application, "--only", only, "--seed", str(seed),
        "--called-from", str(Path.cwd()), *(["--quick"] if quick else []),
        *(["--plain"] if plain else []),
        *(["--among", ",".join(sorted(among))] if among else []),
        *(["--twins", str(twins_seconds)] if twins_seconds else []),
        *(["--reach-to", str(reach_to.resolve())] if reach_to else []),
        *(["--reach", str(reach.resolve()), "--replaced", ",".join(replaced)] if reach else []),
    ]  # fmt: skip
    code = run(arguments, out / "pytest.log")
    if code == CANNOT_WRITE:
        raise SuiteError(
            f"{out}: the results could not be written (is the disk full?), so nothing was judged; "
            "make room there, and run it again"
        )
    if not results.exists() or code not in (0, 1, 2, 5):
        raise SuiteError(f"the features did not run; see {out / 'pytest.log'}")
    scenarios = [_SCENARIOS.decode(line) for line in results.read_bytes().splitlines()]
    if only and not scenarios and code == 5:
        raise BadInput(f"--only {only!r}: phase {phase} has no such scenario; see features/")
    if code == 2 and not scenarios:
        raise SuiteError(f"the features could not be collected; see {out / 'pytest.log'}")
    return scenarios
