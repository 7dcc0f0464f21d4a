"""Writes what a rehearsal leaves: `rehearsal.json`, `evidence.ndjson` and `report.html`."""

from pathlib import Path

import msgspec

from simulator.clock import wall_now
from simulator.evidence.files import write_evidence
from simulator.rehearsal.keep import kept
from simulator.rehearsal.run import Rehearsed
from simulator.report.html import rehearsal_html


def write_rehearsal(rehearsed: Rehearsed, out: Path) -> None:
    """Write everything to a folder; the same seed writes the same bytes in `rehearsal.json`."""
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(rehearsed.result)
    (out / "rehearsal.json").write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
    wall = wall_now()
    with (out / "evidence.ndjson").open("wb") as file:
        for name, records in rehearsed.evidence.items():
            write_evidence(file, kept(records, rehearsed.judgements[name]), process=name, wall=wall)
    (out / "report.html").write_text(rehearsal_html(rehearsed.result), encoding="utf-8")
