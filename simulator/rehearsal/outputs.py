"""Write the files of a rehearsal: `rehearsal.json`, `evidence.ndjson` and `report.html`."""

from pathlib import Path

import msgspec

from simulator.clock import wall_now
from simulator.evidence.files import write_evidence
from simulator.rehearsal.kept_evidence import select_evidence
from simulator.rehearsal.run import CompletedRehearsal
from simulator.report.html import rehearsal_html


def write_rehearsal(rehearsal: CompletedRehearsal, out: Path) -> None:
    """Write the files to a folder. One seed gives one `rehearsal.json`, byte for byte."""
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(rehearsal.result)
    (out / "rehearsal.json").write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
    wall = wall_now()
    with (out / "evidence.ndjson").open("wb") as file:
        for name, records in rehearsal.evidence.items():
            write_evidence(
                file, select_evidence(records, rehearsal.judgements[name]), process=name, wall=wall
            )
    (out / "report.html").write_text(rehearsal_html(rehearsal.result), encoding="utf-8")
