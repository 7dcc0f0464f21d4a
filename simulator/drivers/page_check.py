"""Looks at each page as people with other eyes and screens do, and writes down what was found.

axe-core's findings against WCAG 2.2 AA, the language, and what sticks out of a narrow screen. The
judge says what it means. A page built like one that was looked at is not looked at again.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

from simulator.clock import Now
from simulator.drivers.tab import path_pattern
from simulator.errors import SuiteError
from simulator.evidence.records import EvidenceLog, PageChecked

if TYPE_CHECKING:
    from playwright.sync_api import Page

NARROW_PIXELS = 320
LOOKS_PER_PATH_MAX = 20
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": _RULES},
    "resultTypes": ["violations"],
}
# Elements, what they are for and how they are styled, without their words; of neighbours that are
# alike, one.
_BUILD = """() => {
  const build = each => {
    const own = [each.localName, each.className, each.getAttribute('role') ?? '', each.type ?? '',
      [...each.attributes].map(one => one.name).sort().join(' ')].join('|');
    const inner = [...each.children].map(build);
    return own + '(' + inner.filter((one, at) => one !== inner[at - 1]).join(',') + ')';
  };
  return document.documentElement.lang + build(document.body);
}"""
_WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


class PageCheck:
    """What looks, and where it writes."""

    def __init__(self, evidence: EvidenceLog, now: Now) -> None:
        self._evidence = evidence
        self._now = now
        self._axe = _axe()
        self._seen: set[tuple[str, str]] = set()
        self._looks: Counter[str] = Counter()

    def look(self, page: "Page") -> None:
        """Look at a page, unless one like it was looked at before."""
        path = path_pattern(page.url)
        seen = (path, page.evaluate(_BUILD))
        if seen in self._seen or self._looks[path] >= LOOKS_PER_PATH_MAX:
            return
        self._seen.add(seen)
        self._looks[path] += 1
        self._evidence.append(
            PageChecked(
                at=self._now(),
                path=path,
                language=page.evaluate("() => document.documentElement.lang"),
                violations=self._violations(page),
                wider_than_320_pixels_by=_wider(page),
            )
        )

    def _violations(self, page: "Page") -> dict[str, int]:
        found = self._axe.run(page, options=_OPTIONS).response["violations"]
        return {each["id"]: len(each["nodes"]) for each in found}


def _wider(page: "Page") -> int:
    """Say by how many pixels a page must be scrolled sideways on a narrow screen."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": NARROW_PIXELS, "height": size["height"]})
    wider: int = page.evaluate(_WIDER)
    page.set_viewport_size(size)
    return wider


def _axe() -> Any:
    try:
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
    except ImportError:
        raise SuiteError(
            "a portal's pages are looked at with axe-core, which is not installed here; "
            "pip install axe-playwright-python"
        ) from None
    return Axe()
