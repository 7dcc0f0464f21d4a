"""What keeps people from using a page: read from the pages that were met in a browser.

Apart from the court, which judges what people were told: a page is everybody's, and is judged over
a whole run, whosever it was when it was met.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from simulator.evidence.records import PageChecked, Record

RULES, LANGUAGE, REFLOW = "A11Y-01", "A11Y-02", "A11Y-03"
# What axe-core says of the language of a page is said by the requirement on languages.
_OF_LANGUAGE = {"html-has-lang", "html-lang-valid"}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)


class Barrier(Struct, frozen=True, kw_only=True):
    """One thing wrong with the pages of one path, against one requirement."""

    requirement: str
    path: str
    what: str


def barriers(evidence: Iterable[Record]) -> list[Barrier]:
    """Find what is wrong with the pages, each thing once a path, in the order they were met."""
    found: dict[Barrier, None] = {}
    for record in evidence:
        if isinstance(record, PageChecked):
            found |= dict.fromkeys(_of(record))
    return list(found)


def paths_met(evidence: Iterable[Record]) -> list[str]:
    """List the paths of the pages that were looked at, each once."""
    return sorted({each.path for each in evidence if isinstance(each, PageChecked)})


def _of(page: PageChecked) -> Iterable[Barrier]:
    for rule in sorted(page.violations.keys() - _OF_LANGUAGE):
        yield Barrier(requirement=RULES, path=page.path, what=rule)
    if not _TAG.fullmatch(page.language):
        what = f"its language is {page.language!r}" if page.language else "it has no language"
        yield Barrier(requirement=LANGUAGE, path=page.path, what=what)
    if page.wider_than_320_pixels_by > 0:
        what = "it must be scrolled sideways on a screen of 320 pixels"
        yield Barrier(requirement=REFLOW, path=page.path, what=what)
