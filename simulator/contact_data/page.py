"""The page of a check: readiness for the board, then a section a station. It names nobody.

It stands alone: drawings and the numbers to download are inside it.
"""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from simulator.contact_data import plots
from simulator.contact_data.columns import Limits
from simulator.contact_data.cost import Amount
from simulator.contact_data.readiness import Readiness
from simulator.report import amounts
from simulator.report.html import environment

_FOLDER = Path(__file__).with_name("templates")
_MEANINGS = {
    "completeness": "what must be there is there: a contact, a name, a date of birth, safe or not",
    "validity": "each value is of the kind that its field is for",
    "accuracy": "the number is the victim's: people rung back say so; the interval's end decides",
    "uniqueness": "each person has one record",
    "timeliness": "confirmed within the force's limit of days",
    "consistency": "the values of a record, and of a crime, agree with each other",
}


def decision(result: Readiness) -> str:
    """Say in a sentence whether the extract is ready, and by what."""
    reached, least = amounts.share(result.headline.share), amounts.share(result.reachable_min)
    if not result.headline.crimes:
        return "Not judged: the extract has no open eligible crime. Check the map of columns."
    if result.headline.share < result.reachable_min:
        return (
            f"Not ready: {reached} of open eligible crimes have one safe usable contact, and the "
            f"limit is {least}. Correct the worklist first."
        )
    if result.call_backs is None or result.limit is None:
        return (
            f"Not judged yet: {reached} of open eligible crimes have one safe usable contact "
            f"(limit {least}). Only call-backs tell whether the numbers are the victims' own: ring "
            "the list of --audit-sample, and give --audit-results and --limit."
        )
    whole = result.call_backs.whole
    found = (
        f"at most {amounts.share(whole.high)} of those told may be somebody else "
        f"(limit {amounts.share(result.limit)})"
    )
    if whole.high <= result.limit:
        return f"Ready: {reached} can be told (limit {least}), and {found}."
    return f"Not ready: {reached} can be told (limit {least}), but {found}."


def cost_in_words(result: Readiness) -> str:
    """Say what leaving the data as it is costs, by a rehearsal; or that none was run, and which."""
    found = result.cost.rehearsed
    if found is None:
        return (
            "Not rehearsed. --rehearse runs scenarios/phased-rollout.toml twice, on the rates "
            "measured here and with every detail right (a minute or two), and gives messages lost "
            "and people misinformed."
        )
    wrong = "the call-backs" if result.call_backs else "assumed rates, no call-backs yet"
    return (
        f"Left as it is, for each 1,000 open eligible crimes: {_range(found.lost)} messages lost, "
        f"{_range(found.misinformed)} people misinformed. Rehearsed on the rates measured here "
        f"({found.crimes:,} crimes through the reference portal); wrong numbers by {wrong}."
    )


def _range(found: Amount) -> str:
    return f"{found.value:,.0f} (95% interval {found.low:,.0f} to {found.high:,.0f})"


def data_check_html(
    result: Readiness,
    *,
    limits: Limits,
    numbers: Sequence[Path],
    worst: Mapping[str, Sequence[tuple[str, str, str]]],
) -> str:
    """Make the page. `worst` has names of people by station: empty unless they were asked for."""
    made = environment(_FOLDER)
    made.filters["share"] = amounts.share
    return made.get_template("data-check.html").render(
        result=result,
        decision=decision(result),
        meanings=_MEANINGS,
        limits=limits,
        cost=cost_in_words(result),
        kinds_plot=_markup(plots.kinds_plot(result.kinds)) if result.kinds else "",
        stations_plot=_markup(plots.stations_plot(result.stations)) if result.stations else "",
        trend_plot=_markup(plots.trend_plot(result)) if result.earlier else "",
        downloads=[(each.name, _inside(each)) for each in numbers],
        worst={each.name: worst.get(each.name, ()) for each in result.stations},
        names=bool(worst),
    )


def _markup(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704  drawn by us; its texts are escaped there


def _inside(path: Path) -> Markup:
    """Write a file as an address that holds it."""
    held = base64.b64encode(path.read_bytes()).decode("ascii")
    return Markup(f"data:text/csv;base64,{held}")  # noqa: S704
