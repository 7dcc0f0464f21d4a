"""The SHA-256 of what a result was judged by: stored with the result, and compared later."""

import hashlib
from pathlib import Path

import msgspec

from simulator.files.paths import ROOT
from simulator.inputs.target import Target
from simulator.results.values import Provenance


def provenance_of(target: Target, evidence: Path) -> Provenance:
    """Hash a run's evidence, its order, and the claims of its target."""
    return Provenance(
        evidence_sha256=_sha256(evidence.read_bytes()) if evidence.is_file() else "",
        order_sha256=_sha256((ROOT / target.order).read_bytes()),
        claims_sha256=_sha256(msgspec.json.encode(target.claims)),
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
