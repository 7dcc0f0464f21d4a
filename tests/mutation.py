"""What the features miss: mutmut changes the reference in one place at a time, and they are run.

`make mutation` changes a sample of places, runs the features that pass each, and compares what
survives with `fixtures/golden/mutation-survivors.toml`, which says why each may survive. A sample
takes minutes and the whole takes hours, so CI does not run it. With `--exploring SECONDS` made-up
stories are played on each survivor for so many seconds of a core, unless it is known to be
equivalent. The portal without a change is explored first, and only what the judge finds counts: a
run that ends with an error has found nothing.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Literal

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from simulator.errors import CONFORMS, COULD_NOT_JUDGE, DOES_NOT_CONFORM
from simulator.files.paths import ROOT
from simulator.processes.cores import cores
from simulator.prove.explored_portals import reference_alarms, stories_in

SURVIVORS = ROOT / "fixtures" / "golden" / "mutation-survivors.toml"
_FIRST = "reference.portal.rules.outcomes.x_status_after__mutmut_1"
_MUTANTS = ROOT / "mutants"
_MUTMUT = Path(sys.executable).with_name("mutmut")

#: equivalent: no victim, officer or force can tell. not asked: no requirement is about it.
#: another way: judged, but not by the features in process in phase 3. gap: the features miss it.
Why = Literal["equivalent", "not asked", "another way", "gap"]
#: A line that holds a part of a statement of SQL.
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN|VALUES|SET|AND|ON CONFLICT)\b")
#: How a survivor of the features is listed that made-up stories found.
BY_STORIES = "found by stories"
_PHASES = (3, 2, 1)
#: mutmut's name for no change at all.
UNCHANGED = ""
_EXPLORE = """
import json, sys
from simulator.explore.effort import Effort
from simulator.prove.explored_portals import first_new_failure
asked = json.load(sys.stdin)
alarms = {int(number): frozenset(each) for number, each in asked["alarms"].items()}
effort = Effort(phase=asked["phase"])
found = first_new_failure(effort, seconds_max=asked["seconds"], alarms=alarms)
json.dump({"fingerprint": found.fingerprint, "why_not": found.why_not_played}, sys.stdout)
"""


class Survivor(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a change to a line of a function may survive; every change to it, or just one."""

    where: str
    line: str
    becomes: str = ""
    verdict: Why
    why: str


class Played(Struct, frozen=True, kw_only=True):
    """What stories found of one change: a fingerprint of the judge, or "".

    `why_not` says why they could not be judged to the end ("" if they were): that is no find.
    """

    fingerprint: str = ""
    why_not: str = ""


_KEPT = dict[str, Played]


class Change(Struct, frozen=True, kw_only=True):
    """One change of one line, as mutmut made it."""

    name: str
    where: str
    line: str
    becomes: str


@click.command(help=__doc__)
@click.option("--sample", default=400, help="how many places; 0 for all")
@click.option("--module", default="", help="only of this module, such as quiet_hours")
@click.option("--known", is_flag=True, help="run nothing: explain what the last run found")
@click.option("--resume", is_flag=True, help="leave out what an earlier run has the result of")
@click.option("--exploring", "seconds", default=0.0, help="explore each survivor for so long")
def main(*, sample: int, module: str, known: bool, resume: bool, seconds: float) -> None:
    """Change, run, compare; end with 1 if a survivor is not explained, 3 if one is not judged."""
    if not known:
        _mutmut("run", _FIRST)
        _run(sample, module, resume=resume)
    found = {name: status for name, status in statuses().items() if status != "not checked"}
    survived = [name for name, status in found.items() if status in ("survived", "no tests")]
    changes = [change_of(each) for each in survived]
    explained = explanations(read_survivors(), changes)
    played: Mapping[str, Played] = {}
    if seconds:
        real = [e for e in survived if e not in explained or explained[e].verdict != "equivalent"]
        played = explored(real, seconds)
        found |= {name: BY_STORIES for name, each in played.items() if each.fingerprint}
        changes = [each for each in changes if found[each.name] != BY_STORIES]
    unexplained = [each for each in changes if each.name not in explained]
    Console(width=110).print(table_of(found, explained))
    for change in unexplained:
        click.echo(f"not explained: {change.where}\n  - {change.line}\n  + {change.becomes}")
    not_judged = {name: each.why_not for name, each in played.items() if each.why_not}
    for name, why in not_judged.items():
        click.echo(f"not judged by stories: {name}: {why}")
    sys.exit(DOES_NOT_CONFORM if unexplained else COULD_NOT_JUDGE if not_judged else CONFORMS)


def _run(sample: int, module: str, *, resume: bool) -> None:
    """Run the features on a sample of changes; mutmut keeps each result as it comes."""
    before = statuses()
    names = drawn((each for each in before if module in ("", _module_of(each))), sample)
    left = [each for each in names if not resume or before[each] == "not checked"]
    click.echo(f"{len(left)} of {len(names)} changes to run", err=True)
    if left:
        _mutmut("run", *left)


def drawn(names: Iterable[str], sample: int) -> list[str]:
    """Draw so many changes, or all for 0, by a digest of their names.

    An edit of one function then draws no others elsewhere.
    """
    by_digest = sorted(names, key=lambda name: sha256(name.encode()).digest())
    return by_digest[: sample or None]


