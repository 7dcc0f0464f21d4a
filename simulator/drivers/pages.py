"""Works a portal's own pages in a browser, as a victim does, by what a selectors file names.

What is no page stays with the driver of the contract: events in, receipts in, texts sent back, the
test clock. A page's no is `Refused`; a page without what the file names is `PortalNonsense`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from msgspec import structs

from reference.contract.events import Channel
from reference.contract.messages import AdvicePage, ConversationPost, CrimeSummary, TimelineEntry
from simulator.drivers.base import ContactChoice, Driver, Refused, Session, Step
from simulator.drivers.browser import Browser
from simulator.drivers.page_reading import entries, link_of, pages_of_advice, posts, rows, summary
from simulator.drivers.page_sign_in import PageSignIn, refuse
from simulator.drivers.tab import Tab
from simulator.errors import CannotVerify, SuiteError
from simulator.inputs.selectors import Selectors

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHANNELS: tuple[Channel, ...] = ("text", "email")


class PagesDriver:
    """The victim's side by pages; `by_http` is the driver for the rest, mail scanners among it."""

    def __init__(
        self,
        portal_url: str,
        selectors: Selectors,
        *,
        file: str,
        by_http: Driver,
        look: "Callable[[Page], None]",
        wait_seconds_max: float,
    ) -> None:
        self.by_http = by_http
        self.capabilities = by_http.capabilities
        self.deliver = by_http.deliver
        self.deliver_receipt = by_http.deliver_receipt
        self.receive_text = by_http.receive_text
        self.visit = by_http.visit
        self.advance_to = by_http.advance_to
        self.enter_phase = by_http.enter_phase
        self._url = portal_url
        self._file = file
        self._selectors = selectors
        self._addresses: dict[str, str] = {}
        self._browser = Browser(self._selectors, file, wait_seconds_max=wait_seconds_max, look=look)
        self._sign_in = PageSignIn(self._browser, self._selectors, portal_url)

    def check(self) -> None:
        """Open the sign-in page, and have the browser read every selector, before anything runs."""
        token = self._browser.open()
        tab = self._browser.tab(token)
        try:
            for key in self._selectors.named():
                tab.check(key)
            tab.go(self._url + self._selectors.sign_in.path)
            tab.one("sign_in.address")
        except SuiteError:
            # Nobody has a driver yet who could close it.
            self._browser.close()
            raise
        self._browser.forget(token)

    def open_invitation(self, link: str) -> Step:
        """Follow the link, and go on from the page it leads to."""
        return self._sign_in.open_invitation(link)

    def begin_sign_in(self, address: str) -> Step:
        """Type a phone number or email address into the sign-in page."""
        return self._sign_in.by_address(address)

    def prove(self, step: Step, proof: str) -> Step:
        """Type the agreed word, or the date of birth where the page asks for that."""
        return self._sign_in.prove(step, proof)

    def enter_code(self, step: Step, code: str) -> Session:
        """Type the one-time code."""
        return self._sign_in.enter_code(step, code)

    def sign_out(self, session: Session) -> None:
        """Press "sign out", and keep a copy of the cookies: it must lead nowhere any more."""
        tab = self._signed_in(session, self._selectors.crimes.path)
        cookies = self._browser.cookies(session.token)
        tab.press("signed_in.sign_out")
        self._browser.put_back(session.token, cookies)

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """Read the list, and on each crime's page who is in charge."""
        found = self._listed(session)
        officers = [
            self._crime(session, each.crime_reference).read("crime.officer_in_charge")
            for each in found
        ]
        return [
            structs.replace(each, officer_in_charge=officer)
            for each, officer in zip(found, officers, strict=True)
        ]

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Read what has happened so far on one crime's page."""
        return entries(self._crime(session, crime_reference), self._selectors)

    def advice(self, session: Session) -> list[AdvicePage]:
        """Read the list of advice."""
        return pages_of_advice(self._signed_in(session, self._selectors.advice.path))

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Type into the form on a crime's page; where there is none, nobody may write."""
        question = self._selectors.question
        if question is None:
            raise self._not_named("question")
        tab = self._crime(session, crime_reference)
        if not tab.has("question.text"):
            instead = tab.texts("question.instead") if question.instead is not None else []
            raise Refused(404, "The page has no form to write by", " ".join(instead))
        tab.fill("question.text", text)
        tab.press("question.send")
        refuse(tab)

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read what was written on a crime's page, where there is such a part of it."""
        if self._selectors.conversation is None:
            raise self._not_named("conversation")
        tab = self._crime(session, crime_reference)
        found = tab.every("conversation.each")
        if not found and not tab.has("conversation.empty"):
            raise Refused(404, "The page has no conversation")
        return posts(tab, found)

    def contact(self, session: Session) -> ContactChoice:
        """Read which boxes are ticked, and the addresses beside them."""
        tab = self._signed_in(session, self._selectors.contact.path)
        offered = [each for each in _CHANNELS if tab.has(f"contact.by_{each}")]
        return ContactChoice(
            channels=tuple(each for each in offered if tab.is_ticked(f"contact.by_{each}")),
            addresses={each: tab.read(f"contact.{each}_address") for each in offered},
        )

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Tick the boxes of these channels and no others, or stop all messages."""
        tab = self._signed_in(session, self._selectors.contact.path)
        for each in _CHANNELS:
            if tab.has(f"contact.by_{each}"):
                tab.tick(f"contact.by_{each}", wanted=each in channels)
            elif each in channels:
                raise Refused(404, f"The page has no box for {each}")
        tab.press("contact.save" if channels else "contact.stop")
        refuse(tab)

    def withdraw(self, session: Session) -> None:
        """Press what ends every channel."""
        tab = self._signed_in(session, self._selectors.contact.path)
        tab.press("contact.withdraw")
        refuse(tab)

    def not_for_me(self, address: str) -> str:
        """Type a phone number or email address into the page for it, in a browser with no past."""
        page = self._selectors.not_for_me
        if page is None:
            raise self._not_named("not_for_me")
        token = self._browser.open()
        tab = self._browser.tab(token)
        try:
            tab.go(self._url + page.path)
            tab.fill("not_for_me.address", address)
            tab.press("not_for_me.go_on")
            refuse(tab)
            return tab.words
        finally:
            self._browser.forget(token)

    def close(self) -> None:
        """Close the browser, and let go of connections."""
        self._browser.close()
        self.by_http.close()

    def _listed(self, session: Session) -> list[CrimeSummary]:
        """Read the list of crimes, and remember where each leads."""
        tab = self._signed_in(session, self._selectors.crimes.path)
        found = []
        for row in rows(tab, "crimes"):
            listed = summary(tab, row, self._selectors)
            self._addresses.setdefault(listed.crime_reference, urljoin(tab.url, link_of(tab, row)))
            found.append(listed)
        return found

    def _signed_in(self, session: Session, where: str) -> Tab:
        """Open a page that only somebody signed in may see; raises Refused."""
        tab = self._browser.tab(session.token)
        tab.go(urljoin(self._url, where))
        refuse(tab)
        if not tab.has("signed_in.shows"):
            raise Refused(401, "Not signed in any more")
        return tab

    def _crime(self, session: Session, reference: str) -> Tab:
        """Open a crime's page: by its path, or by a link that somebody was shown to it.

        An address is the same whoever asks for it: a victim may try another's, and keep a merged
        crime's. Raises CannotVerify where nobody was ever shown one.
        """
        path = self._selectors.crime.path
        if path is not None:
            reference = quote(reference, safe="")
            return self._signed_in(session, path.replace("{reference}", reference))
        if reference not in self._addresses:
            with suppress(Refused):
                self._listed(session)
        if reference not in self._addresses:
            raise CannotVerify(
                f"{self._file} has no crime.path, and no list has shown a link to this crime: "
                "nobody knows its address"
            )
        return self._signed_in(session, self._addresses[reference])

    def _not_named(self, table: str) -> CannotVerify:
        return CannotVerify(f"{self._file} has no [{table}]: not verified")
