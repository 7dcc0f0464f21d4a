"""What a programme lead reads first of a rehearsal: the answer, and its numbers with intervals.

The same in the terminal and on the page. Behind it come the same numbers in sentences, with what
they rest on.
"""

from collections.abc import Iterator

from simulator.report.amounts import NOTHING, count, day, force_name, one_in, share, share_of
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import shown, span
from simulator.report.plan_tables import benefit_sentence
from simulator.report.published_tables import sign_in_2023
from simulator.results.portal_life import FewerCalls, Headline, Scaled
from simulator.results.values import Period, RehearsalResult, Uptake, UptakeShare

_WEEKS_A_YEAR = 365.25 / 7
_LICENCE_EXAMPLE = 100_000
_NET = "Net benefit"
#: The lines of the net benefit that stand on the first page.
_OF_BENEFIT = (
    "Call handlers' hours saved",
    "Officers' hours spent on questions",
    "Officers' hours spent on its other tasks",
    _NET,
)


def answer(result: RehearsalResult) -> str:
    """Say in one short paragraph what the portal does to calls, and whether it pays.

    A phase that went live later than planned comes before that. "" for a run without a headline.
    """
    if not result.life or not result.periods:
        return ""
    found = [
        f"Phase {each.phase} went live on {day(each.to_day)}, not on {day(each.from_day)}: "
        f"{each.why}."
        for each in result.delays
    ]
    found.append(_what_calls_do(result))
    if result.benefit:
        found.append(_whether_it_pays(result, result.life.headline))
    return " ".join(found)


def headline_table(result: RehearsalResult) -> PeriodTable | None:
    """Give the numbers of the first page: calls by force, people wrongly told, harms, the money."""
    if not result.life:
        return None
    headline = result.life.headline
    rows = [
        Row(label=f"Calls to 101 fewer: {force_name(each.force)}", cells=_number(each.fewer, each))
        for each in headline.forces
    ]
    for label, scaled in (
        ("People wrongly told", headline.wrongly_told),
        ("Harms by the portal since go-live", headline.portal_harms),
    ):
        rows.append(Row(label=label, cells=_number(scaled.full_volume, scaled)))
    for each in result.benefit:
        if each.name in _OF_BENEFIT:
            value = each.value
            cells = tuple(shown(n, each.unit) for n in (value.mean, value.low, value.high))
            rows.append(Row(label=each.name, cells=cells))
    return PeriodTable(
        caption=f"{headline.period}: {headline.weeks} weeks, at full volume",
        columns=("Number", "95% from", "to"),
        rows=tuple(rows),
        note=(
            f"Counted, with {_followed(result.fraction)}: {count(headline.wrongly_told.counted)} "
            f"people wrongly told and {count(headline.portal_harms.counted)} harms."
        ),
    )


def headline_sentences(result: RehearsalResult) -> list[str]:
    """State calls by force, people wrongly told and harms by the portal; then the net benefit.

    What uptake does to the sign stands before the benefit, where the run says so.
    """
    found: list[str] = []
    found += _three(result.life.headline, result.fraction) if result.life else []
    if result.uptake is not None and result.uptake.at_published is not None:
        found.append(_sign(result, result.uptake, result.uptake.at_published))
    if result.benefit:
        found.append(benefit_sentence(result.periods[-1].name, result.benefit))
        if result.life and result.life.headline.licence_a_year == 0:
            found.append(_no_licence(result.life.headline))
    return found


def _what_calls_do(result: RehearsalResult) -> str:
    last, uptake = result.periods[-1], result.uptake
    said = f"{last.name}: the portal {_effect(_fewer(last))}"
    if uptake is None or uptake.at_published is None:
        return f"{said}."
    return (
        f"{said} if {uptake.rehearsed:.0%} of those invited would register (assumed), and "
        f"{_effect(uptake.at_published.net_share_of_101)} with the published "
        f"{uptake.published_registered:,} registered."
    )


def _whether_it_pays(result: RehearsalResult, headline: Headline) -> str:
    [net] = [each.value for each in result.benefit if each.name == _NET]
    licence = ", with no licence counted" if headline.licence_a_year == 0 else ""
    if net.low <= 0 <= net.high:
        sure = f"{shown(net.mean, 'pounds')} net, {span(net, 'pounds')}"
        return f"Whether it saves more than it costs is not sure: {sure}{licence}."
    what = "costs {} more than it saves" if net.mean < 0 else "saves {} more than it costs"
    ends = sorted((abs(net.low), abs(net.high)))
    low, high = (shown(each, "pounds") for each in ends)
    by = what.format(shown(abs(net.mean), "pounds"))
    return f"It {by} (95% interval {low} to {high}){licence}."