def read_survivors(path: Path = SURVIVORS) -> list[Survivor]:
    """Read the explained survivors."""
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, list[Survivor]])["survivor"]


def explanations(known: list[Survivor], changes: list[Change]) -> dict[str, Survivor]:
    """Give the explanation of each change that has one, by its name."""
    same = {each.name: _same_sql(each) for each in changes if is_same_sql(each)}
    return same | {
        change.name: each
        for change in changes
        for each in known
        if (change.where, change.line) == (each.where, each.line)
        and each.becomes in ("", change.becomes)
    }


def is_same_sql(change: Change) -> bool:
    """Say whether only the case of SQL's own words and names is other, which no database minds.

    What stands in single quotes is a value, of which the case matters.
    """
    lines = (change.line, change.becomes)
    values = [re.findall("'[^']*'", each) for each in lines]
    return (
        bool(_SQL.search(change.line))
        and change.line.casefold() == change.becomes.casefold()
        and values[0] == values[1]
    )


def _same_sql(change: Change) -> Survivor:
    return Survivor(
        where=change.where,
        line=change.line,
        becomes=change.becomes,
        verdict="equivalent",
        why="SQL's words and names mean the same in capitals and in small letters",
    )


def statuses() -> dict[str, str]:
    """Give the status of every change: killed, survived, no tests, not checked and so on."""
    lines = _mutmut("results", "--all", "true").splitlines()
    return {
        name.strip(): status.strip() for name, _, status in (each.partition(": ") for each in lines)
    }


def explored(names: Iterable[str], seconds: float) -> dict[str, Played]:
    """Play stories of each phase on each change; return what they found, by the change's name.

    What the portal without a change fails does not count. `seconds` are of one core. Exits if the
    portal without a change cannot be explored, or fails: nothing would be shown by the others.
    """
    share = seconds / len(_PHASES)
    alarms = reference_alarms(stories=stories_in(share), seed=1)

    def play(name: str) -> Played:
        found = (explored_once(name, phase, share, alarms[phase]) for phase in _PHASES)
        return next((each for each in found if each != Played()), Played())

    unchanged = play(UNCHANGED)
    if unchanged != Played():
        sys.exit(f"the portal without a change: {unchanged.why_not or unchanged.fingerprint}")
    kept = _MUTANTS / f"found-by-stories-{seconds:g}.json"
    so_far = msgspec.json.decode(kept.read_bytes(), type=_KEPT) if kept.exists() else {}
    waiting = [each for each in names if each not in so_far]
    not_judged: dict[str, Played] = {}
    with ThreadPoolExecutor(cores()) as threads:
        for done, (name, found) in enumerate(
            zip(waiting, threads.map(play, waiting), strict=True), start=1
        ):
            # One that was not judged is tried again in the next run.
            (not_judged if found.why_not else so_far)[name] = found
            kept.write_bytes(msgspec.json.encode(so_far))
            said = found.why_not or found.fingerprint or "nothing"
            click.echo(f"{done} of {len(waiting)}: {name}: {said}", err=True)
    both = so_far | not_judged
    return {each: both[each] for each in names}


def explored_once(
    name: str,
    phase: int,
    seconds: float,
    alarms: Mapping[int, frozenset[str]],
    folder: Path = _MUTANTS,
) -> Played:
    """Explore the portal with this change in one phase, in a process of its own.

    `folder` has the suite with the changes. An error of the suite is no find.
    """
    ran = subprocess.run(
        [sys.executable, "-c", _EXPLORE],
        cwd=folder,
        env={**os.environ, "MUTANT_UNDER_TEST": name, "PYTHONPATH": str(folder)},
        input=json.dumps(
            {"phase": phase, "seconds": seconds, "alarms": {n: [*f] for n, f in alarms.items()}}
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or [""])[-1]
        return Played(why_not=f"phase {phase} ended with {ran.returncode}: {last}")
    # The portal may print lines of its own before.
    return msgspec.json.decode(ran.stdout.splitlines()[-1], type=Played)


def change_of(name: str) -> Change:
    """Read what mutmut changed."""
    return change_shown(name, _mutmut("show", name))


def change_shown(name: str, difference: str) -> Change:
    """Take a change from mutmut's lines of difference: of several lines, the first that differs."""
    shown = difference.splitlines()
    taken = [each[1:].strip() for each in shown if each.startswith("-") and each[:3] != "---"]
    put = [each[1:].strip() for each in shown if each.startswith("+") and each[:3] != "+++"]
    return Change(name=name, where=where(name), line=taken[0], becomes=put[0] if put else "")


def table_of(found: dict[str, str], explained: dict[str, Survivor]) -> Table:
    """Count by module what was caught, and why the rest was not."""
    columns = ("caught", "by stories", "equivalent", "not asked", "another way", "gap", "?")
    table = Table("module", "changed", *columns)
    counted: dict[str, Counter[str]] = {}
    for name, status in found.items():
        missed = status in ("survived", "no tests")
        fate = "by stories" if status == BY_STORIES else "caught"
        if missed:
            fate = explained[name].verdict if name in explained else "?"
        counted.setdefault(_module_of(name), Counter())[fate] += 1
    whole = sum(counted.values(), Counter())
    for module, count in [*sorted(counted.items()), ("all", whole)]:
        table.add_row(module, str(count.total()), *(str(count[each]) for each in columns))
    caught, real = whole["caught"] + whole["by stories"], whole.total() - whole["equivalent"]
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
