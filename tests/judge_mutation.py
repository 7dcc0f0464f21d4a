"""What nobody would notice of the judge: mutmut changes it in one place, and all is judged again.

Each of 400 places, drawn by a digest of their names, judges the archive of evidence
(`tests/judged_archive.py`); a finding that differs catches it. What the archive misses is put to
the tests of the judge that call it. `fixtures/golden/judge-survivors.toml` says why a place may
survive both. `judge-alone.csv` beside it, which `--write` writes, lists each place that just one
test catches: that test stays.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import click
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents
from rich.console import Console
from rich.progress import track

from simulator.errors import CONFORMS, DOES_NOT_CONFORM
from simulator.files.paths import ROOT
from simulator.processes.cores import cores
from tests.changed_judge import CHANGED, FAILED, NOTED, REACHED, function_of
from tests.mutation import Change, change_shown, drawn, explanations, read_survivors, table_of

SURVIVORS = ROOT / "fixtures" / "golden" / "judge-survivors.toml"
ALONE = ROOT / "fixtures" / "golden" / "judge-alone.csv"
COPY = ROOT / "mutants" / "judge"
_COPIED = ("docs", "features", "fixtures", "loadtests", "reference", "scenarios", "simulator")
_TESTS = "tests/simulator/judge"
#: What mutmut writes before a function that it changed.
_WRAPPED = re.compile(r" *@_mutmut_mutated\(mutants_(.+)__mutmut\b")


@click.command(help=__doc__)
@click.option("--sample", default=400, help="How many places; 0 for all.")
@click.option("--module", default="", help="Only of this module, such as fold.")
@click.option("--write", is_flag=True, help="Write the table of tests that alone catch a place.")
def main(*, sample: int, module: str, write: bool) -> None:
    """Change, judge, compare; end with 1 if a survivor of both nets is not explained."""
    changes = {each.name: each for each in copied(sample, module)}
    by_archive = judged_with(changes)
    missed = [name for name in changes if not by_archive[name]]
    by_tests = tests_that_fail(missed)
    survived = [changes[name] for name in missed if not by_tests[name]]
    if write:
        write_alone(changes, by_tests)
    explained = explanations(read_survivors(SURVIVORS), survived)
    found = {name: "survived" if changes[name] in survived else "caught" for name in changes}
    Console(width=110).print(table_of(found, explained))
    caught = len(changes) - len(missed)
    click.echo(f"the archive catches {caught}, tests alone {len(missed) - len(survived)}")
    unexplained = [each for each in survived if each.name not in explained]
    for change in unexplained:
        click.echo(f"not explained: {change.where}\n  - {change.line}\n  + {change.becomes}")
    sys.exit(DOES_NOT_CONFORM if unexplained else CONFORMS)


def copied(sample: int, module: str = "") -> list[Change]:
    """Copy the suite with a changed judge; return the changes that are drawn."""
    shutil.rmtree(COPY, ignore_errors=True)
    for name in (*_COPIED, "tests"):
        shutil.copytree(ROOT / name, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", COPY)
    sources: dict[str, str] = {}
    files = sorted((COPY / "simulator" / "judge").rglob("*.py"))
    files = [each for each in files if module in ("", each.stem)]
    with ProcessPoolExecutor(cores()) as processes:
        for found in track(processes.map(_changed_file, files), "Files", total=len(files)):
            sources |= found
    names = drawn(sources, sample)
    for file in files:
        _leave_others(file, {function_of(name) for name in names})
    click.echo(f"{len(names)} of {len(sources)} places drawn", err=True)
    return [change_shown(name, get_diff_for_mutant(name, sources[name], "judge")) for name in names]


def _leave_others(file: Path, functions: Set[str]) -> None:
    """Have functions of which no change is drawn run as they are, which is much faster."""
    where = ".".join(file.relative_to(COPY).with_suffix("").parts)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = (
        line
        for line in lines
        if not (found := _WRAPPED.match(line)) or f"{where}.{found[1]}" in functions
    )
    file.write_text("".join(kept), encoding="utf-8")


def _changed_file(file: Path) -> dict[str, str]:
    """Change a file in every place; give its new text by the name of each change."""
    changed = mutate_file_contents(str(file), file.read_text(encoding="utf-8"))
    file.write_text(changed.code, encoding="utf-8")
    where = ".".join(file.relative_to(COPY).with_suffix("").parts)
    return {f"{where}.{name}": changed.code for name in changed.mutant_names}


def judged_with(names: Iterable[str]) -> dict[str, str]:
    """Give the first run of the archive in which the judge, so changed, finds something else."""
    ran = subprocess.run(
        [sys.executable, "-c", "from tests.changed_judge import main; main()"],
        cwd=COPY,
        env={**os.environ, "PYTHONPATH": str(COPY)},
        input=json.dumps([*names]),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ran.returncode:
        sys.exit("the archive could not be judged again")
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def tests_that_fail(names: Sequence[str]) -> dict[str, list[str]]:
    """Give the tests of the judge that fail with each change, of those that call its function."""
    reached = _pytest([_TESTS], changed=NOTED, noting=REACHED)

    def failing(name: str) -> list[str]:
        tests = reached.get(function_of(name), [])
        return list(_pytest(tests, changed=name, noting=FAILED)) if tests else []

    with ThreadPoolExecutor(cores()) as threads:
        found = track(threads.map(failing, names), "Put to tests", total=len(names))
        return dict(zip(names, found, strict=True))


def _pytest(tests: Sequence[str], *, changed: str, noting: str) -> dict[str, list[str]]:
    name = changed.replace("ǁ", ".")
    listed, noted = COPY / f"{name}.tests", COPY / f"{name}.json"
    listed.write_text("\n".join(tests), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "tests.changed_judge",
         "-p", "no:cacheprovider", f"@{listed}"],
        cwd=COPY,
        env={**os.environ, "PYTHONPATH": str(COPY), CHANGED: changed, noting: str(noted)},
        stdout=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    return dict(json.loads(noted.read_bytes()))


def write_alone(changes: Mapping[str, Change], by_tests: Mapping[str, Sequence[str]]) -> None:
    """Write the table of places that just one test catches."""
    with ALONE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("test", "where", "line", "becomes"))
        writer.writerows(
            sorted(
                (tests[0], changes[name].where, changes[name].line, changes[name].becomes)
                for name, tests in by_tests.items()
                if len(tests) == 1
            )
        )


if __name__ == "__main__":
    main()
