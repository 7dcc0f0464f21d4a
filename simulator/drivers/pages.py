"""Uses a portal's own pages in a browser, as a victim does, by a selectors file.

Everything that is not a page uses the HTTP contract: events, receipts, texts sent back, the test
clock. A page that refuses raises `Refused`; a page that lacks what the file names raises
`PortalNonsense`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from msgspec import structs

from reference.contract.events import Channel
from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    Subject,
    TimelineEntry,
)
from simulator.drivers.base import ContactChoice, Driver, Refused, Session, Step, WithdrawalStep
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
    """Does by pages what a victim does; `by_http` does the rest, mail scanners included."""

    #: How what it shows is seen: force and team of a crime stand in no row of its list.
    pages_seen = "on pages"

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
        self.deliver_signed_by = by_http.deliver_signed_by
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
        """Open the sign-in page, and check every selector, before anything runs."""
        token = self._browser.open()
        tab = self._browser.tab(token)
        try:
            for key in self._selectors.named():
                tab.check(key)
            tab.go(self._url + self._selectors.sign_in.path)
            tab.one("sign_in.address")
        except SuiteError:
            # No caller has the driver yet, to close it.
            self._browser.close()
            raise
        self._browser.forget(token)

    def open_invitation(self, link: str) -> Step:
        """Follow the link, and continue from the page that it opens."""
        return self._sign_in.open_invitation(link)

    def begin_sign_in(self, address: str) -> Step:
        """Type a phone number or email address into the sign-in page."""
        return self._sign_in.by_address(address)

    def prove(self, step: Step, proof: str) -> Step:
        """Type the agreed word, or the date of birth if the page asks for that."""
        return self._sign_in.prove(step, proof)

    def enter_code(self, step: Step, code: str) -> Session:
        """Type the one-time code."""
        return self._sign_in.enter_code(step, code)

    def sign_out(self, session: Session) -> None:
        """Press "sign out", and keep a copy of the cookies, which must no longer work."""
        tab = self._signed_in(session, self._selectors.crimes.path)
        cookies = self._browser.cookies(session.token)
        tab.press("signed_in.sign_out")
        self._browser.put_back(session.token, cookies)

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """Read the list, and on each crime's page the officer in charge."""
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
        """Type into the form on a crime's page; raises Refused if there is none."""
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

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Refuse: no selector says where a page asks what a question is about."""
        del session, crime_reference, text, about
        raise CannotVerify("pages are not asked what a question is about; do not claim it")

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read the messages on a crime's page, if it has that part."""
        if self._selectors.conversation is None:
            raise self._not_named("conversation")
        tab = self._crime(session, crime_reference)
        found = tab.every("conversation.each")
        if not found and not tab.has("conversation.empty"):
            raise Refused(404, "The page has no conversation")
        return posts(tab, found)

    def contact(self, session: Session) -> ContactChoice:
        """Read the ticked boxes, and the addresses beside them."""
        tab = self._signed_in(session, self._selectors.contact.path)
        offered = [each for each in _CHANNELS if tab.has(f"contact.by_{each}")]
        return ContactChoice(
            channels=tuple(each for each in offered if tab.is_ticked(f"contact.by_{each}")),
            addresses={each: tab.read(f"contact.{each}_address") for each in offered},
        )

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Tick the boxes of only these channels, or stop all messages."""
        tab = self._signed_in(session, self._selectors.contact.path)
        for each in _CHANNELS:
            if tab.has(f"contact.by_{each}"):
                tab.tick(f"contact.by_{each}", wanted=each in channels)
            elif each in channels:
                raise Refused(404, f"The page has no box for {each}")
        tab.press("contact.save" if channels else "contact.stop")
        refuse(tab)

    def stop_messages(self, session: Session) -> None:
        """Press the button that stops every channel."""
        tab = self._signed_in(session, self._selectors.contact.path)
        tab.press("contact.stop")
        refuse(tab)

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Follow the link on a crime's page, and press once, or twice; return the words shown."""
        if self._selectors.withdrawal is None:
            raise self._not_named("withdrawal")
        tab = self._crime(session, crime_reference)
        if not tab.has("withdrawal.link"):
            raise Refused(404, "The page has no link to talk about withdrawing")
        tab.press("withdrawal.link")
        refuse(tab)
        tab.press("withdrawal.go_on")
        refuse(tab)
        if until == "confirmed":
            tab.press("withdrawal.confirm")
            refuse(tab)
        return tab.words

    def not_for_me(self, address: str, link: str) -> str:
        """Follow the link and confirm, or type the address into the page for strangers.

        Without cookies.
        """
        page = self._selectors.not_for_me
        if page is None:
            raise self._not_named("not_for_me")
        token = self._browser.open()
        tab = self._browser.tab(token)
        try:
            tab.go(link or self._url + page.path)
            refuse(tab)
            if not link:
                tab.fill("not_for_me.address", address)
            tab.press("not_for_me.confirm" if link else "not_for_me.go_on")
            refuse(tab)
            return tab.words
        finally:
            self._browser.forget(token)

    def close(self) -> None:
        """Close the browser and the connections."""
        self._browser.close()
        self.by_http.close()

    def _listed(self, session: Session) -> list[CrimeSummary]:
        """Read the list of crimes, and remember the link of each."""
        tab = self._signed_in(session, self._selectors.crimes.path)
        found = []
        for row in rows(tab, "crimes"):
            listed = summary(tab, row, self._selectors)
            self._addresses.setdefault(listed.crime_reference, urljoin(tab.url, link_of(tab, row)))
            found.append(listed)
        return found

    def _signed_in(self, session: Session, where: str) -> Tab:
        """Open a page that needs a sign-in; raises Refused."""
        tab = self._browser.tab(session.token)
        tab.go(urljoin(self._url, where))
        refuse(tab)
        if not tab.has("signed_in.shows"):
            raise Refused(401, "Not signed in any more")
        return tab

    def _crime(self, session: Session, reference: str) -> Tab:
        """Open a crime's page: by its path, or by a link that the portal has shown to any victim.

        So a victim may try another victim's address, or keep that of a merged crime. Raises
        CannotVerify if the portal has shown no link to it.
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
                "so it has no known address"
            )
        return self._signed_in(session, self._addresses[reference])

    def _not_named(self, table: str) -> CannotVerify:
        return CannotVerify(f"{self._file} has no [{table}]: not verified")
