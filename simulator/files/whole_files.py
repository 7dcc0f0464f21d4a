"""Writes a file whole or not at all: a full disk leaves no half of a result behind."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its name only when it is whole; raises OSError naming it."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, _explained(error), str(path)) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a whole file, text as UTF-8; raises OSError naming it."""
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def _explained(error: OSError) -> str:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"{reason}; make room there, and run it again" if error.errno in _NO_ROOM else reason
