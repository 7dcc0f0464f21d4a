"""Make a pack: gather, describe, sign and write it, whole or not at all."""

import hashlib
import io
import os
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulator.clock import LONDON
from simulator.errors import BadInput
from simulator.evidence.clock_log import YEARS
from simulator.files.paths import ROOT
from simulator.inputs.target import Target
from simulator.pack.archive import CHUNK_BYTES, Opener, write_archive
from simulator.pack.contents import gather_papers, gather_run
from simulator.pack.keys import fingerprint, public_pem
from simulator.pack.manifest import (
    FORMAT,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    PACK_BYTES_MAX,
    PUBLIC_KEY,
    SIGNATURE,
    Manifest,
    PackedFile,
    Signatory,
    encoded,
)

_NAME_CHARACTERS_MAX = 200
#: The room for files. The zip's own records need far less than the rest.
_ROOM_BYTES = PACK_BYTES_MAX - 2 * MANIFEST_BYTES_MAX


def make_pack(
    path: Path,
    *,
    results: Sequence[Path],
    papers: Path,
    earlier: Sequence[Path] = (),
    register: Path | None = None,
    target: Target,
    key: Ed25519PrivateKey,
    name: str,
    role: str,
    expires: date,
    now: datetime,
) -> Manifest:
    """Make a pack. The same files, key, names and `now` give the same bytes.

    Raises BadInput for what the user can correct, and SuiteError for a run that could not judge;
    then nothing is written.
    """
    _check_words("--signatory", name)
    _check_words("--role", role)
    if not (now.astimezone(LONDON).date() <= expires and expires.year in YEARS):
        raise BadInput(f"--expires {expires}: give a day from today until {max(YEARS)}")
    gathered = [gather_run(each, target, number=at) for at, each in enumerate(results, start=1)]
    if not any(each.sha256 for each in gathered):
        raise BadInput("--results: none is a results folder of accept; give one")
    summary, sheets = gather_papers(papers, gathered, earlier=earlier, register=register)
    files = {inside: from_ for each in gathered for inside, from_ in each.files.items()}
    files |= {**sheets, "order.toml": ROOT / target.order}
    signer = key.public_key()
    openers: dict[str, Opener] = {inside: _opener(from_) for inside, from_ in files.items()}
    openers[PUBLIC_KEY] = _held(public_pem(signer))
    manifest = Manifest(
        format=FORMAT,
        suite_version=version("portal-suite"),
        signed_at=now,
        expires=expires,
        signatory=Signatory(name=name.strip(), role=role.strip(), key=fingerprint(signer)),
        claims=target.claims,
        order=Path(target.order).name,
        runs=[each.run for each in gathered],
        overrides=summary.overrides,
        files=[_described(inside, openers[inside]) for inside in sorted(openers)],
    )
    signed = encoded(manifest)
    if len(signed) > MANIFEST_BYTES_MAX or sum(each.bytes for each in manifest.files) > _ROOM_BYTES:
        raise BadInput(f"--results: together larger than {PACK_BYTES_MAX:,} bytes; leave some out")
    openers[MANIFEST], openers[SIGNATURE] = _held(signed), _held(key.sign(signed))
    _write_whole(path, openers)
    return manifest


def _check_words(option: str, words: str) -> None:
    if not words.strip() or not words.isprintable() or len(words) > _NAME_CHARACTERS_MAX:
        raise BadInput(
            f"{option}: it is {words!r:.80}; give up to {_NAME_CHARACTERS_MAX} characters on one "
            "line"
        )


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _held(data: bytes) -> Opener:
    return lambda: io.BytesIO(data)


def _described(name: str, opener: Opener) -> PackedFile:
    digest, size = hashlib.sha256(), 0
    with opener() as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return PackedFile(name=name, bytes=size, sha256=digest.hexdigest())


def _write_whole(path: Path, files: dict[str, Opener]) -> None:
    """Write under another name first, so that the file at `path` is always a whole pack."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".pack-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            write_archive(file, files)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
