"""The sentences that findings rest on: a field of the order, a name in the contract, a requirement.

They are written "order: messages.quiet_from", "contract: Stamp.written_at" (or an operation), and
"requirement: MSG-08".

Every expectation comes from one. A portal fails only by a sentence that its supplier can look up;
what rests on none is for a person to review.
"""

import re
from collections.abc import Iterable
from functools import cache
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, structs

from reference.contract import events, identity, messages, outcomes
from simulator.files.paths import ROOT
from simulator.inputs.order import Order
from simulator.judge.facts.exclusions import NOT_SAFE, requirement_of
from simulator.legible import looks_alike
from simulator.verdicts import Finding

_CONTRACT: tuple[ModuleType, ...] = (events, messages, identity, outcomes)
_REQUIREMENT_ID = re.compile(r"[A-Z][A-Z0-9]+-[0-9]{2}")


def beside_its_look(written: str, shown: Iterable[str]) -> str:
    """Say after what was observed that some words only look like those that were written."""
    named = looks_alike(written, shown)
    return f": it looks the same, with {named}" if named else ""


def about_exclusion(why: str, cited: str) -> str:
    """Name the sentence by which nothing is said to an excluded victim; `cited` is the default."""
    for begins, field in _EXCLUDED_BY_ORDER.items():
        if why.startswith(begins):
            return f"order: {field}"
    if why == NOT_SAFE:
        return "contract: VictimRecord.safe_to_contact"
    return f"requirement: {requirement_of(why) or cited}"


@cache
def is_written_down(sentence: str) -> bool:
    """Say whether a sentence can be looked up. The register of requirements is not read here."""
    kind, colon, name = sentence.partition(": ")
    if not colon:
        return False
    if kind == "requirement":
        return _REQUIREMENT_ID.fullmatch(name) is not None
    first, *fields = name.split(".")
    if kind == "order":
        return _has_fields(Order, [first, *fields])
    if kind == "contract":
        found = [vars(each)[first] for each in _CONTRACT if first in vars(each)]
        if not found and not fields:
            return first in _operations()
        return bool(found) and _has_fields(found[0], fields)
    return False


def resting_on_a_sentence(finding: Finding) -> Finding:
    """Return a finding; a FAIL that rests on no sentence becomes a REVIEW."""
    if finding.kind != "FAIL" or is_written_down(finding.rests_on):
        return finding
    return structs.replace(finding, kind="REVIEW", rests_on="")


@cache
def _operations() -> frozenset[str]:
    document = (ROOT / "reference" / "contract" / "portal.openapi.yaml").read_text("utf-8")
    return frozenset(re.findall(r"^ +operationId: (\w+)$", document, re.MULTILINE))


def _has_fields(kind: Any, names: list[str]) -> bool:
    if not names:
        return True
    types = [each for each in _types_in(kind) if names[0] in each.__struct_fields__]
    return any(_has_fields(get_type_hints(each)[names[0]], names[1:]) for each in types)


def _types_in(kind: Any) -> list[type[Struct]]:
    if get_origin(kind) in (Union, UnionType, tuple, dict):
        return [found for each in get_args(kind) for found in _types_in(each)]
    return [kind] if isinstance(kind, type) and issubclass(kind, Struct) else []


_EXCLUDED_BY_ORDER = {
    "recorded before": "eligibility.open_at_go_live",
    "offence: ": "eligibility.offence_subgroups",
    "safeguarding: ": "eligibility.safeguarding_exclusions",
    "under ": "eligibility.age_min_years",
}
