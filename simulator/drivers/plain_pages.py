"""Uses a portal's pages in a browser as a person does: by the forms that the pages show.

No selectors file says where anything is. So only plain forms are found: fields with labels, and a
button. Nothing but the portal's own address is ever asked for.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct, convert

from simulator.drivers.browser import SIZE, Chromium
from simulator.errors import PortalUnreachable

if TYPE_CHECKING:
    from playwright.sync_api import Response, Route

_STEPS_MAX = 6
_LINKS_MAX = 4
_SETTLES_MS = 2000
_CODE = re.compile(r"\bcode\b")
_WORD = re.compile(r"\b(word|agreed|memorable|secret|password)\b")
_BORN = re.compile(r"\b(birth|birthday|bday|born)\b")
_ADDRESS = re.compile(r"\b(mobile|phone|telephone|e ?mail|username)\b")
_PARTS = ("year", "month", "day")
_NOT_ON = re.compile(r"cookie|accept|reject|sign out|log out|language|search", re.IGNORECASE)
_WRITES = re.compile(r"message|letter|write|question|contact|officer", re.IGNORECASE)
_LISTS = re.compile(r"crime|case|report", re.IGNORECASE)

#: Opens what is folded, and lists the forms: what a person sees of each, with marks to find it by.
_FORMS = """() => {
  document.querySelectorAll('details').forEach(each => { each.open = true; });
  const seen = each => each.checkVisibility();
  const about = each => [
    ...[...(each.labels ?? [])].map(label => label.innerText),
    ...['aria-label', 'placeholder', 'name', 'id', 'autocomplete', 'type'].map(
      name => each.getAttribute(name)),
  ].filter(Boolean).join(' ').toLowerCase().replace(/[^a-z]+/g, ' ');
  const typed = 'input:not([type]), input[type=text], input[type=tel], input[type=email], '
    + 'input[type=password], input[type=number], input[type=date], textarea';
  const pressed = 'button:not([type=button]):not([type=reset]), input[type=submit]';
  const forms = [...document.querySelectorAll('form')];
  let marks = 0;
  const marked = each => { each.dataset.suite = `${++marks}`; return each.dataset.suite; };
  return (forms.length ? forms : [document.body]).filter(seen).map(form => ({
    fields: [...form.querySelectorAll(typed)]
      .filter(each => seen(each) && !each.readOnly && !each.disabled)
      .map(each => ({mark: marked(each), about: about(each), is_long: each.matches('textarea')})),
    buttons: [...form.querySelectorAll(pressed)].filter(seen)
      .map(each => ({mark: marked(each), words: each.innerText || each.value || ''})),
  }));
}"""
#: The address of the link to a crime: it has the reference, or stands beside it.
_LINK = """reference => {
  const links = [...document.querySelectorAll('a[href]')].filter(
    each => each.origin === location.origin);
  const named = links.find(each => decodeURIComponent(each.href).includes(reference)
    || each.innerText.includes(reference));
  const beside = () => [...document.querySelectorAll('li, tr, article, section')].reverse()
    .find(each => each.innerText.includes(reference) && each.querySelector('a[href]'))
    ?.querySelector('a[href]');
  return (named ?? beside())?.href ?? '';
}"""
_LINKS = """() => [...document.querySelectorAll('a[href]')]
  .filter(each => each.origin === location.origin && each.checkVisibility())
  .map(each => [each.innerText, each.href])"""


class NoForm(Exception):
    """No page shows a form that can be filled in without being told how."""


class TurnedAway(Exception):
    """A page refused what was typed into its form."""


class _Field(Struct, frozen=True):
    mark: str
    about: str
    is_long: bool


class _Button(Struct, frozen=True):
    mark: str
    words: str


class _Form(Struct, frozen=True):
    fields: tuple[_Field, ...]
    buttons: tuple[_Button, ...]

    def field(self, about: re.Pattern[str]) -> _Field | None:
        """Find the field that is about this."""
        return next((each for each in self.fields if about.search(each.about)), None)


class PlainPages:
    """One person's browser, at the portal's address."""

    def __init__(self, portal_url: str, *, wait_seconds_max: float) -> None:
        """Open a tab without cookies; raises SuiteError if there is no browser."""
        self._url = portal_url.rstrip("/")
        self._context: Any = Chromium.enter().new_context(
            viewport=SIZE, locale="en-GB", timezone_id="Europe/London"
        )
        self._context.route("**/*", self._keep_here)
        self._page = self._context.new_page()
        self._page.set_default_timeout(wait_seconds_max * 1000)
        self._page.on("response", self._note)
        self.status = 0
        self._kind = ""
        #: What the link led to.
        self.link_status, self.is_page = 0, False
        self._home = ""

    def sign_in(self, link: str, address: str, proof: str, code: Callable[[], str]) -> None:
        """Sign in from a link, or from the front page if that asks for nothing.

        Raises NoForm, TurnedAway, PortalUnreachable, and what `code` raises.
        """
        path = urlsplit(link)
        self._go(f"{path.path}?{path.query}" if path.query else path.path or "/")
        self.link_status = self.status
        self.is_page = self.status < 400 and "html" in self._kind
        self._prove(address, proof)
        form, field = self._found(_CODE)
        if field is None:
            raise TurnedAway(f"after the proof {self._shown()} asks for no code")
        self._type(form, {field.mark: code()})
        if self.status >= 400 or self._found(_CODE)[1] is not None:
            raise TurnedAway(f"after the code came {self._shown()}")
        self._home = self._page.url

    def list_of(self, references: list[str]) -> str:
        """Return the words of the page that lists these crimes: the first one, or one it leads to.

        It leads on by a link that speaks of crimes, cases or reports.
        """
        self._open(self._home)
        words = self._words()
        for link in self._links(_LISTS):
            if all(each in words for each in references):
                break
            self._open(link)
            words = self._words()
        return words

    def crime(self, reference: str) -> str:
        """Return the words of the crime's page, to which the page shown has a link."""
        link = self._page.evaluate(_LINK, reference)
        if link:
            self._open(link)
        return self._words()

    def write(self, text: str) -> bool:
        """Write to the officer by a form of this page, or of one that it leads to.

        Returns whether there was a form, and the portal took the words.
        """
        for link in ("", *self._links(_WRITES)):
            if link:
                self._open(link)
            for form in self._forms():
                field = next((each for each in form.fields if each.is_long), None)
                if field is not None and form.buttons:
                    self._type(form, {field.mark: text})
                    return self.status < 400
        return False

    def close(self) -> None:
        """Close the tab."""
        self._context.close()
        Chromium.leave()

    def _prove(self, address: str, proof: str) -> None:
        """Go on from page to page until one took the proof."""
        tried = {"address": False, "button": False, "front page": False}
        for _step in range(_STEPS_MAX):
            if self._give_proof(proof):
                return
            form, field = self._found(_ADDRESS)
            buttons = self._buttons()
            if field is not None and not tried["address"]:
                tried["address"] = True
                self._type(form, {field.mark: address})
            elif field is None and buttons and not tried["button"]:
                tried["button"] = True
                self._press(buttons[0])
            elif field is None and not tried["front page"]:
                tried["front page"] = True
                self._go("/")
            elif tried["address"]:
                raise TurnedAway(f"after the address came {self._shown()}")
            else:
                break
        raise NoForm(f"{self._shown()} has no form to sign in by")

    def _give_proof(self, proof: str) -> bool:
        """Type the agreed word or the date of birth, if the page asks for one."""
        for form in self._forms():
            dated = [form.field(re.compile(rf"\b{part}\b")) for part in _PARTS]
            born, word = form.field(_BORN), form.field(_WORD)
            if all(dated):
                parts = zip(dated, proof.split("-"), strict=True)
                self._type(form, {each.mark: digits for each, digits in parts if each})
            elif born or word:
                field = born or word
                assert field is not None
                self._type(form, {field.mark: proof})
            else:
                continue
            return True
        return False

    def _buttons(self) -> list[_Button]:
        """List the buttons of forms that ask for nothing, such as "Continue"."""
        return [
            each
            for form in self._forms()
            if not form.fields
            for each in form.buttons
            if not _NOT_ON.search(each.words)
        ]

    def _found(self, about: re.Pattern[str]) -> tuple[_Form, _Field | None]:
        for form in self._forms():
            if (field := form.field(about)) is not None:
                return form, field
        return _Form((), ()), None

    def _forms(self) -> list[_Form]:
        with self._usable():
            return convert(self._page.evaluate(_FORMS), list[_Form])

    def _links(self, about: re.Pattern[str]) -> list[str]:
        found = [link for words, link in self._page.evaluate(_LINKS) if about.search(words)]
        return list(dict.fromkeys(found))[:_LINKS_MAX]

    def _type(self, form: _Form, typed: dict[str, str]) -> None:
        """Fill in fields, and press the form's button, or Enter where it has none."""
        with self._usable():
            for mark, text in typed.items():
                self._page.locator(f"[data-suite='{mark}']").fill(text)
        if form.buttons:
            self._press(form.buttons[0])
        else:
            self._going_on(lambda: self._page.keyboard.press("Enter"))

    def _press(self, button: _Button) -> None:
        self._going_on(self._page.locator(f"[data-suite='{button.mark}']").click)

    def _going_on(self, act: Callable[[], None]) -> None:
        """Do what leads to another page, or changes this one."""
        from playwright.sync_api import TimeoutError as TookTooLong

        with self._usable():
            with (
                suppress(TookTooLong),
                self._page.expect_navigation(wait_until="load", timeout=_SETTLES_MS),
            ):
                act()
            self._settle()

    def _go(self, path: str) -> None:
        self._open(self._url + path)

    def _open(self, url: str) -> None:
        with self._usable():
            self._page.goto(url, wait_until="load")
            self._settle()

    def _settle(self) -> None:
        """Wait for a page that scripts build."""
        from playwright.sync_api import TimeoutError as TookTooLong

        if self._page.locator("script").count():
            with suppress(TookTooLong):
                self._page.wait_for_load_state("networkidle", timeout=_SETTLES_MS)

    def _words(self) -> str:
        self._forms()
        words: str = self._page.inner_text("body")
        return words

    def _shown(self) -> str:
        """Name the page for a report, which must show no address."""
        return f"a page called {self._page.title()!r:.80} ({self.status})"

    def _note(self, response: "Response") -> None:
        if response.request.is_navigation_request() and response.frame == self._page.main_frame:
            self.status = response.status
            self._kind = response.headers.get("content-type", "")

    def _keep_here(self, route: "Route") -> None:
        if urlsplit(route.request.url)[:2] == urlsplit(self._url)[:2]:
            route.continue_()
        else:
            route.abort()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        from playwright.sync_api import Error

        try:
            yield
        except Error as error:
            # The whole message may quote an address with a token in it.
            found = re.search(r"net::(\w+)", error.message)
            why = found[1] if found else type(error).__name__
            raise PortalUnreachable(f"the page could not be used in a browser ({why})") from None
