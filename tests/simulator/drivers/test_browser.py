"""Rules of the browser: it is started when it is needed, and said to be missing in a sentence.

None of these starts one.
"""

import os
import shutil
import subprocess
import sys

import pytest

from simulator.drivers import browser
from simulator.drivers.accessibility_check import AccessibilityCheck
from simulator.errors import COULD_NOT_JUDGE, SuiteError
from simulator.evidence.records import EvidenceLog
from tests.simulator.drivers.strange_portals import NOW


def test_a_run_without_pages_loads_no_playwright() -> None:
    """Who tries a portal in process or by its interfaces needs neither Playwright nor axe."""
    code = (
        "import sys, simulator.world.builder, simulator.cli\n"
        "print([each for each in sys.modules if each.startswith(('playwright', 'axe_'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_without_playwright_nothing_can_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with the mend, and the exit code of what could not be judged."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(SuiteError, match=r"pip install playwright axe-playwright-python$") as error:
        browser._started()

    assert error.value.exit_code == COULD_NOT_JUDGE


def test_without_axe_nothing_can_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages would be worked, and not looked at: said before anything runs."""
    monkeypatch.setitem(sys.modules, "axe_playwright_python.sync_playwright", None)
    with pytest.raises(SuiteError, match=r"pip install axe-playwright-python$") as error:
        AccessibilityCheck(EvidenceLog(), lambda: NOW)

    assert error.value.exit_code == COULD_NOT_JUDGE


def test_without_chromium_nothing_can_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name it goes by was looked for."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SuiteError, match=r"none of chromium-.* is on the path") as error:
        browser._started()

    assert error.value.exit_code == COULD_NOT_JUDGE


@pytest.mark.parametrize(("user", "is_given"), [(0, True), (1000, False)])
def test_the_sandbox_is_given_up_only_where_it_must_be(
    monkeypatch: pytest.MonkeyPatch, user: int, *, is_given: bool
) -> None:
    """As root Chromium starts in no other way; another keeps it: the pages are others'."""
    monkeypatch.setattr(os, "geteuid", lambda: user)

    assert ("--no-sandbox" in browser.arguments()) is is_given
