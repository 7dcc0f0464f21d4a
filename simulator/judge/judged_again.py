"""Judges one scenario's part of the evidence: when it ends, and again when its result is doubted.

Both go the same way, so that the same evidence always gives the same findings.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from simulator.errors import DamagedFile
from simulator.evidence.files import Line
from simulator.evidence.records import (
    MessageAccepted,
    MessagesSeen,
    PersonKnown,
    PhaseEntered,
    Record,
)
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.inputs.order import Order
from simulator.judge.fold import judge
from simulator.verdicts import Finding

#: Who there is, how messages are seen, and the phase of the run hold for every scenario.
STAYS = (PersonKnown, MessagesSeen, PhaseEntered)


class JudgedAgain(Struct, frozen=True, kw_only=True):
    """The result of a scenario by its evidence alone."""

    steps_held: bool
    findings: tuple[Finding, ...]


def findings_about(
    judged: ScenarioJudged,
    own: Iterable[Record],
    order: Order,
    *,
    correlates: bool,
    carries_ids: bool = False,
) -> list[Finding]:
    """List the harm to a scenario's people and crimes, or to no known person since it began."""
    found = judge(
        order, own, correlates=correlates, carries_ids=carries_ids, end=judged.at
    ).findings
    return [
        each
        for each in found
        if each.person_id in judged.people
        or each.crime_reference in judged.crimes
        or (not each.person_id and each.at >= judged.starts)
    ]


def judged_again(
    records: Sequence[Record], order: Order, *, correlates: bool, carries_ids: bool = False
) -> dict[str, JudgedAgain]:
    """Judge each scenario of a run again, by its name."""
    stays: list[tuple[int, Record]] = []
    again: dict[str, JudgedAgain] = {}
    for place, record in enumerate(records):
        if isinstance(record, STAYS):
            stays.append((place, record))
        elif isinstance(record, ScenarioJudged):
            begun = max(0, place - record.records)
            own = [each for at, each in stays if at < begun]
            own += _own(islice(records, begun, place), record.left_out)
            found = findings_about(
                record, own, order, correlates=correlates, carries_ids=carries_ids
            )
            again[record.scenario] = JudgedAgain(
                steps_held=record.steps_held, findings=tuple(found)
            )
    return again


def read_in_order(path: Path) -> list[Record]:
    """Read a run's evidence as it was written; raises DamagedFile where lines are missing."""
    decoder = msgspec.json.Decoder(Line)
    records: list[Record] = []
    with path.open("rb") as file:
        for number, raw in enumerate(file):
            try:
                line = decoder.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DamagedFile(f"{path}:{number + 1}: not a line of evidence: {error}") from None
            if line.sequence != number:
                raise DamagedFile(
                    f"{path}:{number + 1}: this is record {line.sequence} and should be {number}: "
                    "lines were taken out or put in; run accept again"
                )
            records.append(line.record)
    return records


def _own(records: Iterable[Record], left_out: Iterable[str]) -> list[Record]:
    others = set(left_out)
    return [
        each
        for each in records
        if not (isinstance(each, MessageAccepted) and each.message_id in others)
    ]
