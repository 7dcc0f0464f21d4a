"""A victim's way through the whole portal in a browser, by its pages and forms alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from reference.contract.identity import date_of_birth_digest
from simulator.processes.loopback import free_port, serving
from tests.reference.portal.browser import NARROW, browsing, sticking_out, violations
from tests.reference.portal.crimes import (
    CRIME,
    IDENTITY_KEY,
    MOBILE,
    PHASE_3,
    WORD,
    alex,
    recorded,
    replied,
)
from tests.reference.portal.scene import Scene

#: It is long, and the same for everybody: test_accessibility.py has axe-core look at it.
DOCUMENTATION = "How programs talk to this portal"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for both walks."""
    with browsing() as started:
        yield started


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_portal_by_its_forms(
    browser: Browser, tmp_path: Path, *, javascript: bool
) -> None:
    """A victim signs in, reads, writes and leaves, with and without JavaScript.

    With it, axe-core looks at the pages on the way, and every link is followed.
    """
    port = free_port()
    scene = Scene(tmp_path, start=PHASE_3, public_url=f"http://127.0.0.1:{port}")
    scene.deliver(recorded(alex(), recorded_at=PHASE_3))
    context = browser.new_context(viewport=NARROW, java_script_enabled=javascript)
    with serving(scene.app, port) as url:
        walk = Walk(scene, context.new_page(), url, look=javascript)
        walk.sign_in()
        walk.read_and_write()
        walk.read_advice()
        walk.choose_contact()
        walk.leave()
    context.close()

    assert walk.faults == []
    assert [stamp.body["text"] for stamp in scene.neighbours.stamps] == ["Is there any news?"]


def test_signing_in_by_date_of_birth(browser: Browser, tmp_path: Path) -> None:
    """Where the force orders it: three fields, what is wrong in them, and then the code."""
    port = free_port()
    scene = Scene(tmp_path, public_url=f"http://127.0.0.1:{port}", proof="date_of_birth")
    digest = date_of_birth_digest(IDENTITY_KEY, "alex", date(1984, 5, 1))
    scene.deliver(recorded(alex(date_of_birth_digest=digest)))
    context = browser.new_context(viewport=NARROW)
    with serving(scene.app, port) as url:
        walk = Walk(scene, context.new_page(), url, look=True)
        walk.sign_in_by_date_of_birth()
    context.close()

    assert walk.faults == []


