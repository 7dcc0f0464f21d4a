"""How victims who need another language or format fare with the live portal.

Who is excluded, who is not reached, who is told late, and who registers and comes back to read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from reference.contract.events import CrimeRecorded, VictimRecord
from simulator.evidence.records import EventRecorded, Record, SignedIn
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from simulator.population.access_needs import AccessNeeds
from simulator.population.people import row_of_person
from simulator.results.values import GroupReached


def groups_reached(
    order: Order, records: Sequence[Record], judgement: Judgement, needs: AccessNeeds
) -> list[GroupReached]:
    """Count by language and format what became of new victims."""
    reached = {each.person_id for each in judgement.messages if each.fate == "reached"}
    late = {each.person_id for each in judgement.code_news if each.held_up_by is not None}
    signed_in = Counter(each.person_id for each in records if isinstance(each, SignedIn))
    counts: dict[tuple[str, str], Counter[str]] = {}
    for crime, victim in _victims(order, records):
        is_excluded = bool(order.exclusion(crime, victim.person_id))
        for group in needs.groups(row_of_person(victim.person_id)):
            count = counts.setdefault(group, Counter())
            count["victims"] += 1
            count["excluded"] += is_excluded
            count["unreached"] += not is_excluded and victim.person_id not in reached
            count["told_late"] += not is_excluded and victim.person_id in late
            count["registered"] += not is_excluded and signed_in[victim.person_id] > 0
            count["read_again"] += not is_excluded and signed_in[victim.person_id] > 1
    return [
        GroupReached(
            by=by,
            group=group,
            victims=count["victims"],
            excluded=count["excluded"],
            unreached=count["unreached"],
            told_late=count["told_late"],
            registered=count["registered"],
            read_again=count["read_again"],
        )
        for (by, group), count in sorted(counts.items())
    ]


def _victims(
    order: Order, records: Sequence[Record]
) -> Iterator[tuple[CrimeRecorded, VictimRecord]]:
    for each in records:
        if isinstance(each, EventRecorded) and each.event_type == "CrimeRecorded":
            crime = msgspec.json.decode(each.data, type=CrimeRecorded)
            if order.phase_at(crime.recorded_at):
                for victim in crime.victims:
                    yield crime, victim
