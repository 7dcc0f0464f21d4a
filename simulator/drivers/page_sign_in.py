"""The sign-in by pages: a tab for each attempt, which is the session once the code is accepted.

Each page that asks for something is kept. If its tab has moved on, a later answer is typed into a
copy, as in a browser left open: a link or code that is used up must be refused there too.
"""

from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from simulator.drivers.base import Refused, Session, Step
from simulator.drivers.browser import Browser
from simulator.drivers.tab import PageCopy, Tab
from simulator.errors import PortalNonsense
from simulator.inputs.selectors import Selectors

_REASON_CHARACTERS_MAX = 200
_KEPT_MAX = 100


class PageSignIn:
    """Signs in by a link or by an address, page by page."""

    def __init__(self, browser: Browser, selectors: Selectors, portal_url: str) -> None:
        self._browser = browser
        self._selectors = selectors
        self._start = portal_url + selectors.sign_in.path
        self._kept: OrderedDict[Step, PageCopy] = OrderedDict()

    def open_invitation(self, link: str) -> Step:
        """Follow the link, and continue from the page that it opens."""
        if urlsplit(link)[:2] != urlsplit(self._start)[:2]:
            leads_to = urlsplit(link).hostname or "nowhere"
            raise PortalNonsense(
                f"the invitation link leads to {leads_to}, not to the portal of the target"
            )

        def follow(tab: Tab) -> None:
            tab.go(link)
            refuse(tab)
            if self._selectors.invitation.go_on is not None:
                tab.press("invitation.go_on")

        return self._begin(follow)

    def by_address(self, address: str) -> Step:
        """Type a phone number or email address into the sign-in page."""

        def ask(tab: Tab) -> None:
            tab.go(self._start)
            refuse(tab)
            tab.fill("sign_in.address", address)
            tab.press("sign_in.go_on")

        return self._begin(ask)

    def prove(self, step: Step, proof: str) -> Step:
        """Type the agreed word, or the date of birth if the page asks for that."""
        token, tab = self._asking(step, _FIELDS[step.asks])
        if step.asks == "date_of_birth":
            for part, digits in zip(("year", "month", "day"), proof.split("-"), strict=True):
                tab.fill(f"date_of_birth.{part}", digits)
        else:
            tab.fill("agreed_word.word", proof)
        tab.press(f"{step.asks}.go_on")
        return self._step(token)

    def enter_code(self, step: Step, code: str) -> Session:
        """Type the one-time code, and check that the portal signs the victim in."""
        token, tab = self._asking(step, "one_time_code.code")
        tab.fill("one_time_code.code", code)
        tab.press("one_time_code.go_on")
        refuse(tab)
        if not tab.has("signed_in.shows"):
            raise tab.nonsense("signed_in.shows", "matches nothing after the code was taken,")
        return Session(token)

    def _begin(self, act: Callable[[Tab], None]) -> Step:
        """Begin in a new tab; close it again if the portal refuses."""
        token = self._browser.open()
        try:
            act(self._browser.tab(token))
            return self._step(token)
        except Refused:
            self._browser.forget(token)
            raise

    def _step(self, token: str) -> Step:
        """Read what the page asks for, and keep the page; raises Refused if it refuses."""
        tab = self._browser.tab(token)
        refuse(tab)
        step = self._asked(token, tab)
        self._kept[step] = tab.copy(self._browser.cookies(token))
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)
        return step

    def _asked(self, token: str, tab: Tab) -> Step:
        if self._selectors.agreed_word is not None and tab.has(_FIELDS["agreed_word"]):
            return Step(token, "agreed_word")
        if self._selectors.date_of_birth is not None and tab.has(_FIELDS["date_of_birth"]):
            return Step(token, "date_of_birth")
        tab.one("one_time_code.code")
        return Step(token, "one_time_code")

    def _asking(self, step: Step, field: str) -> tuple[str, Tab]:
        """Find the page of a step: in its tab, or a copy in another tab."""
        tab = self._browser.tab(step.id)
        kept = self._kept.get(step)
        if kept is None or tab.has(field):
            return step.id, tab
        token = self._browser.open()
        self._browser.put_back(token, kept.cookies)
        copy = self._browser.tab(token)
        copy.show(kept)
        return token, copy


def refuse(tab: Tab) -> None:
    """Raise Refused if the page refuses."""
    words = tab.texts("refusal.shows")
    if tab.status >= 400 or words:
        said = words[0] if words else tab.title
        raise Refused(tab.status, said[:_REASON_CHARACTERS_MAX])


_FIELDS = {"agreed_word": "agreed_word.word", "date_of_birth": "date_of_birth.day"}
