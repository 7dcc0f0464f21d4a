"""Drives the made-up vendor's pages in one Chromium for a whole file of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs
from playwright.sync_api import Page

from simulator.drivers.base import Session
from simulator.drivers.pages import PagesDriver
from simulator.inputs.selectors import Selectors, read_selectors
from simulator.processes.loopback import free_port, serving
from tests.reference.portal.browser import chromium
from tests.simulator.drivers.vendor_pages import SELECTORS, VendorPages
from tests.simulator.scripted_driver import ScriptedDriver

FILE = "vendor.selectors.toml"
INVITATION = "/invited/Secret-Token-0123456789"


class Driven:
    """A vendor's pages with a driver at them, and what was looked at on the way."""

    def __init__(self, site: VendorPages, url: str, selectors: Selectors) -> None:
        self.site = site
        self.url = url
        self.by_http = ScriptedDriver()
        self.looked_at: list[str] = []
        self.driver = PagesDriver(
            url,
            selectors,
            file=FILE,
            by_http=self.by_http,
            look=self._note,
            wait_seconds_max=2,
        )

    def sign_in(self, code: str = "123456") -> Session:
        """Come in by an address."""
        step = self.driver.begin_sign_in("07700 900101")
        return self.driver.enter_code(self.driver.prove(step, "1984-05-01"), code)

    def _note(self, page: Page) -> None:
        self.looked_at.append(page.url.removeprefix(self.url))


@contextmanager
def driven(folder: Path, **changes: object) -> Iterator[Driven]:
    """Serve the pages and drive them, with other selectors where a test changes some."""
    chromium()
    file = folder / FILE
    file.write_text(SELECTORS, encoding="utf-8")
    selectors = structs.replace(read_selectors(file), **changes)
    site = VendorPages()
    with serving(site.application, free_port()) as url:
        made = Driven(site, url, selectors)
        try:
            yield made
        finally:
            made.driver.close()
