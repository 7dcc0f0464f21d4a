"""Reads a page into the values of the contract, row by row.

Patterns in the selectors file say what a page's words mean: a status, or the kind of an entry.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    TimelineEntry,
)
from simulator.drivers.tab import Tab
from simulator.inputs.selectors import Selectors

if TYPE_CHECKING:
    from playwright.sync_api import Locator

K = TypeVar("K", bound=str)


def rows(tab: Tab, table: str) -> "list[Locator]":
    """List the rows of a list; if there are none, the page must say so."""
    found = tab.every(f"{table}.each")
    if not found:
        tab.one(f"{table}.empty")
    return found


def summary(tab: Tab, row: "Locator", selectors: Selectors) -> CrimeSummary:
    """Read one row of the list of crimes, which does not show force, team and officer."""
    words = tab.read("crimes.status", row)
    status = meaning(selectors.statuses, words)
    if status is None:
        raise tab.nonsense("crimes.status", f"reads {words!r:.60}, which none of statuses says,")
    return CrimeSummary(
        crime_reference=tab.read("crimes.reference", row),
        offence=tab.read("crimes.offence", row),
        status=status,
        force="",
        updated_at=tab.read_moment("crimes.updated_at", row),
    )


def link_of(tab: Tab, row: "Locator") -> str:
    """Return the link of a row of the list of crimes."""
    return tab.one("crimes.link", row).get_attribute("href") or ""


def entries(tab: Tab, selectors: Selectors) -> list[TimelineEntry]:
    """Read a timeline; an entry that fits no pattern has the kind ""."""
    found = []
    for row in rows(tab, "timeline"):
        title = tab.read("timeline.title", row)
        found.append(
            TimelineEntry(
                at=tab.read_moment("timeline.at", row),
                kind=meaning(selectors.kinds, title) or "",
                title=title,
                text=tab.read("timeline.text", row, needed=False),
            )
        )
    return found


def posts(tab: Tab, found: Sequence["Locator"]) -> list[ConversationPost]:
    """Read a conversation; pages have no keys, so a post's key is its position."""
    return [_post(tab, row, place) for place, row in enumerate(found, start=1)]


def _post(tab: Tab, row: "Locator", place: int) -> ConversationPost:
    is_own = tab.has("conversation.by_victim", row)
    return ConversationPost(
        at=tab.read_moment("conversation.at", row),
        author="victim" if is_own else "officer",
        name="" if is_own else tab.read("conversation.name", row, needed=False),
        text=tab.read("conversation.text", row),
        key=f"post {place}",
        is_with_force=not tab.has("conversation.waits", row),
    )


def pages_of_advice(tab: Tab) -> list[AdvicePage]:
    """Read the list of advice."""
    return [
        AdvicePage(
            slug=f"page {place}",
            title=tab.read("advice.title", row),
            summary=tab.read("advice.summary", row, needed=False),
        )
        for place, row in enumerate(rows(tab, "advice"), start=1)
    ]


def meaning(patterns: Mapping[K, str], words: str) -> K | None:
    """Find the first pattern that fits."""
    return next((each for each, pattern in patterns.items() if re.search(pattern, words)), None)
