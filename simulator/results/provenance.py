"""What a result rests on, by its SHA-256: put beside the result as it is made, compared later."""

import hashlib
from pathlib import Path

import msgspec

from simulator.files.paths import ROOT
from simulator.inputs.target import Target
from simulator.results.values import RestsOn


def rests_on(target: Target, evidence: Path) -> RestsOn:
    """Take the digests of a run's evidence, of its order, and of what the target claims."""
    return RestsOn(
        evidence_sha256=_of(evidence.read_bytes()) if evidence.is_file() else "",
        order_sha256=_of((ROOT / target.order).read_bytes()),
        claims_sha256=_of(msgspec.json.encode(target.claims)),
    )


def _of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
