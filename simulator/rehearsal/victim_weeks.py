"""How many messages reach a victim in a week, by the phase that is live.

A text and an email about the same news are two messages. One-time codes, which a victim asks for,
are left out.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from simulator.clock import LONDON
from simulator.inputs.order import Order
from simulator.judge.facts.sent_message import SentMessage
from simulator.rehearsal.plan import london_midnight
from simulator.results.portal_life import MessagesAWeek

#: Above so many, a week is counted with all that had more.
MOST = 6


def messages_a_week(order: Order, messages: Sequence[SentMessage]) -> list[MessagesAWeek]:
    """Count the weeks, from Monday, in which one message or more reached a victim."""
    of_week: Counter[tuple[str, int]] = Counter()
    phases: dict[int, int] = {}
    for each in messages:
        if each.fate != "reached" or each.kind == "one_time_code":
            continue
        day = each.at.astimezone(LONDON).date()
        monday = day - timedelta(days=day.weekday())
        of_week[each.person_id, monday.toordinal()] += 1
        # Where a phase goes live within a week, it counts from the next.
        phases[monday.toordinal()] = max(1, order.phase_at(london_midnight(monday)))
    found: dict[int, list[int]] = {}
    for (_person, monday_number), number in of_week.items():
        weeks = found.setdefault(phases[monday_number], [0] * (MOST + 1))
        weeks[min(number, MOST + 1) - 1] += 1
    return [MessagesAWeek(phase=phase, weeks=weeks) for phase, weeks in sorted(found.items())]
