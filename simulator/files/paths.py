"""Where a relative path leads, on the command line and in a target file.

From the current folder; if there is no such file, from the suite's own folder. So the suite's files
have the same names wherever it is called from.
"""

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def found(path: Path) -> Path:
    """Find the file that a path leads to; return the path unchanged if there is none.

    A file in the current folder keeps the name it was given.
    """
    try:
        is_only_ours = not path.exists() and (ROOT / path).is_file()
    except OSError:
        # An impossible or forbidden path: the function that reads it reports that.
        return path
    return ROOT / path if is_only_ours else path


def found_in(command: Sequence[str]) -> list[str]:
    """Replace the paths of the suite's own files in a command; words without "/" stay."""
    return [_found_word(each) if "/" in each else each for each in command]


def _found_word(word: str) -> str:
    """Return a path as it was typed, with its "./", unless it is the suite's own."""
    path = found(Path(word))
    return word if path == Path(word) else str(path)
