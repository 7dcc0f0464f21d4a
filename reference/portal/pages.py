"""What a signed-in victim sees: my crimes, a crime with its timeline and messages; and advice.

Plain server-rendered pages that need no JavaScript, over the same use cases as the JSON API.
"""

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from reference.portal import contact
from reference.portal.api import own_crime
from reference.portal.errors import Problem
from reference.portal.forms import Forms, text
from reference.portal.portal import Portal
from reference.portal.sign_in_pages import SignInPages


def page_routes(portal: Portal) -> list[BaseRoute]:
    """Routes of every page."""
    forms = Forms(portal)
    sign_in = SignInPages(portal, forms)
    return [
        *sign_in.routes(),
        *CasePages(portal, forms).routes(),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]


_STATIC = Path(__file__).with_name("pages") / "static"


class CasePages:
    """The pages behind the sign-in, advice, and "this is not for me"."""

    def __init__(self, portal: Portal, forms: Forms) -> None:
        self._portal = portal
        self._forms = forms

    def routes(self) -> list[Route]:
        """Routes of these pages."""
        page = self._forms.page
        return [
            page("/crimes", self._crimes),
            page("/crimes/{reference:path}", self._crime),
            page("/crimes/{reference:path}/questions", self._question, "POST"),
            page("/advice", self._advice),
            page("/advice/{slug}", self._advice_page),
            page("/not-for-me", self._not_for_me),
            page("/not-for-me", self._stop, "POST"),
        ]

    async def _crimes(self, request: Request) -> Response:
        person_id = await self._forms.signed_in(request)
        found = await self._portal.store.summaries(person_id)
        return self._forms.show(request, "crimes.html", crimes=found)

    async def _crime(self, request: Request) -> Response:
        return await self._show_crime(request, None)

    async def _question(self, request: Request) -> Response:
        person_id = await self._forms.signed_in(request)
        form = await self._forms.read(request)
        found = await own_crime(self._portal, person_id, request.path_params["reference"])
        now = self._portal.clock.now()
        if not self._portal.conversations.is_open(now):
            raise Problem(404, "Messages to your officer are not part of the portal yet")
        try:
            await self._portal.conversations.ask(
                found.crime_reference, person_id, text(form, "text"), now
            )
        except Problem as problem:
            return await self._show_crime(request, problem, typed=text(form, "text"))
        self._portal.woken.set()
        return RedirectResponse(f"/crimes/{quote(found.crime_reference)}", 303)

    async def _show_crime(
        self, request: Request, problem: Problem | None, *, typed: str = ""
    ) -> Response:
        person_id = await self._forms.signed_in(request)
        found = await own_crime(self._portal, person_id, request.path_params["reference"])
        reference = found.crime_reference
        conversation = None
        if self._portal.conversations.is_open(self._portal.clock.now()):
            conversation = await self._portal.conversations.read(reference, person_id)
        return self._forms.show(
            request,
            "crime.html",
            problem.status if problem else 200,
            crime=found,
            timeline=await self._portal.store.entries(reference, person_id),
            conversation=conversation,
            error=problem.title if problem else "",
            typed=typed,
        )

    async def _advice(self, request: Request) -> Response:
        query = request.query_params.get("q", "")[:100]
        person_id = await self._visitor(request)
        subgroups = await self._portal.store.subgroups_of(person_id) if person_id else []
        return self._forms.show(
            request,
            "advice.html",
            pages=self._portal.advice.pages(for_subgroups=subgroups, query=query),
            query=query,
            signed_in=bool(person_id),
        )

    async def _visitor(self, request: Request) -> str:
        """Say who is signed in, or "": general advice is for anybody."""
        try:
            return await self._forms.signed_in(request)
        except Problem:
            return ""

    async def _advice_page(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        html = self._portal.advice.html(slug)
        if html is None:
            raise Problem(404, "There is no such page")
        page = self._portal.advice.page(slug)
        assert page is not None
        return self._forms.show(request, "advice_page.html", title=page.title, html=html)

    async def _not_for_me(self, request: Request) -> Response:
        return self._forms.show(request, "not_for_me.html", error="")

    async def _stop(self, request: Request) -> Response:
        form = await self._forms.read(request)
        found = contact.address(text(form, "address"))
        if not found:
            error = "Enter a UK mobile number or an email address"
            typed = text(form, "address")
            return self._forms.show(request, "not_for_me.html", 422, error=error, typed=typed)
        await self._portal.cases.stop_address(found)
        self._portal.woken.set()
        return self._forms.show(
            request,
            "message.html",
            title="Thank you for telling us",
            text="Nothing more will be sent there. Somebody will look into how it happened.",
        )
