"""One Chromium for a whole run, in which every sign-in has a context, and so cookies, of its own.

Only so many are open at once: whoever was not heard of for longest is closed, and comes back with
the cookies they had. Playwright is loaded here and nowhere before.
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

#: The first of these is taken: the one without windows opens a tab in a quarter of the time.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable",
    "google-chrome",
)  # fmt: skip
OPEN_MAX = 10
SIZE: Any = {"width": 1280, "height": 800}
_QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking")


def arguments() -> list[str]:
    """Give what Chromium is started with; as root it starts only without its sandbox."""
    return [*_QUIET, *(("--no-sandbox",) if os.geteuid() == 0 else ())]


class Browser:
    """The browser, and who is in it by a token that is nobody's secret."""

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
        self._browser = _Chromium.enter()
        self._is_open = True

    def open(self) -> str:
        """Open a tab with no past; answers its token."""
        self._opened += 1
        token = f"tab {self._opened}"
        self._open(token, None)
        return token

    def tab(self, token: str) -> Tab:
        """Find a tab, opened again with its cookies where it was closed for others."""
        if token not in self._tabs:
            self._open(token, self._left.pop(token, None))
        self._tabs.move_to_end(token)
        return self._tabs[token]

    def cookies(self, token: str) -> Any:
        """Give a copy of the cookies somebody has."""
        self.tab(token)
        return self._contexts[token].cookies()

    def put_back(self, token: str, cookies: Any) -> None:
        """Have somebody hold these cookies, and no others."""
        self._contexts[token].clear_cookies()
        self._contexts[token].add_cookies(cookies)

    def forget(self, token: str) -> None:
        """Close a tab for good."""
        self._tabs.pop(token, None)
        context = self._contexts.pop(token, None)
        if context is not None:
            context.close()

    def close(self) -> None:
        """Close every tab; the browser goes when nobody else is in it."""
        if self._is_open:
            self._is_open = False
            for token in list(self._tabs):
                self.forget(token)
            _Chromium.leave()

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


class _Chromium:
    """The one browser of this process: Playwright allows no second beside it."""

    _running: ClassVar[list[Any]] = []
    _users = 0

    @classmethod
    def enter(cls) -> Any:
        """Give the browser, started for the first who needs it."""
        if not cls._users:
            cls._running = list(_started())
        cls._users += 1
        return cls._running[1]

    @classmethod
    def leave(cls) -> None:
        """Close it after the last."""
        cls._users -= 1
        if not cls._users:
            playwright, browser = cls._running
            browser.close()
            playwright.stop()


def _started() -> tuple[Any, Any]:
    """Start Playwright and Chromium; raises SuiteError in one sentence where either is missing."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise SuiteError(
            "a portal's pages are worked with Playwright, which is not installed here; "
            "pip install playwright axe-playwright-python"
        ) from None
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SuiteError(
            f"a portal's pages are worked in Chromium, and none of {', '.join(NAMES)} is on the "
            "path; install one (as root on Debian, make install does)"
        )
    playwright = sync_playwright().start()
    try:
        return playwright, playwright.chromium.launch(executable_path=path, args=arguments())
    except Error as error:
        playwright.stop()
        first = error.message.splitlines()[0]
        raise SuiteError(f"{path}: Chromium did not start ({first})") from None
