"""One tab of the browser: opens a page, finds what the selectors file names, types and presses.

If something is missing, or there more than once, the error names file, key, selector and path,
without the references and tokens in the path, since reports quote it.
"""

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

from msgspec import Struct

from simulator.clock import LONDON
from simulator.errors import (
    NOT_AVAILABLE,
    BadInput,
    PortalNonsense,
    PortalNotAvailable,
    PortalUnreachable,
)
from simulator.inputs.selectors import Moment, Selectors, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, Request, Response

_READ = "(all, name) => all.map(each => name ? each.getAttribute(name) ?? '' : each.innerText)"
_WORDS = re.compile(r"[A-Z]?[a-z]{1,19}(?:[-_.][A-Z]?[a-z]{1,19})*")
_SEGMENT_CHARACTERS_MAX = 60


class PageCopy(Struct, frozen=True):
    """A page as it was, with the cookies of its tab."""

    url: str
    html: str
    cookies: Any


class Tab:
    """One page in its own context. `look` is called with every page that is loaded."""

    def __init__(
        self,
        page: "Page",
        selectors: Selectors,
        file: str,
        *,
        wait_seconds_max: float,
        look: Callable[["Page"], None],
    ) -> None:
        self._page = page
        self._selectors = selectors
        self._file = file
        self._look = look
        self._wait_seconds_max = wait_seconds_max
        self._is_asked = False
        self.status = 0
        page.set_default_timeout(wait_seconds_max * 1000)
        page.on("request", self._note_request)
        page.on("dialog", lambda dialog: dialog.accept())

    @property
    def url(self) -> str:
        """The page's whole address, which no report may show."""
        return self._page.url

    @property
    def title(self) -> str:
        """The page's title."""
        return self._page.title()

    @property
    def words(self) -> str:
        """All the text that the page shows."""
        return self._page.inner_text("body")

    @property
    def shown_path(self) -> str:
        """The page's path, as a report may show it."""
        return path_pattern(self._page.url)

    def go(self, url: str) -> None:
        """Open an address; raises PortalUnreachable, and PortalNonsense for a broken page."""
        with self._loading(url):
            response = self._page.goto(url, wait_until="load")
        self._met(response)

    def copy(self, cookies: Any) -> PageCopy:
        """Keep the page as it is."""
        return PageCopy(urldefrag(self._page.url)[0], self._page.content(), cookies)

    def show(self, kept: PageCopy) -> None:
        """Show a page as it was, without asking the portal for it."""
        self._page.route(
            lambda url: url == kept.url,
            lambda route: route.fulfill(body=kept.html, content_type="text/html; charset=utf-8"),
        )
        with self._loading(kept.url):
            self._page.goto(kept.url, wait_until="load")
        self._page.unroute_all()

    def press(self, key: str, within: "Locator | None" = None) -> None:
        """Press something that loads a page, and wait for the page."""
        button = self.one(key, within)
        self._is_asked = False
        with self._loading(self._page.url, key):
            with self._page.expect_navigation(wait_until="load") as coming:
                button.click()
            response = coming.value
        self._met(response)

    def fill(self, key: str, text: str) -> None:
        """Type into a field."""
        with self._usable(key):
            self.one(key).fill(text)

    def tick(self, key: str, *, wanted: bool) -> None:
        """Tick a box, or untick it."""
        with self._usable(key):
            self.one(key).set_checked(wanted)

    def is_ticked(self, key: str) -> bool:
        """Say whether a box is ticked."""
        with self._usable(key):
            return self.one(key).is_checked()

    def has(self, key: str, within: "Locator | None" = None) -> bool:
        """Say whether the element of a key is on the page, or inside a part of it."""
        return self._found(key, within).count() > 0

    def every(self, key: str) -> "list[Locator]":
        """List the elements of a key, in the order of the page."""
        return self._found(key, None).all()

    def one(self, key: str, within: "Locator | None" = None) -> "Locator":
        """Find the one element of a key; raises PortalNonsense."""
        found = self._found(key, within)
        self._refuse_unless_one(key, found.count())
        return found

    def texts(self, key: str) -> list[str]:
        """Read all elements of a key."""
        found: list[str] = self._found(key, None).evaluate_all(_READ, "")
        return [each.strip() for each in found]

    def read(self, key: str, within: "Locator | None" = None, *, needed: bool = True) -> str:
        """Read the element of a key; "" if it is neither `needed` nor there."""
        says = self._selectors.at(key)
        attribute = "" if isinstance(says, str) else says.attribute
        found: list[str] = self._found(key, within).evaluate_all(_READ, attribute)
        if not found and not needed:
            return ""
        self._refuse_unless_one(key, len(found))
        words = found[0].strip()
        if not isinstance(says, Value) or not says.pattern:
            return words
        part = re.search(says.pattern, words)
        if part is None:
            raise self.nonsense(key, f"reads {words!r:.60}, in which {says.pattern!r} is not,")
        return part[1] or ""

    def read_moment(self, key: str, within: "Locator") -> datetime:
        """Read a time; raises PortalNonsense if it is not one."""
        words, says = self.read(key, within), self._selectors.at(key)
        assert isinstance(says, Moment)
        try:
            if says.format:
                return datetime.strptime(words, says.format).replace(tzinfo=LONDON)
            at = datetime.fromisoformat(words)
        except ValueError:
            raise self.nonsense(key, f"reads {words!r:.60}, which is not a time,") from None
        return at if at.tzinfo else at.replace(tzinfo=LONDON)

    def nonsense(self, key: str, what: str) -> PortalNonsense:
        """Make the error: what is wrong with the element of a key, on which page."""
        picture = self._picture(key)
        return PortalNonsense(
            f"{self._file}: {key}, {self._selectors.selector(key)!r}, {what} on "
            f"{self.shown_path} ({self.status}); fix the selector, or the page"
            + (f"; the page is kept in {picture}" if picture else "")
        )

    def check(self, key: str) -> None:
        """Check that Playwright understands a selector; raises BadInput."""
        from playwright.sync_api import Error

        try:
            self._found(key, None).count()
        except Error as error:
            why = error.message.partition(": ")[2].splitlines()[0]
            raise BadInput(
                f"{self._file}: {key}: {self._selectors.selector(key)!r} is not a selector: {why}"
            ) from None

    def _found(self, key: str, within: "Locator | None") -> "Locator":
        return (within or self._page).locator(self._selectors.selector(key))

    def _refuse_unless_one(self, key: str, count: int) -> None:
        if count != 1:
            what = "nothing" if count == 0 else f"{count} elements, and one is needed"
            raise self.nonsense(key, f"matches {what}")

    def _note_request(self, request: "Request") -> None:
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._is_asked = True

    def _met(self, response: "Response | None") -> None:
        """Check the page that was loaded; raises PortalNonsense for a broken one."""
        self.status = response.status if response is not None else 200
        if self.status >= 500:
            broken = PortalNotAvailable if self.status == NOT_AVAILABLE else PortalNonsense
            raise broken(f"{self.shown_path} answered {self.status}: the portal broke")
        self._look(self._page)

    @contextmanager
    def _loading(self, url: str, key: str = "") -> "Iterator[None]":
        from playwright.sync_api import Error
        from playwright.sync_api import TimeoutError as TookTooLong

        try:
            yield
        except Error as error:
            where = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
            if key and not self._is_asked:
                raise self.nonsense(
                    key, f"was pressed, and no page came in {self._wait_seconds_max:g} s,"
                ) from None
            why = "Timeout" if isinstance(error, TookTooLong) else _net_error(error.message)
            raise PortalUnreachable(
                f"{where}: the portal did not answer with {path_pattern(url)} within "
                f"{self._wait_seconds_max:g} s ({why}); is it running, and is "
                "access.portal_url right?"
            ) from None

    @contextmanager
    def _usable(self, key: str) -> "Iterator[None]":
        from playwright.sync_api import Error

        try:
            yield
        except Error:
            raise self.nonsense(
                key, "is there but cannot be used: it is hidden, or not a field,"
            ) from None

    def _picture(self, key: str) -> str:
        """Keep a picture of the page, if the file asks for it."""
        if not self._selectors.screenshots:
            return ""
        path = Path(self._selectors.screenshots) / f"{key}.png"
        self._page.screenshot(path=path, full_page=True)
        return str(path)


def path_pattern(url: str) -> str:
    """Return the path of an address as a report may show it: its words, never a token."""
    path = unquote(urlsplit(url).path)
    return "/".join(each if _is_words(each) else "…" for each in path.split("/")) or "/"


def _is_words(segment: str) -> bool:
    is_short = len(segment) <= _SEGMENT_CHARACTERS_MAX
    return not segment or (is_short and _WORDS.fullmatch(segment) is not None)


def _net_error(message: str) -> str:
    found = re.search(r"net::(\w+)", message)
    return found[1] if found else "the browser could not open it"
