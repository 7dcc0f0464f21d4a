"""The sign-in pages: an address or an invitation, a word or a date of birth, the one-time code."""

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.rules.identity_proof import Given
from reference.portal.web import dates_of_birth
from reference.portal.web.forms import Forms, text
from reference.portal.words.languages import words_of


@dataclass(frozen=True)
class SignInPages:
    """One page for each step; a GET never uses an invitation up, as mail scanners follow links."""

    _portal: Portal
    _forms: Forms

    def routes(self) -> list[Route]:
        """Routes of the sign-in pages."""
        page = self._forms.page
        return [
            page("/", self._start),
            page("/sign-in", self._begin, "POST"),
            page("/invitation/{token}", self._invitation),
            page("/invitation", self._open_invitation, "POST"),
            page("/sign-in/word", self._prove_by_word, "POST"),
            page("/sign-in/date-of-birth", self._prove_by_date, "POST"),
            page("/sign-in/code", self._enter_code, "POST"),
            page("/sign-out", self._sign_out, "POST"),
        ]

    async def _start(self, request: Request) -> Response:
        return self._ask(request, "address")

    async def _begin(self, request: Request) -> Response:
        form = await self._forms.read(request)
        try:
            step = await self._portal.sign_in.begin(text(form, "address"), self._portal.clock.now())
        except Problem as problem:
            return self._ask(request, "address", problem)
        return self._ask(request, self._portal.settings.proof, step_id=step)

    async def _invitation(self, request: Request) -> Response:
        return self._ask(request, "invitation", token=request.path_params["token"])

    async def _open_invitation(self, request: Request) -> Response:
        form = await self._forms.read(request)
        try:
            step = await self._portal.sign_in.open_invitation(
                text(form, "token"), self._portal.clock.now()
            )
        except Problem as problem:
            return self._ask(request, "address", problem)
        return self._ask(request, self._portal.settings.proof, step_id=step)

    async def _prove_by_word(self, request: Request) -> Response:
        form = await self._forms.read(request)
        return await self._prove(request, text(form, "step"), text(form, "agreed_word"))

    async def _prove_by_date(self, request: Request) -> Response:
        form = await self._forms.read(request)
        step, parts = text(form, "step"), [text(form, part) for part in dates_of_birth.PARTS]
        months = words_of().plain("dates.months").split()
        try:
            born = dates_of_birth.from_parts(parts, self._portal.clock.now(), months=months)
        except Problem as problem:
            return self._ask(
                request, "date_of_birth", problem, step_id=step, date=parts, wrong=problem.field
            )
        return await self._prove(request, step, born)

    async def _prove(self, request: Request, step: str, given: Given) -> Response:
        try:
            later = await self._portal.sign_in.prove(
                step, given, self._forms.client(request), self._portal.clock.now()
            )
        except Problem as problem:
            again = self._portal.settings.proof if problem.status == 403 else "address"
            return self._ask(request, again, problem, step_id=step)
        response = self._ask(request, "one_time_code", step_id=step)
        response.background = None if later is None else BackgroundTask(later)
        return response

    async def _enter_code(self, request: Request) -> Response:
        form = await self._forms.read(request)
        step = text(form, "step")
        try:
            client, now = self._forms.client(request), self._portal.clock.now()
            token = await self._portal.sign_in.enter_code(step, text(form, "code"), client, now)
        except Problem as problem:
            again = "one_time_code" if problem.status == 403 else "address"
            return self._ask(request, again, problem, step_id=step)
        response = RedirectResponse("/crimes", 303)
        # A form key that was planted before the sign-in is worth nothing after it.
        self._forms.set_cookie(response, "csrf", secrets.token_urlsafe(16))
        self._forms.keep_browser(request, response)
        self._forms.set_cookie(response, "session", token)
        return response

    async def _sign_out(self, request: Request) -> Response:
        await self._forms.read(request)
        await self._portal.sessions.sign_out(self._forms.cookie(request, "session"))
        response = RedirectResponse("/", 303)
        self._forms.drop_cookie(response, "session")
        return response

    def _ask(
        self, request: Request, step: str, problem: Problem | None = None, **context: Any
    ) -> Response:
        values = {"step_id": "", "token": "", "error": problem.title if problem else "", **context}
        status, proof = problem.status if problem else 200, self._portal.settings.proof
        return self._forms.show(request, "sign_in.html", status, step=step, proof=proof, **values)
