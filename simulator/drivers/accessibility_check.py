"""Checks each page with a machine, and what it says to those who write; records what it finds.

It records axe-core's findings against WCAG 2.2 AA, the language, whether a narrow screen must be
scrolled sideways, the title, and how the site can be left at once. The judge decides what they
mean. Pages built alike are checked once.
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
# The elements with their roles and styles, without their text; one of neighbours that are alike.
_BUILD = """() => {
  const build = each => {
    const own = [each.localName, each.className, each.getAttribute('role') ?? '', each.type ?? '',
      [...each.attributes].map(one => one.name).sort().join(' ')].join('|');
    const inner = [...each.children].map(build);
    return own + '(' + inner.filter((one, at) => one !== inner[at - 1]).join(',') + ')';
  };
  return document.documentElement.lang + build(document.body);
}"""
# Links to another site, and buttons, that are there to leave this one at once.
_EXITS = r"""() => [...document.querySelectorAll('a[href], button, [role=button], [type=button]')]
  .filter(each => each.checkVisibility() && !(each.href && each.host === location.host))
  .map(each => (each.innerText || each.value || each.ariaLabel || '').trim())
  .filter(words => /\b(exit|escape|(leave|hide) (this|the|quickly)|gadael|cuddio)\b/i.test(words))
"""

# What a page says to a victim who writes there; the words that they may copy are no such place.
_BESIDE_WRITING = """() => document.querySelector('textarea:not([readonly], [disabled])')
  ? (document.querySelector('main') ?? document.body).innerText : ''"""
_TEXT_CHARACTERS_MAX = 20_000
_WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


class AccessibilityCheck:
    """The check, and the evidence that it writes."""

    def __init__(self, evidence: EvidenceLog, now: Now) -> None:
        self._evidence = evidence
        self._now = now
        self._axe = _axe()
        self._seen: set[tuple[str, str]] = set()
        self._looks: Counter[str] = Counter()

    def look(self, page: "Page") -> None:
        """Check a page, unless one built like it has been checked."""
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
                title=page.title(),
                exits=tuple(page.evaluate(_EXITS)),
                beside_writing=page.evaluate(_BESIDE_WRITING)[:_TEXT_CHARACTERS_MAX],
            )
        )

    def _violations(self, page: "Page") -> dict[str, int]:
        found = self._axe.run(page, options=_OPTIONS).response["violations"]
        return {each["id"]: len(each["nodes"]) for each in found}


def _wider(page: "Page") -> int:
    """Measure by how many pixels a narrow screen must be scrolled sideways."""
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
            "the suite checks a portal's pages with axe-core, which is not installed; "
            "pip install axe-playwright-python"
        ) from None
    return Axe()
