"""The signed manifest of a pack: the digest of each file, and who answers for the pack."""

import re
from datetime import date, datetime, time
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from reference.contract.events import Moment
from simulator.clock import LONDON
from simulator.evidence.clock_log import ClockSpan
from simulator.inputs.target import Claims
from simulator.papers.register import Override
from simulator.verdicts import Kind

FORMAT = "portal-suite evidence pack 1"
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.pem"
FILES_MAX = 500
MANIFEST_BYTES_MAX = 2_000_000
#: Less than a plain zip can hold, and far more than any run needs.
PACK_BYTES_MAX = 1_000_000_000

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)?")


class PackedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a pack."""

    name: str
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Digest


class PackedRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run of a pack. `verdict` is the judge's, whatever was overridden.

    `seed` is None if nothing was drawn; `clock` is empty if no world ran.
    """

    folder: str
    command: str
    portal: str
    phase: int | None
    verdict: Kind
    seed: int | None
    clock: list[ClockSpan]


class Signatory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The person who answers for a pack, their role, and the fingerprint of their key."""

    name: Line
    role: Line
    key: str


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contents that are signed."""

    format: str
    suite_version: str
    signed_at: Moment
    expires: date
    signatory: Signatory
    claims: Claims
    order: str
    runs: list[PackedRun]
    overrides: list[Override]
    files: Annotated[list[PackedFile], Meta(max_length=FILES_MAX)]

    @property
    def expires_at(self) -> datetime:
        """The time of expiry: the end of its last day in London."""
        return datetime.combine(self.expires, time(23, 59, 59), LONDON)


def encoded(manifest: Manifest) -> bytes:
    """Write a manifest as JSON that people can read too."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def is_safe(name: str) -> bool:
    """Return whether a file of this name stays in the folder it is unpacked to, on any machine."""
    return len(name) <= 100 and _NAME.fullmatch(name) is not None and ".." not in name
