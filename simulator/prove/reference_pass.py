"""Remembers that the reference passed, so that `prove --only` need not run it again each time.

A pass is kept with a digest of all that it rests on: the suite's own files, without the broken
portals, and the packages that are installed. Where any of it has changed, the reference runs again.
Nothing but a pass is kept.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path

import msgspec
from msgspec import Struct

from simulator.files.paths import ROOT
from simulator.files.whole_files import write_whole
from simulator.results.values import ScenarioResult

NAME = "passed.json"
_ROOMS = ("features", "fixtures", "reference", "scenarios", "simulator", "pyproject.toml")
#: The reference calls none of these, and they are what is changed between two runs.
_OTHERS = ("fixtures/broken_portals", "fixtures/golden")


class _Pass(Struct, frozen=True, kw_only=True):
    content: str
    scenarios: list[ScenarioResult]


_PASSES = msgspec.json.Decoder(_Pass)


class KeptPasses:
    """The passes in the folders of some runs of the reference, by name."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        """Take the folders; with none of them, nothing is read or kept."""
        self._folders = folders
        self._content = content_of_the_suite() if folders else ""

    def read(self) -> dict[str, list[ScenarioResult]]:
        """Give the scenarios of each run that need not be made again."""
        found = {name: kept_pass(each, self._content) for name, each in self._folders.items()}
        return {name: scenarios for name, scenarios in found.items() if scenarios}

    def keep(self, found: Mapping[str, list[ScenarioResult]]) -> None:
        """Keep what passed, unless something was changed during the run: it may be of either."""
        if self._folders and self._content == content_of_the_suite():
            for name, folder in self._folders.items():
                keep_pass(folder, self._content, found[name])


def content_of_the_suite(root: Path = ROOT) -> str:
    """Give the SHA-256 of the files and packages on which a pass of the reference rests."""
    digest = hashlib.sha256(sys.version.encode())
    for each in sorted(f"{each.name}=={each.version}" for each in distributions()):
        digest.update(f"{each}\n".encode())
    for path in sorted(_files(root)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def kept_pass(folder: Path, content: str) -> list[ScenarioResult]:
    """Read the scenarios that the reference passed with this content; [] where it has to run."""
    try:
        kept = _PASSES.decode((folder / NAME).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return []
    return kept.scenarios if kept.content == content and _is_pass(kept.scenarios) else []


def keep_pass(folder: Path, content: str, scenarios: list[ScenarioResult]) -> None:
    """Keep what the reference passed, if it did."""
    if _is_pass(scenarios):
        kept = _Pass(content=content, scenarios=scenarios)
        write_whole(folder / NAME, msgspec.json.encode(kept))


def _is_pass(scenarios: list[ScenarioResult]) -> bool:
    return bool(scenarios) and all(each.verdict == "PASS" for each in scenarios)


def _files(root: Path) -> Iterator[Path]:
    others = [root / each for each in _OTHERS]
    for room in _ROOMS:
        for path in (root / room, *(root / room).rglob("*")):
            is_written_anew = "__pycache__" in path.parts
            if path.is_file() and not is_written_anew and not {*others} & {*path.parents}:
                yield path
