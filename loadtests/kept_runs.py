"""Read the results of bursts that were run before, from a folder of one run or of several."""

from pathlib import Path

import msgspec

from simulator.errors import BadInput
from simulator.results.load import LoadResult


def read_runs(folder: Path) -> list[LoadResult]:
    """Read load.json of a folder, or of each folder in it; raises BadInput."""
    paths = [folder / "load.json"] if (folder / "load.json").is_file() else []
    paths += sorted(folder.glob("*/load.json"))
    if not paths:
        raise BadInput(f"{folder}: no load.json in it, nor in a folder of it; run a burst first")
    return [read_run(path) for path in paths]


def read_run(path: Path) -> LoadResult:
    """Read the result of one burst; raises BadInput."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LoadResult)
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path}: not the result of a burst: {error}; run the burst again") from None
