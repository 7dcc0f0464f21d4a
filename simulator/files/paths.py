"""Where a relative path leads, on the command line and in a target file.

From the current folder, as anybody expects; else to the suite's own files, which so have the same
names wherever the suite is called from.
"""

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def found(path: Path) -> Path:
    """Give the file a path leads to; the path as it is where there is none, for its reader to say.

    A file of the current folder keeps the name it was given.
    """
    try:
        is_only_ours = not path.exists() and (ROOT / path).is_file()
    except OSError:
        # What no folder can hold, or nobody may look at, is said by whoever reads it.
        return path
    return ROOT / path if is_only_ours else path


def found_in(command: Sequence[str]) -> list[str]:
    """Give a command with the suite's own files in it found from anywhere; bare words stay."""
    return [_found_word(each) if "/" in each else each for each in command]


def _found_word(word: str) -> str:
    """Give a path as it was typed, "./" and all, unless it is the suite's own."""
    path = found(Path(word))
    return word if path == Path(word) else str(path)
