"""Runs what takes hours, one after another, and ends with the worst verdict: `make proof`.

A command that fails ends nothing: one story in a thousand is a false alarm, and what comes after it
measures something else. Every verdict is told again at the end. `--only` runs one part alone.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
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
#: Nobody can restart these portals, so not every must is asked: if nothing fails, that is a SKIP.
_ASKED_LESS = {
    "scenarios/targets/second-portal.toml": "exploration.json",
    "tests.accepted_by_url": "acceptance.json",
}
#: How long each part took here.
TOOK = ROOT / "out" / "proof-minutes.json"
#: What a command says by its exit code; any other is an error of its own.
_VERDICTS: dict[int, Kind] = {0: "PASS", 1: "FAIL", 3: "INCONCLUSIVE"}


class Ran(Struct, frozen=True, kw_only=True):
    """One command that was run: its verdict, and the minutes that it took."""

    command: Command
    verdict: Kind
    minutes: float


class Part(Struct, frozen=True, kw_only=True):
    """Some of the commands under one name; `takes` says about how long, on two quiet cores."""

    name: str
    takes: str
    commands: tuple[Command, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what takes hours with a new seed, which is printed; exit with the code of the worst."""
    seed = int(wall_now().timestamp())
    parts = {each.name: each for each in parts_of(seed)}
    asked = _parser(parts.values()).parse_args(arguments)
    chosen = [each for name, each in parts.items() if not asked.only or name in asked.only]
    print(f"exploring and property tests with seed {seed}", flush=True)
    ran: list[Ran] = []
    try:
        for part in chosen:
            begun = len(ran)
            for command in part.commands:
                ran.append(played(command))  # noqa: PERF401  Ctrl-C keeps what ran
            _keep_minutes(part.name, sum(each.minutes for each in ran[begun:]))
    except KeyboardInterrupt:
        ran.append(Ran(command=("stopped by Ctrl-C",), verdict="INCONCLUSIVE", minutes=0))
    Console(width=120).print(table_of(ran))
    sys.exit(code_of(ran))


def _keep_minutes(name: str, minutes: float) -> None:
    """Keep how long a part took here, for --help."""
    TOOK.parent.mkdir(parents=True, exist_ok=True)
    TOOK.write_text(json.dumps(_minutes() | {name: round(minutes, 1)}, indent=1))


def _minutes() -> dict[str, float]:
    """Give how long each part took here when it last ran to its end."""
    kept: dict[str, float] = json.loads(TOOK.read_bytes()) if TOOK.exists() else {}
    return kept


def _parser(parts: Iterable[Part]) -> argparse.ArgumentParser:
    listed = [*parts]
    width = max(len(each.name) for each in listed)
    took = {name: f"took {minutes:g} minutes here" for name, minutes in _minutes().items()}
    lines = (f"  {each.name:{width}}  {took.get(each.name, each.takes)}" for each in listed)
    parser = argparse.ArgumentParser(
        prog="python -m tests.proof",
        description=main.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(("Parts, in their order:", *lines, "", *_EXAMPLES)),
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=[each.name for each in listed],
        metavar="PART",
        help="run only this part; may be given more than once",
    )
    return parser


_EXAMPLES = (
    "Rough times for two quiet cores, until a part has run here to its end.",
    "Run again, broken-portals, altered-edges and portal-defects go on where they were stopped.",
    "",
    "Examples:",
    "  python -m tests.proof",
    "  python -m tests.proof --only kills --only power-cuts",
    "  python -m tests.proof --only mutation",
)


def commands(seed: int) -> Iterator[Command]:
    """List every command, in the order in which they run."""
    for part in parts_of(seed):
        yield from part.commands


