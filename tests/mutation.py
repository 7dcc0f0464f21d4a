"""What the features miss: mutmut changes the reference in one place at a time, and they are run.

`make mutation` changes a sample of places, runs the features that pass each, and compares what
survives with `fixtures/golden/mutation-survivors.toml`, which says why each may survive. A sample
takes minutes and the whole takes hours, so CI does not run it.
"""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Literal

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from simulator.files.paths import ROOT

SURVIVORS = ROOT / "fixtures" / "golden" / "mutation-survivors.toml"
_FIRST = "reference.portal.rules.outcomes.x_status_after__mutmut_1"
_MUTMUT = Path(sys.executable).with_name("mutmut")

#: equivalent: no victim, officer or force can tell. not asked: no requirement is about it.
#: another way: judged, but not by the features in process in phase 3. gap: the features miss it.
Why = Literal["equivalent", "not asked", "another way", "gap"]


class Survivor(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a change to a line of a function may survive; every change to it, or just one."""

    where: str
    line: str
    becomes: str = ""
    verdict: Why
    why: str


class Change(Struct, frozen=True, kw_only=True):
    """One change of one line, as mutmut made it."""

    name: str
    where: str
    line: str
    becomes: str


@click.command(help=__doc__)
@click.option("--sample", default=400, help="how many places; 0 for all")
@click.option("--seed", default=2)
@click.option("--module", default="", help="only of this module, such as quiet_hours")
@click.option("--known", is_flag=True, help="run nothing: explain what the last run found")
def main(*, sample: int, seed: int, module: str, known: bool) -> None:
    """Change, run, compare; end with 1 if a survivor is not explained."""
    if not known:
        _mutmut("run", _FIRST)
        names = sorted(each for each in statuses() if module in ("", _module_of(each)))
        if sample and sample < len(names):
            names = random.Random(seed).sample(names, sample)  # noqa: S311  no secret
        _mutmut("run", *names)
    found = {name: status for name, status in statuses().items() if status != "not checked"}
    survived = [name for name, status in found.items() if status in ("survived", "no tests")]
    changes = [change_of(each) for each in survived]
    explained = explanations(read_survivors(), changes)
    unexplained = [each for each in changes if each.name not in explained]
    Console(width=110).print(table_of(found, explained))
    for each in unexplained:
        click.echo(f"not explained: {each.where}\n  - {each.line}\n  + {each.becomes}")
    sys.exit(1 if unexplained else 0)


def read_survivors(path: Path = SURVIVORS) -> list[Survivor]:
    """Read the explained survivors."""
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, list[Survivor]])["survivor"]


def explanations(known: list[Survivor], changes: list[Change]) -> dict[str, Survivor]:
    """Give the explanation of each change that has one, by its name."""
    return {
        change.name: each
        for change in changes
        for each in known
        if (change.where, change.line) == (each.where, each.line)
        and each.becomes in ("", change.becomes)
    }


def statuses() -> dict[str, str]:
    """Give the status of every change: killed, survived, no tests, not checked and so on."""
    lines = _mutmut("results", "--all", "true").splitlines()
    return {
        name.strip(): status.strip() for name, _, status in (each.partition(": ") for each in lines)
    }


def change_of(name: str) -> Change:
    """Read what mutmut changed; of several lines, the first that differs."""
    shown = _mutmut("show", name).splitlines()
    taken = [each[1:].strip() for each in shown if each.startswith("-") and each[:3] != "---"]
    put = [each[1:].strip() for each in shown if each.startswith("+") and each[:3] != "+++"]
    return Change(name=name, where=where(name), line=taken[0], becomes=put[0] if put else "")


def table_of(found: dict[str, str], explained: dict[str, Survivor]) -> Table:
    """Count by module what was caught, and why the rest was not."""
    columns = ("caught", "equivalent", "not asked", "another way", "gap", "?")
    table = Table("module", "changed", *columns)
    counted: dict[str, Counter[str]] = {}
    for name, status in found.items():
        missed = status in ("survived", "no tests")
        fate = (explained[name].verdict if name in explained else "?") if missed else "caught"
        counted.setdefault(_module_of(name), Counter())[fate] += 1
    whole = sum(counted.values(), Counter())
    for module, count in [*sorted(counted.items()), ("all", whole)]:
        table.add_row(module, str(count.total()), *(str(count[each]) for each in columns))
    caught, real = whole["caught"], whole.total() - whole["equivalent"]
    judged = real - whole["not asked"] - whole["another way"]
    table.caption = (
        f"caught of all that can be told: {caught} of {real} ({caught / real:.0%}); of what a "
        f"requirement asks and could be seen here: {caught} of {judged} ({caught / judged:.0%})"
    )
    return table


def where(name: str) -> str:
    """Give the module, without its folders, and the function of a change, by mutmut's name."""
    function = name.rpartition(".")[2].partition("__mutmut_")[0]
    return f"{_module_of(name)}.{function.removeprefix('x')[1:].replace('ǁ', '.')}"


def _module_of(name: str) -> str:
    return name.split(".")[-2]


def _mutmut(*arguments: str) -> str:
    ran = subprocess.run(
        [_MUTMUT, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        sys.exit(f"mutmut {arguments[0]}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return ran.stdout


if __name__ == "__main__":
    main()
