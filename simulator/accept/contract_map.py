"""Map a contract's clauses and priorities to the suite's requirements.

The force's contract has ids of its own. A report that names them can be compared with the contract.
"""

import csv
import io
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct, structs

from simulator.errors import BadInput
from simulator.results.values import AcceptanceResult, Clause

HEAD = ["clause", "priority", "requirement"]


class ClauseMapping(Struct, frozen=True, kw_only=True):
    """One clause of the contract, and a requirement that shows whether the clause is met."""

    clause: Clause
    requirement: str


def read_contract_map(path: Path, requirements: Collection[str]) -> list[ClauseMapping]:
    """Read the CSV `clause,priority,requirement`, one line for each pair.

    Raises BadInput naming the line, its value, and the fix.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: not a CSV file in UTF-8: {error}") from None
    if not lines or [each.strip().lower() for each in lines[0]] != HEAD:
        raise BadInput(f"{path}: line 1: begin with {','.join(HEAD)}")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(each.strip() for each in line):
            continue
        if len(line) != len(HEAD) or not line[0].strip():
            raise BadInput(f"{path}: line {number}: {line}; give {','.join(HEAD)}")
        clause, priority, requirement = (each.strip() for each in line)
        if requirement not in requirements:
            raise BadInput(
                f"{path}: line {number}: there is no requirement {requirement!r}; "
                "see features/requirements.toml"
            )
        found.append(
            ClauseMapping(clause=Clause(id=clause, priority=priority), requirement=requirement)
        )
    return found


def with_clauses(result: AcceptanceResult, mapped: Sequence[ClauseMapping]) -> AcceptanceResult:
    """Add to each requirement the clauses of the contract that it shows."""
    rows = [
        structs.replace(
            row, clauses=tuple(each.clause for each in mapped if each.requirement == row.id)
        )
        for row in result.requirements
    ]
    return structs.replace(result, requirements=rows)
