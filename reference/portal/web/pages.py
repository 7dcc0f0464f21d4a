"""What a signed-in victim sees: their reports, one with its timeline and messages, and advice.

Plain server-rendered pages that need no JavaScript, over the same use cases as the JSON API.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from reference.contract.messages import CrimeSummary
from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.rules import contact_details
from reference.portal.web.api import (
    choose,
    crimes_of,
    own_crime,
    relevant_advice,
    talk_about_withdrawing,
)
from reference.portal.web.crime_page import crime_page
from reference.portal.web.forms import Forms, text
from reference.portal.web.requests import client_of
from reference.portal.web.sign_in_pages import SignInPages


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


@dataclass(frozen=True)
class CasePages:
    """The pages behind the sign-in, advice, and "this is not for me"."""

    _portal: Portal
    _forms: Forms

    def routes(self) -> list[Route]:
        """Routes of these pages."""
        page = self._forms.page
        return [
            page("/crimes", self._crimes),
            # Before the crime's own page, whose reference may hold a slash.
            page("/crimes/{reference:path}/withdrawal", self._withdrawal),
            page("/crimes/{reference:path}/withdrawal", self._ask_to_talk, "POST"),
            page("/crimes/{reference:path}", self._crime),
            page("/crimes/{reference:path}/questions", self._question, "POST"),
            page("/contact", self._contact),
            page("/contact", self._change_contact, "POST"),
            page("/advice", self._advice),
            page("/advice/{slug}", self._advice_page),
            page("/not-for-me", self._not_for_me),
            page("/not-for-me", self._report, "POST"),
            page("/not-for-me/{token}", self._not_for_me_by_link),
        ]

    async def _crimes(self, request: Request) -> Response:
        people = await self._forms.every_record(request)
        for each in people:
            await self._portal.note(each, "read crimes")
        found = await crimes_of(self._portal, people)
        return self._forms.show(request, "crimes.html", crimes=found, **self._force(found))

    async def _crime(self, request: Request) -> Response:
        return await self._show_crime(request, None)

    async def _question(self, request: Request) -> Response:
        form = await self._forms.read(request)
        try:
            return await self._ask(request, form)
        except Problem as problem:
            # A victim whose session ended while they wrote can copy their words.
            return self._forms.refuse(request, problem, typed=text(form, "text"))

    async def _ask(self, request: Request, form: Mapping[str, str]) -> Response:
        person_id = await self._forms.signed_in(request)
        found = await own_crime(self._portal, person_id, request.path_params["reference"])
        now = self._portal.clock.now()
        if not self._portal.conversations.is_open(now):
            raise Problem(404, "Messages to your officer are not part of the portal yet")
        try:
            await self._portal.conversations.ask(
                found.crime_reference,
                person_id,
                text(form, "text"),
                now,
                form=text(form, "key"),
                about=text(form, "about"),
            )
        except Problem as problem:
            return await self._show_crime(request, problem, typed=text(form, "text"))
        self._portal.woken.set()
        return RedirectResponse(f"/crimes/{quote(found.crime_reference)}", 303)

    async def _show_crime(
        self, request: Request, problem: Problem | None, *, typed: str = ""
    ) -> Response:
        person_id = await self._forms.signed_in(request)
        asked_for = request.path_params["reference"]
        found = await own_crime(self._portal, person_id, asked_for)
        if found.crime_reference != asked_for and problem is None:
            return RedirectResponse(f"/crimes/{quote(found.crime_reference)}", 303)
        await self._portal.note(person_id, "read a crime", found.crime_reference)
        return self._forms.show(
            request,
            "crime.html",
            problem.status if problem else 200,
            error=problem.title if problem else "",
            typed=typed,
            form_key=secrets.token_hex(16),
            **await crime_page(self._portal, person_id, found),
        )

    async def _withdrawal(self, request: Request) -> Response:
        return await self._show_withdrawal(request, "first")

    async def _ask_to_talk(self, request: Request) -> Response:
        """Ask once more after the first press; ask an officer after the second."""
        form = await self._forms.read(request)
        if text(form, "confirmed") != "yes":
            return await self._show_withdrawal(request, "again")
        return await self._show_withdrawal(request, "asked")

    async def _show_withdrawal(self, request: Request, step: str) -> Response:
        person_id = await self._forms.signed_in(request)
        crime = await own_crime(self._portal, person_id, request.path_params["reference"])
        is_asked = step == "asked"
        await talk_about_withdrawing(self._portal, person_id, crime, confirmed=is_asked)
        return self._forms.show(
            request, "withdrawal.html", step=step, crime=crime, **self._force([crime])
        )

    async def _contact(self, request: Request) -> Response:
        return await self._show_contact(request)

    async def _change_contact(self, request: Request) -> Response:
        people = await self._forms.every_record(request)
        form = await self._forms.read(request)
        if "stop" in form:
            await choose(self._portal, people, ())
            saved = "stop"
        else:
            channels = tuple(text(form, "channels").split())
            try:
                await choose(self._portal, people, channels or ("none",))
            except Problem as problem:
                return await self._show_contact(request, problem)
            saved = "channels"
        self._portal.woken.set()
        return await self._show_contact(request, saved=saved)

    async def _show_contact(
        self, request: Request, problem: Problem | None = None, *, saved: str = ""
    ) -> Response:
        people = await self._forms.every_record(request)
        await self._portal.note(people[0], "read contact details")
        chosen = await self._portal.choices.of(people[0])
        crimes = await crimes_of(self._portal, people)
        return self._forms.show(
            request,
            "contact.html",
            problem.status if problem else 200,
            addresses=chosen.addresses,
            chosen=chosen.channels,
            stopped=not chosen.channels and bool(chosen.addresses),
            crimes=crimes,
            error=problem.title if problem else "",
            saved=saved,
            **self._force(crimes),
        )

    def _force(self, crimes: list[CrimeSummary]) -> dict[str, Any]:
        """Name the force of a person's crimes, where they are all of one."""
        forces = {each.force for each in crimes}
        if len(forces) != 1:
            return {}
        force = self._portal.settings.forces[forces.pop()]
        return {"force": force.name, "non_emergency": force.non_emergency}

    async def _advice(self, request: Request) -> Response:
        query = request.query_params.get("q", "")[:100]
        person_id = await self._visitor(request)
        return self._forms.show(
            request,
            "advice.html",
            pages=await relevant_advice(self._portal, person_id, query),
            query=query,
            signed_in=bool(person_id),
        )

    async def _visitor(self, request: Request) -> str:
        """Return the signed-in person, or "": general advice is for anyone."""
        try:
            return await self._forms.signed_in(request)
        except Problem:
            return ""

    async def _advice_page(self, request: Request) -> Response:
        article = self._portal.advice.article(request.path_params["slug"])
        if article is None:
            raise Problem(404, "There is no such page")
        return self._forms.show(
            request,
            "advice_page.html",
            title=article.title,
            html=article.html,
            contents=article.contents,
            review_date=article.review_date,
            signed_in=bool(await self._visitor(request)),
        )

    async def _not_for_me(self, request: Request) -> Response:
        return self._forms.show(request, "not_for_me.html", error="")

    async def _not_for_me_by_link(self, request: Request) -> Response:
        """Ask once more: a mail scanner that follows the link stops nothing."""
        token = request.path_params["token"]
        return self._forms.show(request, "not_for_me_stop.html", token=token)

    async def _stop(self, request: Request, token: str) -> Response:
        await self._portal.not_for_me.say_by_link(token, self._portal.clock.now())
        self._portal.woken.set()
        return self._forms.show(request, "not_for_me_thanks.html", stopped=True)

    async def _report(self, request: Request) -> Response:
        """Take the link of a message, or else an address that anybody could type."""
        form = await self._forms.read(request)
        if "token" in form:
            return await self._stop(request, form["token"])
        typed = text(form, "address")
        found = contact_details.address(typed, crowd=self._portal.settings.crowd_numbers)
        if not found:
            error = "Enter a UK mobile number or an email address"
            return self._forms.show(request, "not_for_me.html", 422, error=error, typed=typed)
        await self._portal.not_for_me.say(found, client_of(request), self._portal.clock.now())
        self._portal.woken.set()
        return self._forms.show(request, "not_for_me_thanks.html", stopped=False)
