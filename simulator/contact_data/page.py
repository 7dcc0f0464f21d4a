"""The pages of a check: readiness for the board, and one for each station. They name nobody.

Each stands alone: drawings and the numbers to download are inside it.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from simulator.contact_data import plots
from simulator.contact_data.columns import Limits
from simulator.contact_data.cost import Amount
from simulator.contact_data.number_tables import as_csv, tables_of_station
from simulator.contact_data.outputs import WorstRecord
from simulator.contact_data.readiness import Readiness, Station
from simulator.contact_data.verdict_in_words import decision
from simulator.report import amounts
from simulator.report.html import environment
from simulator.verdicts import Kind

_FOLDER = Path(__file__).with_name("templates")
_MEANINGS = {
    "completeness": "what must be there is there: a contact, a name, a date of birth, safe or not",
    "validity": "each value is of the kind that its field is for",
    "accuracy": "the number is the victim's: at least so many, by the worse end of the "
    "interval that the call-backs give",
    "uniqueness": "each person has one record",
    "timeliness": "confirmed within the force's limit of days",
    "consistency": "the values of a record, and of a crime, agree with each other",
}


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
    pages: Mapping[str, str],
    worst: Sequence[WorstRecord] = (),
) -> str:
    """Make the board's page; `pages` has the address of each station's.

    `worst` names people: it is empty unless that was asked for, and where stations have pages.
    """
    return (
        _environment()
        .get_template("data-check.html")
        .render(
            result=result,
            decision=decision(result),
            meanings=_MEANINGS,
            limits=limits,
            cost=cost_in_words(result),
            kinds_plot=_markup(plots.kinds_plot(result.kinds)) if result.kinds else "",
            stations_plot=_markup(plots.stations_plot(result.stations)) if result.stations else "",
            trend_plot=_markup(plots.trend_plot(result)) if result.earlier else "",
            downloads=[(each.name, _inside(each)) for each in numbers],
            pages=pages,
            worst=worst,
        )
    )


def write_station_pages(
    folder: Path,
    result: Readiness,
    *,
    worst: Mapping[str, Sequence[WorstRecord]],
) -> dict[str, str]:
    """Write a page for each station into a folder; return their addresses beside the board's page.

    `worst` has names of people by station: empty unless they were asked for.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for each in folder.glob("*.html"):
        each.unlink()
    rung = {each.name: each for each in result.call_backs.stations} if result.call_backs else {}
    template = _environment().get_template("data-check-station.html")
    pages = {}
    for number, station in enumerate(result.stations, 1):
        words = re.sub("[^a-z0-9]+", "-", station.name.casefold()).strip("-")
        path = folder / f"{number:02d}-{words or 'station'}.html"
        share, least = amounts.share(station.headline.share), amounts.share(result.reachable_min)
        is_low = station.headline.share < result.reachable_min
        written = template.render(
            result=_StationView(station=station, verdict="FAIL" if is_low else "INCONCLUSIVE"),
            decision=f"{share} of open eligible crimes can be told; the force’s limit is {least}. "
            f"{station.to_correct:,} records to correct.",
            whole=result.headline,
            on=result.on,
            meanings=_MEANINGS,
            calls=rung.get(station.name),
            kinds_plot=_markup(plots.kinds_plot(station.kinds)) if station.kinds else "",
            downloads=[
                (name, _held(as_csv(rows))) for name, rows in tables_of_station(station).items()
            ],
            worst=worst.get(station.name, ()),
        )
        path.write_text(written, encoding="utf-8")
        pages[station.name] = f"{folder.name}/{path.name}"
    return pages


class _StationView(Struct):
    """A station as its page needs it, with the verdict by which the page is coloured."""

    station: Station
    verdict: Kind


@cache
def _environment() -> Environment:
    made = environment(_FOLDER)
    made.filters["share"] = amounts.share
    return made


def _markup(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704  drawn by us; its texts are escaped there


def _inside(path: Path) -> Markup:
    """Write a file as an address that holds it."""
    return _held(path.read_text(encoding="utf-8"))


def _held(text: str) -> Markup:
    held = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return Markup(f"data:text/csv;base64,{held}")  # noqa: S704