def parts_of(seed: int) -> Iterator[Part]:
    """List every part, in the order in which they run."""
    workers = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    cuts = ("--events", "300", "--cuts", "2000")
    new = (str(_BIN / "pytest"), *workers, "--hypothesis-seed", str(seed))
    yield _part("kills", "some 5 minutes", _python("loadtests.kills"))
    yield _part("power-cuts", "some 10 minutes", _python("loadtests.power_cuts", *cuts))
    yield _part("tests", "over 10 minutes", new)
    by_url = (_on("accept", "reference-by-url", phase, "proof-by-url") for phase in _PHASES)
    yield _part("accept-by-url", "some 10 minutes", *by_url)
    runs_already = (
        _python(
            "tests.accepted_by_url", "scenarios/targets/third-portal.toml",
            "--phase", str(phase), "--out", f"out/proof-runs-already/{phase}",
        )
        for phase in _PHASES
    )  # fmt: skip
    yield _part("accept-that-runs-already", "some 10 minutes", *runs_already)
    yield _part("prove", "an hour or two", _suite("prove", "--whole", "--seeds", "100"))
    yield from _exploring(seed)
    yield _part(
        "mutation", "up to an hour", _python("tests.mutation", "--resume", "--exploring", "30")
    )
    yield _part("judged-archive", "a minute", _python("tests.judged_archive"))
    yield _part("judge-mutation", "an hour or two", _python("tests.judge_mutation"))
    yield _part("altered-edges", "up to two hours", _python("tests.altered_edges", "--resume"))
    yield _part("portal-defects", "half an hour", _python("tests.portal_defects", "--resume"))
    yield _part("clients", "a minute or two", _python("tests.clients"))
    rehearsals = (_rehearsal(number) for number in range(1, _REHEARSALS + 1))
    yield _part("rehearsals", "40 minutes", *rehearsals)


def _part(name: str, takes: str, *commands_of_it: Command) -> Part:
    return Part(name=name, takes=takes, commands=commands_of_it)


def _exploring(seed: int) -> Iterator[Part]:
    """List what explores: the reference, the other two portals, and every broken portal."""
    long = ("--minutes", str(_MINUTES_A_PHASE), "--seed", str(seed))
    of_reference = (
        _on("explore", "reference", phase, "proof-exploring", *long) for phase in _PHASES
    )
    minutes = len(_PHASES) * _MINUTES_A_PHASE
    yield _part("explore-reference", f"{minutes} minutes", *of_reference)
    many = ("--stories", str(_STORIES_A_PHASE))
    for portal in ("second-portal", "third-portal"):
        of_portal = (_on("explore", portal, phase, "proof-exploring", *many) for phase in _PHASES)
        yield _part(f"explore-{portal}", "some minutes", *of_portal)
    broken = ("--exploring", "60", "--resume", "--out", "out/proof-exploring")
    yield _part("broken-portals", "up to an hour", _suite("prove", *broken))


def _rehearsal(number: int) -> Command:
    out = f"out/proof-rehearsals/{number}"
    size = ("--fraction", "0.01", "--seed", str(number), "--out", out)
    return _suite("rehearse", "scenarios/phased-rollout.toml", *size)


def played(
    command: Command, run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
) -> Ran:
    """Run one command to its end, whatever it finds; say how it went."""
    begun = wall_now()
    print(f"\n$ {_shown(command)}", flush=True)
    code = run(command, cwd=ROOT, check=False).returncode
    minutes = (wall_now() - begun).total_seconds() / 60
    return Ran(command=command, verdict=_verdict(command, code), minutes=minutes)


def code_of(parts: Sequence[Ran]) -> int:
    """Give the exit code of the worst; that of an error if there is none."""
    return exit_code(worst(each.verdict for each in parts if each.verdict != "SKIP"))


def _verdict(command: Command, code: int) -> Kind:
    """Tell what a command found: SKIP only where less is asked on purpose."""
    result = next((name for asked, name in _ASKED_LESS.items() if asked in command), "")
    if code == COULD_NOT_JUDGE and result:
        written = ROOT / command[command.index("--out") + 1] / result
        if written.exists() and json.loads(written.read_bytes())["verdict"] == "SKIP":
            return "SKIP"
    return _VERDICTS.get(code, "ERROR")


def table_of(parts: Sequence[Ran]) -> Table:
    """List the commands that ran, with their verdicts."""
    table = Table("verdict", "minutes", "command")
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
