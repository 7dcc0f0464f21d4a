"""Runs what takes hours, one after another, and ends with the worst verdict: `make proof`.

A part that fails ends nothing: one story in a thousand is a false alarm, and what comes after it
measures something else. Every verdict is told again at the end.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from simulator.clock import wall_now
from simulator.errors import COULD_NOT_JUDGE
from simulator.files.paths import ROOT
from simulator.verdicts import Kind, exit_code, worst

Command = tuple[str, ...]
_PHASES = (1, 2, 3)
_MINUTES_A_PHASE, _STORIES_A_PHASE = 10, 2000
_REHEARSALS = 20
_BIN = Path(sys.executable).parent
#: Its driver cannot restart it, so not every must is asked: if no story fails it, that is a SKIP.
_ASKED_LESS = "scenarios/targets/second-portal.toml"
#: What a command says by its exit code; any other is an error of its own.
_VERDICTS: dict[int, Kind] = {0: "PASS", 1: "FAIL", 3: "INCONCLUSIVE"}


class Part(Struct, frozen=True, kw_only=True):
    """One command that was run: its verdict, and the minutes that it took."""

    command: Command
    verdict: Kind
    minutes: float


def main() -> None:
    """Run every part with a new seed, which is printed; exit with the code of the worst."""
    seed = int(wall_now().timestamp())
    print(f"exploring and property tests with seed {seed}", flush=True)
    parts: list[Part] = []
    try:
        for command in commands(seed):
            parts.append(played(command))  # noqa: PERF401  Ctrl-C keeps what ran
    except KeyboardInterrupt:
        parts.append(Part(command=("stopped by Ctrl-C",), verdict="INCONCLUSIVE", minutes=0))
    Console(width=120).print(table_of(parts))
    sys.exit(code_of(parts))


def commands(seed: int) -> Iterator[Command]:
    """List every part, in the order in which they run."""
    yield _python("loadtests.kills")
    yield _python("loadtests.power_cuts", "--events", "300", "--cuts", "2000")
    workers = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    yield (str(_BIN / "pytest"), *workers, "--hypothesis-seed", str(seed))
    for phase in _PHASES:
        yield _on("accept", "reference-by-url", phase, "proof-by-url")
    yield _suite("prove", "--whole", "--seeds", "100")
    for phase in _PHASES:
        long = ("--minutes", str(_MINUTES_A_PHASE), "--seed", str(seed))
        yield _on("explore", "reference", phase, "proof-exploring", *long)
    for portal in ("second-portal", "third-portal"):
        for phase in _PHASES:
            many = ("--stories", str(_STORIES_A_PHASE))
            yield _on("explore", portal, phase, "proof-exploring", *many)
    yield _suite("prove", "--exploring", "60", "--resume", "--out", "out/proof-exploring")
    yield _python("tests.mutation", "--exploring", "30")
    yield _python("tests.portal_defects", "--resume")
    yield _python("tests.clients")
    for number in range(1, _REHEARSALS + 1):
        out = f"out/proof-rehearsals/{number}"
        size = ("--fraction", "0.01", "--seed", str(number), "--out", out)
        yield _suite("rehearse", "scenarios/phased-rollout.toml", *size)


def played(
    command: Command, run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
) -> Part:
    """Run one part to its end, whatever it finds; say how it went."""
    begun = wall_now()
    print(f"\n$ {_shown(command)}", flush=True)
    code = run(command, cwd=ROOT, check=False).returncode
    minutes = (wall_now() - begun).total_seconds() / 60
    return Part(command=command, verdict=_verdict(command, code), minutes=minutes)


def code_of(parts: Sequence[Part]) -> int:
    """Give the exit code of the worst part; that of an error if there is none."""
    return exit_code(worst(each.verdict for each in parts if each.verdict != "SKIP"))


def _verdict(command: Command, code: int) -> Kind:
    """Tell what a part found: SKIP only where less is asked on purpose."""
    if code == COULD_NOT_JUDGE and _ASKED_LESS in command:
        written = ROOT / command[command.index("--out") + 1] / "exploration.json"
        if written.exists() and json.loads(written.read_bytes())["verdict"] == "SKIP":
            return "SKIP"
    return _VERDICTS.get(code, "ERROR")


def table_of(parts: Sequence[Part]) -> Table:
    """List the parts that ran, with their verdicts."""
    table = Table("verdict", "minutes", "part")
    for each in parts:
        table.add_row(each.verdict, f"{each.minutes:.1f}", _shown(each.command))
    return table


def _python(module: str, *options: str) -> Command:
    return (sys.executable, "-m", module, *options)


def _suite(*words: str) -> Command:
    return (str(_BIN / "portal-suite"), *words)


def _on(command: str, portal: str, phase: int, out: str, *options: str) -> Command:
    """Have a portal judged in one phase, with a results folder of its own."""
    target = ("--target", f"scenarios/targets/{portal}.toml", "--phase", str(phase))
    return _suite(command, *target, *options, "--out", f"out/{out}/{portal}-{phase}")


def _shown(command: Command) -> str:
    return " ".join((Path(command[0]).name, *command[1:]))


if __name__ == "__main__":
    main()
