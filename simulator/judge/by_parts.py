"""Judges a run by parts, one case book after another: a year of two forces is too much for one.

The verdict is the same as of one case book. A rule that compares what several people were sent or
shown hears every part; which of several alike harms it meets first may differ.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from msgspec import structs

from simulator.evidence.records import Record
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement, Judging
from simulator.judge.parts_of_a_run import Parts, parts_of
from simulator.judge.rule import Rule
from simulator.judge.rules import RULES

#: A case book of these takes some 250 MB.
RECORDS_MAX = 250_000
#: Between two words about how far a judgement is: some half a second.
_RECORDS_APART = 10_000


def judge_by_parts(
    order: Order,
    evidence: Sequence[Record],
    *,
    correlates: bool,
    end: datetime,
    carries_ids: bool = False,
    records_max: int = RECORDS_MAX,
    judged_so_far: Callable[[int], object] = lambda _records: None,
) -> Judgement:
    """Judge a run as `judge` does. What each message told, and who read it, is left out.

    `judged_so_far` is told now and then how many records of how ever many parts were judged.
    """
    parts = parts_of(evidence, records_max=records_max)
    shared: dict[type[Rule], Rule] = {rule: rule(order) for rule in RULES if rule.compares_people}
    judged = []
    heard = 0
    for places in parts.places:
        judging = Judging(order, correlates=correlates, carries_ids=carries_ids, shared=shared)
        for place, is_own in _in_turn(judging, places.tolist(), parts):
            (judging.hear if is_own else judging.pass_by)(evidence[place])
            heard += is_own
            if is_own and not heard % _RECORDS_APART:
                judged_so_far(heard)
        judged.append(_outline(judging.close(end)))
    return _together(judged)


def _in_turn(judging: Judging, own: Sequence[int], parts: Parts) -> Iterator[tuple[int, bool]]:
    """Give the places of a part's records, and of others that say something about it all the same.

    Those are the first record of the run after somebody's case turned, and of officers who are
    away.
    """
    is_own = set(own)
    others = [each for each in parts.officers.tolist() if each not in is_own]
    for place in sorted([*own, *others]):
        yield from _turns(judging, parts, before=place)
        yield place, place in is_own
    yield from _turns(judging, parts, before=len(parts.times))


def _turns(judging: Judging, parts: Parts, *, before: int) -> Iterator[tuple[int, bool]]:
    if not before or not len(parts.times):
        return
    last = datetime.fromtimestamp(parts.times[before - 1], tz=UTC)
    while (turn := judging.next_turn(last)) is not None:
        yield int(np.searchsorted(parts.times, turn.timestamp())), False


def _outline(judgement: Judgement) -> Judgement:
    messages = [structs.replace(e, readers=(), told=(), silence=None) for e in judgement.messages]
    return structs.replace(judgement, messages=messages)


def _together(judged: Sequence[Judgement]) -> Judgement:
    found = [each for one in judged for each in zip(one.findings, one.found_in, strict=True)]
    found.sort(key=lambda each: each[0].at)
    return Judgement(
        findings=[finding for finding, _record in found],
        obligations=[each for one in judged for each in one.obligations],
        flags=[each for one in judged for each in one.flags],
        messages=sorted((e for one in judged for e in one.messages), key=lambda each: each.at),
        found_in=[record for _finding, record in found],
        code_news=[each for one in judged for each in one.code_news],
    )
