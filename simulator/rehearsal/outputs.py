"""Write the files of a rehearsal: `rehearsal.json`, `evidence.ndjson` and `report.html`."""

from pathlib import Path

import msgspec

from simulator.clock import wall_now
from simulator.evidence.files import write_evidence
from simulator.files.whole_files import whole_file, write_whole
from simulator.rehearsal.kept_evidence import select_evidence
from simulator.rehearsal.run import CompletedRehearsal
from simulator.report.html import rehearsal_html


def write_rehearsal(rehearsal: CompletedRehearsal, out: Path) -> None:
    """Write the files to a folder. One seed gives one `rehearsal.json`, byte for byte."""
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(rehearsal.result)
    write_whole(out / "rehearsal.json", msgspec.json.format(encoded, indent=1) + b"\n")
    wall = wall_now()
    with whole_file(out / "evidence.ndjson") as file:
        for name, records in rehearsal.evidence.items():
            write_evidence(
                file, select_evidence(records, rehearsal.judgements[name]), process=name, wall=wall
            )
    write_whole(out / "report.html", rehearsal_html(rehearsal.result))
