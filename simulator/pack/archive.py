"""The zip of a pack: stored, not compressed, so the same files always give the same bytes.

Every byte has one correct value. To check a pack, it is written again and compared, so nothing can
be hidden in it, unpack to more than its size, or be altered unnoticed.
"""

import shutil
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, BinaryIO, TypeAlias

from simulator.errors import DOES_NOT_CONFORM, SuiteError
from simulator.pack.manifest import FILES_MAX, PACK_BYTES_MAX, is_safe

Opener: TypeAlias = Callable[[], IO[bytes]]

#: The end of a zip: signature, discs, entries twice, size and place, length of a comment.
_END = struct.Struct("<4s4H2LH")
_LONG_LOCATOR_BYTES = 20
CHUNK_BYTES = 1 << 20
_HELD_BYTES_MAX = 16 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class NotVerified(SuiteError):
    """The pack is not what was signed, or has expired."""

    exit_code = DOES_NOT_CONFORM


def write_archive(file: IO[bytes], files: Mapping[str, Opener]) -> None:
    """Write a zip of these files, in the order of their names."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.create_system = 3
            info.create_version = info.extract_version = 20
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            with files[name]() as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target)


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Open a pack's zip; raises NotVerified with the reason if it is not one."""
    size = file.seek(0, 2)
    _check_end(file, size)
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        raise NotVerified(f"not a whole zip: {error}; it was cut short or altered") from None
    names = [each.filename for each in infos]
    for each in infos:
        _check_entry(each, size)
    if len(set(names)) != len(names):
        raise NotVerified("one file is in it twice, which no pack has")
    if sum(each.file_size for each in infos) > size:
        raise NotVerified("it would unpack to more than its size, which no pack does")
    return archive


def check_every_byte(file: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Write the zip again from its files and compare; raises NotVerified if a byte differs."""

    def opener(name: str) -> Opener:
        return lambda: archive.open(name)

    with tempfile.SpooledTemporaryFile(max_size=_HELD_BYTES_MAX) as again:
        write_archive(again, {name: opener(name) for name in archive.namelist()})
        again.seek(0)
        file.seek(0)
        while again.read(CHUNK_BYTES) == (given := file.read(CHUNK_BYTES)):
            if not given:
                return
    raise NotVerified("something was added or altered between its files")


def _check_end(file: BinaryIO, size: int) -> None:
    """Check the record at the end before trusting what it says."""
    if size > PACK_BYTES_MAX:
        raise NotVerified(f"larger than {PACK_BYTES_MAX:,} bytes, which no pack is")
    file.seek(max(0, size - _END.size - _LONG_LOCATOR_BYTES))
    tail = file.read()
    if size < _END.size or not tail[-_END.size :].startswith(b"PK\x05\x06"):
        raise NotVerified("not a whole zip: its end is missing; it was cut short or altered")
    entries = _END.unpack(tail[-_END.size :])[4]
    if entries > FILES_MAX or tail[: -_END.size].startswith(b"PK\x06\x07"):
        raise NotVerified(f"it has more than {FILES_MAX} files, which no pack has")


def _check_entry(info: zipfile.ZipInfo, size: int) -> None:
    name = info.filename
    if not is_safe(name):
        raise NotVerified(f"it has a file named {name!r:.120}, which could leave its folder")
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise NotVerified(f"{name} is compressed; a pack’s files are not")
    if not 0 <= info.header_offset < size:
        raise NotVerified(f"{name} lies outside the zip; it was cut short or altered")
    if info.flag_bits:
        raise NotVerified(f"{name} is encrypted or flagged; a pack’s files are not")
