"""What must be so before a phase's test period begins, and before it may end.

What files can show is worked out; what only a person can know is left for one to confirm. A waiver
lets a defect pass, but none closes one by which somebody else was told or too much was said.
"""

from collections.abc import Sequence, Set
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.papers.colours import Row
from simulator.papers.defects import Defect
from simulator.papers.runs import Run
from simulator.report.amounts import count, several
from simulator.verdicts import Kind, worst

State: TypeAlias = Literal[
    "met", "met by waiver or override", "not met", "cannot be said", "confirm"
]

_UNJUDGED = ("SKIP", "REVIEW", "INCONCLUSIVE", "ERROR")
_VERDICT: dict[State, Kind] = {
    "met": "PASS",
    "met by waiver or override": "WARNING",
    "not met": "FAIL",
    "cannot be said": "INCONCLUSIVE",
}


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion, whether it is met, and what shows it."""

    sentence: str
    state: State
    shown_by: str


def entry_criteria(run: Run, runs: Sequence[Run]) -> list[Criterion]:
    """List what must be so before testing begins."""
    result = run.result
    before = [each for each in runs if each.result.phase == result.phase - 1]
    signed = bool(result.signatory.strip())
    return [
        Criterion(
            sentence="What was ordered is written down as an order file.",
            state="met",
            shown_by=result.order,
        ),
        Criterion(
            sentence=f"The vendor claims phase {result.phase} for a named version, and signs it.",
            state="met" if signed else "not met",
            shown_by=f"{result.portal} {result.portal_version}, {result.signatory or 'nobody'}",
        ),
        Criterion(
            sentence="The portal is reached in its test environment, and its messages arrive.",
            state="met" if result.messages else "not met",
            shown_by=f"{result.reached}, {several(result.messages, 'message')} arrived",
        ),
        _to_confirm(
            "The portal’s gateway reaches nobody real, and holds no real victim’s details.",
            "the vendor’s environment; the suite itself uses made-up people only",
        ),
        _to_confirm(
            "The judge has been judged: portal-suite prove passes in this version.",
            "proof.json of the version used",
        ),
        _to_confirm(
            "Whoever may be told of a danger to a person is named and can be reached.",
            "the safeguarding lead, and data protection for a breach",
        ),
        *(
            [
                _to_confirm(
                    f"Phase {result.phase - 1} has left its own test period, signed.",
                    f"its exit report; {several(len(before), 'run')} of it given here",
                )
            ]
            if result.phase > 1
            else []
        ),
    ]


def exit_criteria(
    run: Run, rows: Sequence[Row], defects: Sequence[Defect], asked: Set[str]
) -> list[Criterion]:
    """List what must be so before testing may end, each with what stands in its way.

    `asked` are the ids of all requirements: a run of some scenarios only has not met the rest.
    """
    opened = [each for each in defects if each.is_open and each.is_the_portals]
    aside = _put_aside(rows, opened)
    return [
        _all_judged(run, rows, asked),
        _musts_met(rows),
        _none(
            "No critical defect is open: nobody else was told, and no more was said than meant. "
            "A waiver does not close one.",
            [each.id for each in opened if each.severity == "critical"],
        ),
        _waived(
            "No defect of high severity is open without a waiver in date.",
            [each for each in opened if each.severity == "high"],
            aside,
        ),
        _none(
            "Each open defect is accepted by who has to mend it, or let pass; none is disputed.",
            [
                each.id
                for each in opened
                if each.disposition == "disputed"
                or not (each.disposition or each.waiver_holds or each.id in aside)
            ],
        ),
        _none(
            "Each defect found in an earlier run has been retested.",
            [
                each.id
                for each in opened
                if each.retest in ("not retested", "passed only in part")
                and each.seen_at < run.ended_at
                and not (each.waiver_holds or each.id in aside)
            ],
        ),
        _all_seen(rows),
    ]


def exit_verdict(criteria: Sequence[Criterion]) -> Kind:
    """Roll exit criteria up: what is not met outweighs what cannot be said."""
    found = {_VERDICT[each.state] for each in criteria if each.state != "confirm"}
    return "FAIL" if "FAIL" in found else worst(found)


def _all_judged(run: Run, rows: Sequence[Row], asked: Set[str]) -> Criterion:
    left = [each.requirement.id for each in rows if each.stands in _UNJUDGED]
    left += sorted(asked - {each.requirement.id for each in rows})
    by_hand = [each.requirement.id for each in rows if each.override and each.judged in _UNJUDGED]
    state: State = "met by waiver or override" if by_hand else "met"
    shown_by = f"{several(len(run.result.scenarios), 'scenario')} run"
    if not run.result.messages:
        state, shown_by = "cannot be said", "no message ever arrived"
    elif left:
        state, shown_by = "cannot be said", f"not judged: {', '.join(left)}"
    elif by_hand:
        shown_by = f"judged by a person: {', '.join(by_hand)}"
    return Criterion(
        sentence="Every requirement that a run can judge was run and judged.",
        state=state,
        shown_by=shown_by,
    )


def _all_seen(rows: Sequence[Row]) -> Criterion:
    """Leave to who signs what nobody has looked at yet: no run can judge it."""
    awaiting = [
        f"{each.requirement.id} ({each.requirement.awaits})"
        for each in rows
        if each.requirement.awaits
    ]
    return Criterion(
        sentence="What needs a person or a browser, or is not claimed, has been looked at.",
        state="confirm" if awaiting else "met",
        shown_by=f"not looked at in this run: {', '.join(awaiting)}" if awaiting else "all of it",
    )


def _musts_met(rows: Sequence[Row]) -> Criterion:
    """Ask of each red requirement whether all the defects against it were let pass."""
    musts = [each for each in rows if each.requirement.level == "must"]
    red = [each for each in musts if each.stands == "FAIL"]
    blocked = [each.requirement.id for each in red if not _is_let_pass(each.defects)]
    put_aside = [each.requirement.id for each in musts if each.override and each.judged == "FAIL"]
    let_pass = [each.requirement.id for each in red if each.requirement.id not in blocked]
    state: State = "met by waiver or override" if put_aside or let_pass else "met"
    shown_by = f"let pass: {', '.join(sorted({*put_aside, *let_pass}))}"
    if blocked:
        state, shown_by = "not met", f"red: {', '.join(blocked)}"
    elif state == "met":
        green = sum(each.stands in ("PASS", "WARNING") for each in musts)
        shown_by = f"{count(green)} green or amber"
    return Criterion(
        sentence="No requirement with must is red, but for defects with a waiver in date.",
        state=state,
        shown_by=shown_by,
    )


def _is_let_pass(defects: Sequence[Defect]) -> bool:
    mine = [each for each in defects if each.is_the_portals]
    return bool(mine) and all(each.waiver_holds for each in mine)


def _put_aside(rows: Sequence[Row], defects: Sequence[Defect]) -> set[str]:
    """Find the defects of which every red verdict was put aside by name."""
    red = [each for each in rows if each.judged == "FAIL"]
    against = {each.id: [row for row in red if each in row.defects] for each in defects}
    return {id for id, found in against.items() if found and all(row.override for row in found)}


def _waived(sentence: str, defects: Sequence[Defect], aside: set[str]) -> Criterion:
    blocking = [each.id for each in defects if not (each.waiver_holds or each.id in aside)]
    if blocking or not defects:
        return _none(sentence, blocking)
    return Criterion(
        sentence=sentence,
        state="met by waiver or override",
        shown_by=f"let pass: {', '.join(each.id for each in defects)}",
    )


def _none(sentence: str, blocking: Sequence[str]) -> Criterion:
    return Criterion(
        sentence=sentence,
        state="not met" if blocking else "met",
        shown_by=", ".join(blocking) or "none",
    )


def _to_confirm(sentence: str, shown_by: str) -> Criterion:
    return Criterion(sentence=sentence, state="confirm", shown_by=shown_by)
