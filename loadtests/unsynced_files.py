"""What is left of files when the power fails: every write to them is recorded, and every sync.

SQLite writes through a VFS of ours. A disk may keep or lose each write that no later sync covered,
in any order: `left_after` makes the files as they would then be found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import apsw
from msgspec import Struct

_NAME = "records-writes"


class FileOperation(Struct, frozen=True):
    """Something that was done to a file: `data` at an offset, or an offset that it was cut to."""

    file: str
    kind: Literal["write", "truncate", "sync", "delete"]
    offset: int = 0
    data: bytes = b""


class _File(apsw.VFSFile):
    """A file of the system's, with every change to it noted."""

    def __init__(self, name: Any, flags: list[int], log: list[FileOperation]) -> None:
        super().__init__("", name, flags)
        given = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._file = Path(given or "").name
        self._log = log

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  apsw's names
        super().xWrite(data, offset)
        self._log.append(FileOperation(self._file, "write", offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._log.append(FileOperation(self._file, "truncate", newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._log.append(FileOperation(self._file, "sync"))


class _Vfs(apsw.VFS):
    def __init__(self, log: list[FileOperation]) -> None:
        super().__init__(_NAME, "")
        self._log = log

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        return _File(name, flags, self._log)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802
        super().xDelete(filename, syncdir)
        self._log.append(FileOperation(Path(filename).name, "delete"))


@contextmanager
def recorded_database(path: Path) -> Iterator[tuple[apsw.Connection, list[FileOperation]]]:
    """Open an SQLite file; yield the connection, and the log that grows with its writes."""
    log: list[FileOperation] = []
    vfs = _Vfs(log)
    connection = apsw.Connection(str(path), vfs=_NAME)
    try:
        # Without shared memory, which a VFS in Python has not; it changes no write and no sync.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        yield connection, log
    finally:
        connection.close()
        vfs.unregister()


def left_after(
    operations: Sequence[FileOperation], *, is_kept: Callable[[], bool]
) -> dict[str, bytes]:
    """Give each file as a disk would have it; `is_kept` is asked about each unsynced change.

    A file that was made is there, if only empty. One that was deleted is gone.
    """
    synced: dict[str, bytearray] = defaultdict(bytearray)
    waiting: dict[str, list[FileOperation]] = defaultdict(list)
    for each in operations:
        if each.kind == "delete":
            synced.pop(each.file, None)
            waiting.pop(each.file, None)
        elif each.kind == "sync":
            for change in waiting.pop(each.file, []):
                _apply(change, synced[each.file])
        else:
            waiting[each.file].append(each)
    for file, changes in waiting.items():
        content = synced[file]
        for change in changes:
            if is_kept():
                _apply(change, content)
    return {file: bytes(content) for file, content in synced.items()}


def _apply(change: FileOperation, content: bytearray) -> None:
    end = change.offset + len(change.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if change.kind == "truncate":
        del content[change.offset :]
    else:
        content[change.offset : end] = change.data
