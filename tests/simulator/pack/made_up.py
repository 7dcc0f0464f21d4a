"""Packs for tests: a small one, and a real one from a complete results folder."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulator.pack.archive import Opener, write_archive
from simulator.pack.keys import fingerprint, public_pem
from simulator.pack.make import make_pack
from simulator.pack.manifest import (
    FORMAT,
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    Manifest,
    PackedFile,
    PackedRun,
    Signatory,
    encoded,
)
from simulator.papers.paper_files import write_papers
from simulator.papers.runs import read_run
from tests.simulator.papers.made_up import papers, target, write_run

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EXPIRES = date(2027, 3, 31)
CONTENTS = {"accept-1/acceptance.json": b'{"verdict":"FAIL"}', "order.toml": b"name = 'x'\n"}


def manifest(files: Mapping[str, bytes], **changes: Any) -> Manifest:
    """Describe files as a pack does."""
    made = Manifest(
        format=FORMAT,
        suite_version="0.1.0",
        signed_at=NOW,
        expires=EXPIRES,
        signatory=Signatory(
            name="Dana Okafor", role="test manager", key=fingerprint(KEY.public_key())
        ),
        claims=target().claims,
        order="two-forces.toml",
        runs=[
            PackedRun(
                folder="accept-1",
                command="accept",
                portal="Reference portal 1.0",
                phase=3,
                verdict="FAIL",
                seed=0,
                clock=[],
            )
        ],
        overrides=[],
        files=[
            PackedFile(name=name, bytes=len(data), sha256=sha256(data).hexdigest())
            for name, data in sorted(files.items())
        ],
    )
    return msgspec.structs.replace(made, **changes)


def signed_files(
    contents: Mapping[str, bytes] = CONTENTS, *, key: Ed25519PrivateKey = KEY, **changes: Any
) -> dict[str, bytes]:
    """Make all files of a pack, with a manifest that matches them except for the changes."""
    files = {**contents, PUBLIC_KEY: public_pem(key.public_key())}
    signed = encoded(manifest(files, **changes))
    return {**files, MANIFEST: signed, SIGNATURE: key.sign(signed)}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Zip files as a pack does."""

    def held(data: bytes) -> Opener:
        return lambda: io.BytesIO(data)

    file = io.BytesIO()
    write_archive(file, {name: held(data) for name, data in files.items()})
    return file.getvalue()


def small_pack(folder: Path, data: bytes | None = None) -> Path:
    """Write a pack of few bytes, or other bytes in its place."""
    path = folder / "evidence-pack.zip"
    path.write_bytes(zipped(signed_files()) if data is None else data)
    return path


def real_pack(
    folder: Path, *, results: Path | None = None, others: Sequence[Path] = (), **changes: Any
) -> Path:
    """Make a pack as the command does, from a run without failures, and other runs."""
    results = results or write_run(folder / "results")
    sheets = folder / "papers"
    sheets.mkdir(exist_ok=True)
    write_papers(papers(read_run(results)), sheets)
    path = folder / "evidence-pack.zip"
    given = {
        "results": [results, *others],
        "papers": sheets,
        "target": target(),
        "key": KEY,
        "name": "Dana Okafor",
        "role": "test manager",
        "expires": EXPIRES,
        "now": NOW,
    }
    make_pack(path, **{**given, **changes})
    return path
