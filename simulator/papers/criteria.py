"""Entry and exit criteria: what must be met before a phase's test period begins and ends.

What the files show is worked out. What only a person can know is left for a person to confirm. A
waiver lets a defect pass, but never a critical one: the wrong person was told, or too much was.
"""

from collections.abc import Sequence, Set
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.papers.defects import Defect
from simulator.papers.requirement_status import RequirementStatus
from simulator.papers.runs import Run
from simulator.report.amounts import count, several
from simulator.verdicts import Kind, worst

State: TypeAlias = Literal["met", "met by waiver or override", "not met", "not judged", "confirm"]

_NOT_JUDGED = ("SKIP", "REVIEW", "INCONCLUSIVE", "ERROR")
_VERDICT: dict[State, Kind] = {
    "met": "PASS",
    "met by waiver or override": "WARNING",
    "not met": "FAIL",
    "not judged": "INCONCLUSIVE",
}


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion, whether it is met, and what shows it."""

    sentence: str
    state: State
    shown_by: str


def entry_criteria(run: Run, runs: Sequence[Run]) -> list[Criterion]:
    """List what must be met before testing begins."""
    result = run.result
    before = [each for each in runs if each.result.phase == result.phase - 1]
    signed = bool(result.signatory.strip())
    return [
        Criterion(
            sentence="An order file says what was ordered.",
            state="met",
            shown_by=result.order,
        ),
        Criterion(
            sentence=f"The vendor claims phase {result.phase} for a named version, and signs.",
            state="met" if signed else "not met",
            shown_by=f"{result.portal} {result.portal_version}, {result.signatory or 'not signed'}",
        ),
        Criterion(
            sentence="The suite reaches the portal in its test environment; messages arrive.",
            state="met" if result.messages else "not met",
            shown_by=f"{result.reached}, {several(result.messages, 'message')} arrived",
        ),
        _to_confirm(
            "The portal’s gateway reaches no real person and holds no real victim’s details.",
            "the vendor’s environment; the suite itself uses made-up people only",
        ),
        _to_confirm(
            "The suite has been proved: portal-suite prove passes in this version.",
            "proof.json of the version used",
        ),
        _to_confirm(
            "The people to tell of a danger to a person are named and can be reached.",
            "the safeguarding lead, and data protection for a breach",
        ),
        *(
            [
                _to_confirm(
                    f"Phase {result.phase - 1} has left its test period, with signatures.",
                    f"its exit report; these papers include {several(len(before), 'run')} of it",
                )
            ]
            if result.phase > 1
            else []
        ),
    ]


def exit_criteria(
    run: Run, rows: Sequence[RequirementStatus], defects: Sequence[Defect], asked: Set[str]
) -> list[Criterion]:
    """List what must be met before testing may end, each with what prevents it.

    `asked` are the ids of all requirements. A run of only some scenarios has not met the rest.
    """
    opened = [each for each in defects if each.is_open and each.is_the_portals]
    overridden = _overridden(rows, opened)
    return [
        _all_judged(run, rows, asked),
        *([_seen_without_driver(run)] if run.result.driver else []),
        _musts_met(rows),
        _none(
            "No critical defect is open: no wrong person was told, and no one was told too much. "
            "A waiver does not close one.",
            [each.id for each in opened if each.severity == "critical"],
        ),
        _waived(
            "No defect of high severity is open without a valid waiver.",
            [each for each in opened if each.severity == "high"],
            overridden,
        ),
        _none(
            "Each open defect is accepted by the person who must fix it, or waived; none is "
            "disputed.",
            [
                each.id
                for each in opened
                if each.disposition == "disputed"
                or not (each.disposition or each.waiver_holds or each.id in overridden)
            ],
        ),
        _none(
            "Each defect from an earlier run has been retested.",
            [
                each.id
                for each in opened
                if each.retest in ("not retested", "partly passed")
                and each.seen_at < run.ended_at
                and not (each.waiver_holds or each.id in overridden)
            ],
        ),
        _all_reviewed(rows),
    ]


def exit_verdict(criteria: Sequence[Criterion]) -> Kind:
    """Return the verdict on all exit criteria: "not met" outweighs "not judged"."""
    found = {_VERDICT[each.state] for each in criteria if each.state != "confirm"}
    return "FAIL" if "FAIL" in found else worst(found)


def _all_judged(run: Run, rows: Sequence[RequirementStatus], asked: Set[str]) -> Criterion:
    left = [each.requirement.id for each in rows if each.in_force in _NOT_JUDGED]
    left += sorted(asked - {each.requirement.id for each in rows})
    by_hand = [each.requirement.id for each in rows if each.override and each.judged in _NOT_JUDGED]
    state: State = "met by waiver or override" if by_hand else "met"
    shown_by = f"{several(len(run.result.scenarios), 'scenario')} run"
    if not run.result.messages:
        state, shown_by = "not judged", "no message arrived"
    elif left:
        state, shown_by = "not judged", f"not judged: {', '.join(left)}"
    elif by_hand:
        shown_by = f"judged by a person: {', '.join(by_hand)}"
    return Criterion(
        sentence="Every requirement that a run can judge was judged.",
        state=state,
        shown_by=shown_by,
    )


def _seen_without_driver(run: Run) -> Criterion:
    """Leave a portal that only its own driver has shown to a person."""
    seen, review = run.result.sampled, run.result.sampled.review
    state: State = "not judged" if run.result.is_by_drivers_word else "met"
    shown_by = seen.left or f"the pages of {several(seen.agreed, 'victim')} in a browser"
    if review is not None:
        state = "met by waiver or override" if review.verdict == "PASS" else "not met"
        shown_by = f"{review.reviewer}, {review.role}: {review.note}"
    return Criterion(
        sentence="What the vendor’s driver says was seen without it.",
        state=state,
        shown_by=shown_by,
    )


def _all_reviewed(rows: Sequence[RequirementStatus]) -> Criterion:
    """Ask for every must that no run can judge; leave the others to the signatories."""
    left = [each for each in rows if each.requirement.awaits and not each.override]
    awaiting = [each.requirement for each in left if not each.requirement.is_waived]
    musts = [each for each in awaiting if each.level == "must"]
    waived = [each.requirement for each in rows if each.requirement.is_waived]
    state: State = "met"
    shown_by = "all of them"
    if waived and not musts:
        state = "met by waiver or override"
        shown_by = f"waived: {', '.join(each.id for each in waived)}"
    elif awaiting:
        state = "not judged" if musts else "confirm"
        named = ", ".join(f"{each.id} ({each.awaits})" for each in musts or awaiting)
        shown_by = f"not reviewed in this run: {named}"
    return Criterion(
        sentence="Requirements that need a person or a browser, or are not claimed, are reviewed.",
        state=state,
        shown_by=shown_by,
    )


def _musts_met(rows: Sequence[RequirementStatus]) -> Criterion:
    """Check that all the defects against each red must are waived."""
    musts = [each for each in rows if each.requirement.level == "must"]
    red = [each for each in musts if each.in_force == "FAIL"]
    blocked = [each.requirement.id for each in red if not _are_waived(each.defects)]
    overridden = [each.requirement.id for each in musts if each.override and each.judged == "FAIL"]
    waived = [each.requirement.id for each in red if each.requirement.id not in blocked]
    state: State = "met by waiver or override" if overridden or waived else "met"
    shown_by = f"waived or overridden: {', '.join(sorted({*overridden, *waived}))}"
    if blocked:
        state, shown_by = "not met", f"red: {', '.join(blocked)}"
    elif state == "met":
        green = sum(each.in_force in ("PASS", "WARNING") for each in musts)
        shown_by = f"{count(green)} green or amber"
    return Criterion(
        sentence="No must is red, unless all its defects have a valid waiver.",
        state=state,
        shown_by=shown_by,
    )


def _are_waived(defects: Sequence[Defect]) -> bool:
    mine = [each for each in defects if each.is_the_portals]
    return bool(mine) and all(each.waiver_holds for each in mine)


def _overridden(rows: Sequence[RequirementStatus], defects: Sequence[Defect]) -> set[str]:
    """Find the defects whose every red verdict a named person overrode."""
    red = [each for each in rows if each.judged == "FAIL"]
    against = {each.id: [row for row in red if each in row.defects] for each in defects}
    return {id for id, found in against.items() if found and all(row.override for row in found)}


def _waived(sentence: str, defects: Sequence[Defect], overridden: set[str]) -> Criterion:
    blocking = [each.id for each in defects if not (each.waiver_holds or each.id in overridden)]
    if blocking or not defects:
        return _none(sentence, blocking)
    return Criterion(
        sentence=sentence,
        state="met by waiver or override",
        shown_by=f"waived or overridden: {', '.join(each.id for each in defects)}",
    )


def _none(sentence: str, blocking: Sequence[str]) -> Criterion:
    return Criterion(
        sentence=sentence,
        state="not met" if blocking else "met",
        shown_by=", ".join(blocking) or "none",
    )


def _to_confirm(sentence: str, shown_by: str) -> Criterion:
    return Criterion(sentence=sentence, state="confirm", shown_by=shown_by)
