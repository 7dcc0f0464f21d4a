"""Which messages of a plan save calls and which make them: a table, and sentences for one page."""

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import shown, span
from simulator.results.planning import MADE_BY, MessageEffect, PlanResult
from simulator.results.values import Estimate

#: What the automatic messages are called beside the events that are told.
_AUTOMATIC = {"advice": "Advice", "still_with_us": "Still with us"}
_NOTE = (
    "Below 0 a message makes more calls than it saves. Without the invitation nobody learns of the "
    "portal, so its line is the whole portal's. The Victims' Code may ask for a message all the "
    "same."
)


def messages_table(result: PlanResult) -> PeriodTable:
    """Give the calls that each message saves: the invitation first, all others together last."""
    effects = sorted(result.messages, key=lambda each: not each.is_invitation)
    rows = [Row(label=_name(each), cells=_cells(each)) for each in effects]
    if result.all_updates is not None:
        rows.append(Row(label="All but the invitation, together", cells=_cells(result.all_updates)))
    return PeriodTable(
        caption="Does this message save a call or make one? Each of today's off in turn",
        columns=("Messages", "Saves", "95% from", "to"),
        rows=tuple(rows),
        note=_NOTE,
    )


def messages_sentences(result: PlanResult) -> list[str]:
    """Say how many messages make calls, what all of them together do, and why; none if brief."""
    updates = [each for each in result.messages if not each.is_invitation]
    if not updates:
        return []
    making = [each for each in updates if each.saves.mean < 0]
    sure = [each for each in making if each.saves.high < 0]
    best, worst = updates[0], updates[-1]
    how_many = (
        f"{len(making)} of {len(updates)} messages beside the invitation make more calls than they "
        f"save, {len(sure)} of them more than chance may do.{_all_off(result)}"
    )
    which = (
        f"Of them, most calls are saved by {_name(best)} ({_calls(best)}), fewest by "
        f"{_name(worst)} ({_calls(worst)})."
    )
    return [how_many, which, *_why(result)]


def _all_off(result: PlanResult) -> str:
    """Say what the portal saves with the invitation alone, beside all its messages."""
    if result.all_updates is None:
        return ""
    saves = result.all_updates.saves
    if saves.low <= 0 <= saves.high:
        return f" All of them off and the invitation on: no difference that shows ({_more(saves)})."
    more = "more" if saves.mean < 0 else "fewer"
    return (
        f" With all of them off and the invitation on the portal saves "
        f"{abs(saves.mean):,.0f} calls {more} ({_more(saves)})."
    )


def _more(saves: Estimate) -> str:
    """Write the interval of what is saved more where the messages are off."""
    if saves.low == saves.high:
        return span(saves, "calls")
    return f"{-saves.high:+,.0f} to {-saves.low:+,.0f}"


def _why(result: PlanResult) -> list[str]:
    """Say whose calls messages make today."""
    lines = {each.name.removeprefix("- - "): each.today for each in result.measures}
    causes = [f"{lines[each].mean:,.0f} {each}" for each in MADE_BY if each in lines]
    if not causes:
        return []
    why = (
        f"Why: of the calls that today's portal makes, {', '.join(causes)}. How often is assumed "
        "(worry.message_makes_call, worry.too_many_worries, trust.rings). The Victims' Code may "
        "ask for a message all the same."
    )
    return [why]


def _cells(each: MessageEffect) -> tuple[str, ...]:
    numbers = (each.saves.mean, each.saves.low, each.saves.high)
    if each.saves.low == each.saves.high:
        return f"{each.messages:,.0f}", shown(each.saves.mean, "calls"), NOTHING, NOTHING
    return f"{each.messages:,.0f}", *(shown(number, "calls") for number in numbers)


def _calls(each: MessageEffect) -> str:
    return f"{each.saves.mean:,.0f}, {span(each.saves, 'calls')}"


def _name(each: MessageEffect) -> str:
    if each.event in _AUTOMATIC:
        return _AUTOMATIC[each.event]
    words = "".join(f" {e.lower()}" if e.isupper() else e for e in each.event).strip()
    named = words[0].upper() + words[1:]
    return f"{named} (the invitation)" if each.is_invitation else named