def _number(number: float, interval: FewerCalls | Scaled) -> tuple[str, str, str]:
    """Write a number with the ends of its interval; of one week there is none."""
    if interval.low == interval.high:
        return f"{number:,.0f}", NOTHING, NOTHING
    return f"{number:,.0f}", f"{interval.low:,.0f}", f"{interval.high:,.0f}"


def _fewer(last: Period) -> float:
    """Give the share of a period's calls to 101 that the portal takes off."""
    return (last.calls_101_without - last.calls_101_with) / max(last.calls_101_without, 1)


def wrongly_told(headline: Headline) -> str:
    """Write how many victims' news went to another person, at full volume."""
    return _about(headline.wrongly_told)


def _three(headline: Headline, fraction: float) -> Iterator[str]:
    if headline.forces:
        yield (
            f"Calls to 101 in {headline.weeks} weeks ({headline.period}): "
            f"{'; '.join(map(_calls, headline.forces))}."
        )
    wrongly = headline.wrongly_told
    yield (
        f"People wrongly told in the same time, at full volume: {wrongly_told(headline)} victims' "
        f"news went to another person ({_span(wrongly)}; {count(wrongly.counted)} counted, "
        f"{_followed(fraction)})."
    )
    harms = headline.portal_harms
    yield (
        f"Harms by the portal since go-live, at full volume: {_about(harms)} ({_span(harms)}; "
        f"{count(harms.counted)} counted, {_followed(fraction)})."
    )


def _sign(result: RehearsalResult, uptake: Uptake, few: UptakeShare) -> str:
    """Say whether the portal saves calls as it was rehearsed, and with the published uptake."""
    last = result.periods[-1]
    said = (
        f"Whether the portal saves calls hangs on how many register. {last.name}: it "
        f"{_effect(_fewer(last))} if {uptake.rehearsed:.0%} would (assumed), and "
        f"{_effect(few.net_share_of_101)} with {uptake.published_registered:,} registered in all: "
        f"the one published figure, as many as if {few.registers:.0%} of those invited here would."
    )
    if in_2023 := sign_in_2023(result.published):
        said += f" {in_2023}. Nobody has published which it was."
    return said


def _effect(fewer: float) -> str:
    """Say what happens to calls to 101."""
    if fewer >= 0:
        return f"takes {share(fewer)} off calls to 101"
    return f"adds {share(-fewer)} to calls to 101"


def _calls(each: FewerCalls) -> str:
    return (
        f"{force_name(each.force)} {_amount(each.fewer)} of "
        f"{count(each.without)}, {share_of(round(abs(each.fewer)), each.without)}"
        f"{_between(each)}"
    )


def _between(each: FewerCalls) -> str:
    """Give the interval; a single week has none."""
    if each.low == each.high:
        return ""
    if each.low >= 0:
        return f" (95% interval {each.low:,.0f} to {each.high:,.0f} fewer)"
    if each.high <= 0:
        return f" (95% interval {-each.high:,.0f} to {-each.low:,.0f} more)"
    return f" (95% interval {_amount(each.low)} to {_amount(each.high)})"


def _amount(fewer: float) -> str:
    return f"{abs(fewer):,.0f} {'fewer' if fewer >= 0 else 'more'}"


def _about(each: Scaled) -> str:
    is_exact = each.full_volume == each.counted
    return f"{each.full_volume:,.0f}" if is_exact else f"about {each.full_volume:,.0f}"


def _span(each: Scaled) -> str:
    return f"95% interval {each.low:,.0f} to {each.high:,.0f}"


def _followed(fraction: float) -> str:
    return "all crimes followed" if fraction == 1 else f"{one_in(fraction)} crimes followed"


def _no_licence(headline: Headline) -> str:
    takes = _LICENCE_EXAMPLE * headline.weeks / _WEEKS_A_YEAR
    return (
        "The net benefit counts £0 for licences and running, because no price is published: put "
        "that of your contract in the file of costs, scenarios/costs.toml. Each "
        f"£{_LICENCE_EXAMPLE:,} a year takes £{takes:,.0f} off these {headline.weeks} weeks."
    )
