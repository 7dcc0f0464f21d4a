"""Shows pages and reads forms: only forms that our own pages sent."""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from reference.portal.errors import Problem
from reference.portal.people.sign_in_limits import KNOWN_BROWSER
from reference.portal.portal import Portal
from reference.portal.web.rendering import render
from reference.portal.web.requests import body_of, client_of, is_cross_site

Handler = Callable[[Request], Awaitable[Response]]
# The form of our own values: nothing else in a cookie is sent back in a header.
_KEY_CHARACTERS = 32
_BROWSER_SECONDS = 366 * 86_400
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Forms:
    """Shows pages with a form key, and takes only forms that carry it.

    The key is a keyed digest of the session or, before there is one, of the browser's own cookie:
    a cookie that another site could plant is worth nothing without it.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._origin = portal.settings.public_url
        self._secure = self._origin.startswith("https:")
        # A browser takes this prefix only over https, and then from this very host alone.
        self._prefix = "__Host-" if self._secure else ""
        forces = list(portal.settings.forces.values())
        # With several forces, only a page of one of them names it.
        self._force = forces[0].name if len(forces) == 1 else ""

    def show(self, request: Request, page: str, status: int = 200, **context: Any) -> Response:
        """Render a page."""
        known = self.cookie(request, "csrf")
        browser = known if _PLAIN.fullmatch(known) else secrets.token_urlsafe(16)
        whose = self.cookie(request, "session") or browser
        csrf = self._form_key(whose, str(context.get("step_id", "")))
        html = render(page, csrf=csrf, **{"force": self._force, **context})
        response = HTMLResponse(html, status)
        self.set_cookie(response, "csrf", browser)
        return response

    def cookie(self, request: Request, name: str) -> str:
        """Read a cookie of ours ("" where there is none)."""
        return request.cookies.get(f"{self._prefix}{name}", "")

    def _form_key(self, whose: str, step: str) -> str:
        """Make the key of a form: of one session or browser, and of one step of a sign-in."""
        return self._seal("form", f"{whose}:{step}")

    def _check_sender(self, request: Request, form: Mapping[str, str]) -> None:
        """Accept only what one of our own pages sent from this browser; raises Problem 403.

        Our own pages give no referrer, so that a browser says "null" of where they are from.
        """
        whose = self.cookie(request, "session") or self.cookie(request, "csrf")
        known = self._form_key(whose, text(form, "step")) if whose else ""
        is_ours = bool(known) and hmac.compare_digest(text(form, "csrf").encode(), known.encode())
        is_from_here = request.headers.get("origin", "null") in ("null", self._origin)
        if not (is_ours and is_from_here and not is_cross_site(request)):
            raise Problem(403, "Open the page again and send the form from there")

    def client(self, request: Request) -> str:
        """Name who asks: a browser that signed in before, or else where it asks from."""
        token, _, seal = self.cookie(request, "browser").partition(".")
        is_ours = hmac.compare_digest(seal.encode(), self._seal("browser", token).encode())
        return f"{KNOWN_BROWSER}{token}" if is_ours else client_of(request)

    def keep_browser(self, request: Request, response: Response) -> None:
        """Let a browser that signed in be counted apart: strangers use up no code of its own."""
        if not self.client(request).startswith(KNOWN_BROWSER):
            token = secrets.token_urlsafe(16)
            value = f"{token}.{self._seal('browser', token)}"
            self.set_cookie(response, "browser", value, max_age=_BROWSER_SECONDS)

    def _seal(self, purpose: str, words: str) -> str:
        return self._portal.sign_in.tokens.digest(words, purpose)[:_KEY_CHARACTERS]

    def set_cookie(self, response: Response, name: str, value: str, **more: Any) -> None:
        """Set a cookie that scripts and other sites do not get."""
        name = f"{self._prefix}{name}"
        response.set_cookie(name, value, httponly=True, samesite="lax", secure=self._secure, **more)

    def drop_cookie(self, response: Response, name: str) -> None:
        """Take a cookie back, marked as it was set."""
        name = f"{self._prefix}{name}"
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self._secure)

    async def read(self, request: Request) -> dict[str, str]:
        """Read a form that one of our own pages sent; raises Problem 403 for another's.

        What was ticked more than once is parted by spaces. A browser sends each line break as two
        characters; it was typed as one, and counts as one.
        """
        try:
            fields = parse_qsl((await body_of(request)).decode(), max_num_fields=20)
        except (UnicodeDecodeError, ValueError):
            raise Problem(400, "Open the page again and send the form from there") from None
        form: dict[str, str] = {}
        for name, sent in fields:
            value = sent.replace("\r\n", "\n")
            form[name] = f"{form[name]} {value}" if name in form else value
        self._check_sender(request, form)
        return form

    async def signed_in(self, request: Request) -> str:
        """Return the signed-in person's record that a page is about; raises Problem 401."""
        session, now = self.cookie(request, "session"), self._portal.clock.now()
        reference = request.path_params.get("reference", "")
        return await self._portal.sessions.person_of(session, now, reference)

    async def every_record(self, request: Request) -> list[str]:
        """Return every record of the signed-in person; raises Problem 401."""
        session = self.cookie(request, "session")
        return await self._portal.sessions.people_of(session, self._portal.clock.now())

    def page(self, path: str, handler: Handler, method: str = "GET") -> Route:
        """Route a page; a problem becomes a plain page, and without a session the first page."""

        async def shown(request: Request) -> Response:
            try:
                return await handler(request)
            except Problem as problem:
                return self.refuse(request, problem)

        return Route(path, shown, methods=[method])

    def refuse(self, request: Request, problem: Problem, *, typed: str = "") -> Response:
        """Refuse on a plain page, and show again what the victim `typed`: nothing else keeps it."""
        if problem.status == 401 and not typed.strip():
            return RedirectResponse("/", 303)
        title, detail = problem.title, problem.detail
        return self.show(
            request, "message.html", problem.status, title=title, text=detail, typed=typed
        )


def text(form: Mapping[str, str], name: str) -> str:
    """Return a field of a form as text ("" when it is missing)."""
    return form.get(name, "")
