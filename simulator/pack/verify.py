"""Check, without the run, that a pack is whole, unchanged, in date and signed by the right key.

The contents are shown only once the signature is valid. Without an expected key nobody knows whose
signature it is: then the pack could not be verified, and that is never "verified".
"""

import hashlib
import struct
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from simulator.errors import BadInput, SuiteError
from simulator.evidence.clock_log import YEARS
from simulator.legible import on_one_line
from simulator.pack.archive import CHUNK_BYTES, NotVerified, check_every_byte, open_archive
from simulator.pack.keys import KEY_BYTES_MAX, fingerprint, is_signed, public_from
from simulator.pack.manifest import (
    FORMAT,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    PUBLIC_KEY,
    SIGNATURE,
    Manifest,
    is_safe,
)
from simulator.report.amounts import day, moment
from simulator.verdicts import Kind

SIGNATURE_BYTES = 64
#: The clocks of two machines may differ by this much.
CLOCKS_DIFFER_MAX = timedelta(minutes=10)
#: Errors that a damaged zip may raise.
_SPOILED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, struct.error)


class CouldNotVerify(SuiteError):
    """Nothing is found wrong with the pack, but not everything could be checked."""


class VerifiedPack(Struct, frozen=True, kw_only=True):
    """A pack that is unchanged since signing; `is_expected` if the key was the expected one."""

    manifest: Manifest
    is_expected: bool


class _Format(Struct, frozen=True):
    format: str


class _Verdict(Struct, frozen=True):
    verdict: Kind


def verify_pack(path: Path, *, expected: Ed25519PublicKey | None, now: datetime) -> VerifiedPack:
    """Check a pack; raises NotVerified, CouldNotVerify, or BadInput if there is no such file."""
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{path}: not a file; give an evidence pack")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"{path}: {why}; give an evidence pack") from None
    with file:
        try:
            manifest = _as_signed(file, expected)
        except SuiteError as error:
            raise type(error)(f"{path}: {error}") from None
        except OSError as error:
            raise CouldNotVerify(f"{path}: {error.strerror or error}; try a copy") from None
        except _SPOILED as error:
            why = on_one_line(str(error)) or "cut short"
            raise NotVerified(f"{path}: {why}; it was altered") from None
    _check_dates(path, manifest, now)
    return VerifiedPack(manifest=manifest, is_expected=expected is not None)


def _as_signed(file: BinaryIO, expected: Ed25519PublicKey | None) -> Manifest:
    """Check everything except the dates."""
    with open_archive(file) as archive:
        manifest = _signed(archive, expected)
        _check_files(archive, manifest)
        _check_verdicts(archive, manifest)
        check_every_byte(file, archive)
    return manifest


def _signed(archive: zipfile.ZipFile, expected: Ed25519PublicKey | None) -> Manifest:
    """Read the manifest once its signature is valid."""
    raw = _read(archive, MANIFEST, bytes_max=MANIFEST_BYTES_MAX)
    signature = _read(archive, SIGNATURE, bytes_max=SIGNATURE_BYTES)
    embedded = public_from(_read(archive, PUBLIC_KEY, bytes_max=KEY_BYTES_MAX))
    if embedded is None:
        raise NotVerified(f"{PUBLIC_KEY} in it is not an Ed25519 public key")
    if expected is not None and fingerprint(expected) != fingerprint(embedded):
        raise NotVerified(
            "it is signed with another key than the one given; the fingerprint of its key is "
            f"{fingerprint(embedded)}"
        )
    if not is_signed(embedded, signature, raw):
        raise NotVerified("the signature is not valid; the manifest or the signature was altered")
    return _manifest(raw, embedded)


def _manifest(raw: bytes, key: Ed25519PublicKey) -> Manifest:
    try:
        found = msgspec.json.decode(raw, type=_Format).format
        if found != FORMAT:
            raise CouldNotVerify(
                f"its format is {found!r:.60}, but this version reads {FORMAT!r}; check it with "
                "the version that made it"
            )
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotVerified(f"{MANIFEST} is signed but is not a manifest") from None
    if not {manifest.signed_at.year, manifest.expires.year} <= set(YEARS):
        raise NotVerified(f"{MANIFEST} is signed but its dates are not possible")
    if manifest.signatory.key != fingerprint(key):
        raise NotVerified(f"{MANIFEST} names another key than the one that signed it")
    return manifest


def _check_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Check that the pack has exactly the signed files, and that each is unchanged."""
    there = set(archive.namelist()) - {MANIFEST, SIGNATURE}
    signed = {each.name: each for each in manifest.files}
    if added := sorted(there - signed.keys()):
        raise NotVerified(f"{', '.join(added)[:300]} was added: it is not in the manifest")
    if missing := sorted(signed.keys() - there):
        raise NotVerified(f"{', '.join(missing)[:300]} is missing: the manifest lists it")
    for each in manifest.files:
        digest, size = hashlib.sha256(), 0
        with archive.open(each.name) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
        if size != each.bytes or digest.hexdigest() != each.sha256:
            raise NotVerified(f"{each.name} was altered after signing")


def _check_verdicts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Check that the manifest has the verdict of each run's own result."""
    results = {"accept": "acceptance.json", "rehearse": "rehearsal.json"}
    results |= {"prove": "proof.json", "load": "load.json"}
    for run in manifest.runs:
        name = f"{run.folder}/{results.get(run.command, '')}"
        if name not in archive.namelist() or not is_safe(name):
            raise NotVerified(f"the manifest has a run in {run.folder!r:.60}, which is missing")
        with archive.open(name) as file:
            try:
                verdict = msgspec.json.decode(file.read(), type=_Verdict).verdict
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                raise NotVerified(f"{name} is signed but is not the result of a run") from None
        if verdict != run.verdict:
            raise NotVerified(f"the manifest says {run.verdict}, but {name} says {verdict}")


def _check_dates(path: Path, manifest: Manifest, now: datetime) -> None:
    by = on_one_line(f"{manifest.signatory.name}, {manifest.signatory.role}")
    if now + CLOCKS_DIFFER_MAX < manifest.signed_at:
        raise CouldNotVerify(
            f"{path}: it was signed at {moment(manifest.signed_at)}, which is in the future; "
            "correct this machine’s clock"
        )
    if now > manifest.expires_at:
        raise NotVerified(
            f"{path}: it expired at the end of {day(manifest.expires)}; it is unchanged since "
            f"signing but no longer valid: ask {by}, for a new one"
        )


def _read(archive: zipfile.ZipFile, name: str, *, bytes_max: int) -> bytes:
    if name not in archive.namelist():
        raise NotVerified(f"{name} is missing; it is not a pack, or a file was removed")
    if archive.getinfo(name).file_size > bytes_max:
        raise NotVerified(f"{name} is larger than {bytes_max:,} bytes, which no pack’s is")
    return archive.read(name)
