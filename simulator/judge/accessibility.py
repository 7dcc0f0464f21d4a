"""What is wrong with pages for everybody, found on the pages that were opened in a browser.

Barriers keep people from using a page. A page without a quick exit, or with a title that tells what
it is about, endangers a victim whose screen or browser history another person sees. A page on which
a victim writes to the officer warns them.

Apart from the rules, which judge what people were told: a page is shared by all victims, and is
judged over a whole run.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from simulator.evidence.records import PageChecked, Record
from simulator.judge.text.telling_words import TELLING_WORDS

RULES, LANGUAGE, REFLOW = "A11Y-01", "A11Y-02", "A11Y-03"
UNSEEN = "SAFE-08"
WARNING = "TWO-15"
# The requirement on languages covers what axe-core reports on a page's language.
_OF_LANGUAGE = {"html-has-lang", "html-lang-valid"}
_ABOUT = re.compile(r"\b(victims?|crim(e|es|inals?)|police|constabulary)\b", re.IGNORECASE)
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)


#: What a page says beside a message to the officer, in any words that say so.
_SAYS = {
    "to call 999 in danger": re.compile(r"\b999\b"),
    "that nobody reads it at all times": re.compile(
        r"\b(not|nobody|no one|never|cannot)\b[^.]{0,40}\b(read|reads|monitor\w*|watch\w*|check\w*|"
        r"look\w*|seen|staffed)\b|\boffice hours\b|\bworking hours\b|\bmay (wait|take)\b",
        re.IGNORECASE,
    ),
    "that it is kept": re.compile(r"\b(kept|keeps?|stored|recorded|part of)\b", re.IGNORECASE),
    "that a court may see it": re.compile(r"\b(court|defence|disclos\w+)\b", re.IGNORECASE),
}


class Barrier(Struct, frozen=True, kw_only=True):
    """One thing wrong with the pages of one path, against one requirement."""

    requirement: str
    path: str
    what: str


def barriers(evidence: Iterable[Record]) -> list[Barrier]:
    """List what is wrong with the pages, once for each path, in the order they were opened."""
    found: dict[Barrier, None] = {}
    for record in evidence:
        if isinstance(record, PageChecked):
            found |= dict.fromkeys(_of(record))
    return list(found)


def paths_met(evidence: Iterable[Record], requirement: str = "") -> list[str]:
    """List the paths of the pages that were checked, of all or for a requirement, each once."""
    return sorted(
        {
            each.path
            for each in evidence
            if isinstance(each, PageChecked) and _was_looked_at(each, requirement)
        }
    )


def _was_looked_at(page: PageChecked, requirement: str) -> bool:
    """Say whether a page was looked at for a requirement: earlier evidence has not all of it."""
    if requirement == UNSEEN:
        return page.exits is not None and page.title is not None
    return requirement != WARNING or bool(page.beside_writing)


def _of(page: PageChecked) -> Iterable[Barrier]:
    for rule in sorted(page.violations.keys() - _OF_LANGUAGE):
        yield Barrier(requirement=RULES, path=page.path, what=rule)
    if not _TAG.fullmatch(page.language):
        what = f"its language is {page.language!r}" if page.language else "it has no language"
        yield Barrier(requirement=LANGUAGE, path=page.path, what=what)
    if page.wider_than_320_pixels_by > 0:
        what = "it must be scrolled sideways on a screen of 320 pixels"
        yield Barrier(requirement=REFLOW, path=page.path, what=what)
    if page.exits == ():
        yield Barrier(requirement=UNSEEN, path=page.path, what="there is no way to leave quickly")
    for found in (_ABOUT.search(page.title or ""), TELLING_WORDS.search(page.title or "")):
        if found:
            what = f"its title says {found[0]!r}"
            yield Barrier(requirement=UNSEEN, path=page.path, what=what)
    if page.beside_writing:
        for what, says in _SAYS.items():
            if not says.search(page.beside_writing):
                yield Barrier(requirement=WARNING, path=page.path, what=f"it does not say {what}")
