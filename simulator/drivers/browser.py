"""One Chromium for a whole run, in which every sign-in has its own context, with its own cookies.

Only so many tabs are open at once: the one least recently used is closed, and opened again with
its cookies when it is needed. Only this module loads Playwright.
"""

import os
import shutil
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from simulator.drivers.tab import Tab
from simulator.errors import SuiteError
from simulator.inputs.selectors import Selectors

if TYPE_CHECKING:
    from playwright.sync_api import Page, StorageState

#: The first that is installed is used: the one without windows is four times faster.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable",
    "google-chrome",
)  # fmt: skip
OPEN_MAX = 10
SIZE: Any = {"width": 1280, "height": 800}
_QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking")


def arguments() -> list[str]:
    """Return Chromium's options; as root it starts only without its sandbox."""
    return [*_QUIET, *(("--no-sandbox",) if os.geteuid() == 0 else ())]


class Browser:
    """The browser and its tabs, each with a token that is not a secret."""

    def __init__(
        self,
        selectors: Selectors,
        file: str,
        *,
        wait_seconds_max: float,
        look: Callable[["Page"], None],
    ) -> None:
        self._selectors = selectors
        self._file = file
        self._wait_seconds_max = wait_seconds_max
        self._look = look
        self._opened = 0
        self._tabs: OrderedDict[str, Tab] = OrderedDict()
        self._contexts: dict[str, Any] = {}
        self._left: dict[str, StorageState] = {}
        self._browser = Chromium.enter()
        self._is_open = True

    def open(self) -> str:
        """Open a tab without cookies; return its token."""
        self._opened += 1
        token = f"tab {self._opened}"
        self._open(token, None)
        return token

    def tab(self, token: str) -> Tab:
        """Find a tab; open it again with its cookies if it was closed to make room."""
        if token not in self._tabs:
            self._open(token, self._left.pop(token, None))
        self._tabs.move_to_end(token)
        return self._tabs[token]

    def cookies(self, token: str) -> Any:
        """Return a copy of a tab's cookies."""
        self.tab(token)
        return self._contexts[token].cookies()

    def put_back(self, token: str, cookies: Any) -> None:
        """Replace a tab's cookies by these."""
        self._contexts[token].clear_cookies()
        self._contexts[token].add_cookies(cookies)

    def forget(self, token: str) -> None:
        """Close a tab for good."""
        self._tabs.pop(token, None)
        context = self._contexts.pop(token, None)
        if context is not None:
            context.close()

    def close(self) -> None:
        """Close every tab, and the browser if no one else uses it."""
        if self._is_open:
            self._is_open = False
            for token in list(self._tabs):
                self.forget(token)
            Chromium.leave()

    def _open(self, token: str, state: "StorageState | None") -> None:
        while len(self._tabs) >= OPEN_MAX:
            oldest = next(iter(self._tabs))
            self._left[oldest] = self._contexts[oldest].storage_state()
            self.forget(oldest)
        context = self._browser.new_context(
            viewport=SIZE, locale="en-GB", timezone_id="Europe/London", storage_state=state
        )
        self._contexts[token] = context
        self._tabs[token] = Tab(
            context.new_page(),
            self._selectors,
            self._file,
            wait_seconds_max=self._wait_seconds_max,
            look=self._look,
        )


class Chromium:
    """The one browser of this process: Playwright does not allow a second."""

    _running: ClassVar[list[Any]] = []
    _users = 0

    @classmethod
    def enter(cls) -> Any:
        """Return the browser; start it for its first user."""
        if not cls._users:
            cls._running = list(_started())
        cls._users += 1
        return cls._running[1]

    @classmethod
    def leave(cls) -> None:
        """Close it after its last user."""
        cls._users -= 1
        if not cls._users:
            playwright, browser = cls._running
            browser.close()
            playwright.stop()


def _started() -> tuple[Any, Any]:
    """Start Playwright and Chromium; raises SuiteError if either is missing."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise SuiteError(
            "the suite opens a portal's pages with Playwright, which is not installed; "
            "pip install playwright axe-playwright-python"
        ) from None
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SuiteError(
            f"the suite opens a portal's pages in Chromium, and none of {', '.join(NAMES)} is on "
            "the path; install one (as root on Debian, make install does)"
        )
    playwright = sync_playwright().start()
    try:
        return playwright, playwright.chromium.launch(executable_path=path, args=arguments())
    except Error as error:
        playwright.stop()
        first = error.message.splitlines()[0]
        raise SuiteError(f"{path}: Chromium did not start ({first})") from None
