"""Looks at pages in the system's Chromium, as people with other eyes, hands and screens do.

Everything here reads what the browser made of a page: axe-core's findings, what sticks out of a
narrow screen, and what the keyboard reaches.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from simulator.drivers.browser import NAMES, arguments

NARROW = ViewportSize(width=320, height=640)
REQUIRED_BY = ("CI", "PORTAL_SUITE_REQUIRE_BROWSER")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Axe()


def chromium() -> str:
    """Find the system's Chromium; without one the test is skipped, or fails where one is required.

    What could not be looked at must not count as looked at.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None:
        return found
    why = "no Chromium: no page was seen in a browser (as root on Debian, make install brings it)"
    if any(os.environ.get(name) for name in REQUIRED_BY):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the browser, once for many pages."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments())
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """List what axe-core finds against WCAG 2.2 AA and good practice: the rule and the element."""
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found = _AXE.run(page, options=options).response
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def sticking_out(page: Page) -> list[str]:
    """List what is wider than the screen, so that somebody must scroll sideways to read it."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body, body *')]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
            || (each === document.body && document.scrollingElement.scrollWidth > innerWidth))
          .map((each) => each.outerHTML.slice(0, 200))"""
    )
    return found


def space_text(page: Page) -> None:
    """Set text as WCAG 1.4.12 lets a reader set it."""
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { letter-spacing: 0.12em !important; line-height: 1.5 !important;'
            + ' word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )


def double_text(page: Page) -> None:
    """Make the text twice as large and nothing else."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")


def tab_through(page: Page) -> tuple[list[str], list[dict[str, Any]]]:
    """Press Tab through a page; answers what can have the focus, in order, and each that had it.

    Of each: its `name`, whether the focus `shows`, and whether anything `covers` it.
    """
    expected: list[str] = page.evaluate(
        """() => {
          const kinds = 'a[href], button, input:not([type=hidden]), textarea, select, summary';
          window.named = (each) =>
            `${each.localName} ${each.name || each.getAttribute('href') || ''} `
            + (each.textContent || each.value).trim().slice(0, 60);
          window.plain = new Map([...document.querySelectorAll(kinds)].map((each) => {
            const style = getComputedStyle(each);
            return [each, style.outline + style.boxShadow + style.backgroundColor];
          }));
          const all = [...window.plain.keys()];
          return all.filter((each) => each.checkVisibility()).map(window.named);
        }"""
    )
    focused = []
    for _ in expected:
        page.keyboard.press("Tab")
        focused.append(
            page.evaluate(
                """() => {
                  const each = document.activeElement, style = getComputedStyle(each);
                  const box = each.getClientRects()[0];
                  const x = Math.max(box.x, 0) + Math.min(box.width / 2, 20);
                  const y = Math.max(box.y, 0) + Math.min(box.height / 2, 12);
                  const top = document.elementFromPoint(x, y) || document.body;
                  return {
                    name: window.named(each),
                    shows: window.plain.get(each)
                      !== style.outline + style.boxShadow + style.backgroundColor,
                    covers: each.contains(top) ? '' : top.outerHTML.slice(0, 100),
                  };
                }"""
            )
        )
    return expected, focused