class Walk:
    """One victim's way through the portal, looking at each page."""

    def __init__(self, scene: Scene, page: Page, url: str, *, look: bool) -> None:
        self.faults: list[str] = []
        self._scene, self._page, self._url, self._look = scene, page, url, look
        self._links: set[str] = set()
        self._looked_at: set[str] = set()

    def sign_in(self) -> None:
        """By address with a mistake, and then by the invitation, with wrong answers on the way."""
        self._go("/", "Sign in")
        self._send("address", "hello", "Error: Sign in")
        self._send("address", MOBILE, "Enter the word you agreed with us")
        self._go(f"/invitation/{self._scene.messages[0].link}", "You are invited to sign in")
        self._press("Continue", "Enter the word you agreed with us")
        self._send("agreed_word", "heron", "Error: Enter the word you agreed with us")
        self._send("agreed_word", WORD, "Enter the code we sent you")
        self._send("code", "none", "Error: Enter the code we sent you")
        self._send("code", self._scene.last_code(), "Your reports")

    def sign_in_by_date_of_birth(self) -> None:
        """By the invitation, with a date that is none and one that is another's on the way."""
        asks, wrong = "Enter your date of birth", "Error: Enter your date of birth"
        self._go(f"/invitation/{self._scene.messages[0].link}", "You are invited to sign in")
        self._press("Continue", asks)
        for date_typed, title in (
            (("", "", ""), wrong),
            (("31", "6", "1984"), wrong),
            (("5", "1", "1984"), wrong),
            (("1", "May", "1984"), "Enter the code we sent you"),
        ):
            for part, typed in zip(("day", "month", "year"), date_typed, strict=True):
                self._page.fill(f"#{part}", typed)
            self._press("Continue", title)
        self._send("code", self._scene.last_code(), "Your reports")

    def read_and_write(self) -> None:
        """The crime, a message that is empty and one that is sent, and the officer's reply."""
        self._page.click(f'a[href="/crimes/{CRIME}"]')
        self._see("Your report")
        self._send("text", " ", "Error: Your report", button="Send message")
        self._send("text", "Is there any news?", "Your report", button="Send message")
        self._scene.deliver(replied())
        self._go(f"/crimes/{CRIME}", "Your report")
        for said in ("Is there any news?", replied().text):
            if said not in self._page.inner_text("main"):
                self.faults.append(f"the page does not show {said!r}")
        self._go("/crimes/43269999999", "You have no report with this reference")

    def read_advice(self) -> None:
        """The list, a search that finds and one that does not, a page, and no such page."""
        self._go("/advice", "Advice and support")
        self._send("q", "locks", "Advice and support", button="Search")
        self._page.click(".cards a")
        self._page.click(".back")
        self._send("q", "xylophone", "Advice and support", button="Search")
        self._go("/advice/none", "There is no such page")
        self._go("/docs", DOCUMENTATION)

    def choose_contact(self) -> None:
        """No channel at all is a mistake; one is kept; messages stop, and support can end."""
        self._go("/contact", "How we contact you")
        self._page.uncheck("#channels")
        self._press("Save", "Error: How we contact you")
        self._page.check("#channels")
        self._press("Save", "How we contact you")
        self._press("Stop all messages", "How we contact you")
        if "You have asked us to send you no messages." not in self._page.inner_text("main"):
            self.faults.append("the page does not say that messages have stopped")
        self._page.click(f'a[href="/crimes/{CRIME}/withdrawal"]')
        self._press("Continue", "Your report")
        self._press("Yes, ask an officer to talk to me", "Your report")
        if "We have asked an officer to speak to you." not in self._page.inner_text("main"):
            self.faults.append("the page does not say that an officer was asked")

    def leave(self) -> None:
        """This is not for me, signing out, and what is refused after that."""
        if self._look:
            for path in sorted(self._links):
                if not self._page.request.get(self._url + path).ok:
                    self.faults.append(f"{path} leads nowhere")
        self._page.click("text=This is not for me")
        self._see("Tell us that a message was not for you")
        self._send(
            "address", "hello", "Error: Tell us that a message was not for you", button="Tell us"
        )
        self._send("address", "07700900999", "Thank you for telling us", button="Tell us")
        self._go("/crimes", "Your reports")
        self._press("Sign out", "Sign in")
        self._go("/crimes", "Sign in")
        self._page.context.clear_cookies()
        self._send("address", MOBILE, "Open the page again and send the form from there")

    def _go(self, path: str, title: str) -> None:
        self._page.goto(self._url + path)
        self._see(title)

    def _send(self, field: str, value: str, title: str, *, button: str = "Continue") -> None:
        self._page.fill(f"#{field}", value)
        self._press(button, title)

    def _press(self, button: str, title: str) -> None:
        self._page.click(f"button:has-text('{button}')")
        self._see(title)

    def _see(self, title: str) -> None:
        """Note a page that is another than expected, and what is wrong with this one."""
        self._page.wait_for_load_state()  # a click waits only until the next page has begun
        seen = self._page.title()
        if seen.removesuffix(" - Your updates") != title:
            self.faults.append(f"expected {title!r}, saw {seen!r}")
        # Titles say little, so that the history of a browser does.
        looked_at = f"{seen}: {self._page.inner_text('h1')}"
        if self._look and looked_at not in self._looked_at:
            self._looked_at.add(looked_at)
            if not seen.startswith(DOCUMENTATION):
                found = [*violations(self._page), *sticking_out(self._page)]
                self.faults += [f"{seen}: {each}" for each in found]
            links = self._page.locator('a[href^="/"]')
            self._links |= set(
                links.evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
            )
