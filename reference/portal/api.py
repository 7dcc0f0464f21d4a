"""The victim's JSON API, as `reference/contract/portal.openapi.yaml` has it."""

from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.messages import CrimeSummary
from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.requests import answer, body_of, decode


class _Invitation(Struct, frozen=True):
    token: str


class _Address(Struct, frozen=True):
    address: str


class _Word(Struct, frozen=True):
    step: str
    agreed_word: str


class _Code(Struct, frozen=True):
    step: str
    code: str


class _Question(Struct, frozen=True):
    text: str


def api_routes(portal: Portal) -> list[Route]:
    """Routes under /api."""
    decoders: dict[type, msgspec.json.Decoder[Any]] = {
        kind: msgspec.json.Decoder(kind)
        for kind in (_Invitation, _Address, _Word, _Code, _Question)
    }

    async def read(request: Request, kind: type[Any]) -> Any:
        return decode(await body_of(request), decoders[kind])

    async def invitation(request: Request) -> Response:
        asked = await read(request, _Invitation)
        step = await portal.sign_in.open_invitation(asked.token, portal.clock.now())
        return answer({"step": step, "asks": "agreed_word"})

    async def sign_in(request: Request) -> Response:
        asked = await read(request, _Address)
        step = await portal.sign_in.begin(asked.address, portal.clock.now())
        return answer({"step": step, "asks": "agreed_word"})

    async def word(request: Request) -> Response:
        asked = await read(request, _Word)
        await portal.sign_in.prove(asked.step, asked.agreed_word, portal.clock.now())
        return answer({"step": asked.step, "asks": "one_time_code"})

    async def code(request: Request) -> Response:
        asked = await read(request, _Code)
        token = await portal.sign_in.enter_code(asked.step, asked.code, portal.clock.now())
        return answer({"session": token})

    async def sign_out(request: Request) -> Response:
        await portal.sign_in.sign_out(_bearer(request))
        return Response(status_code=204)

    async def crimes(request: Request) -> Response:
        person_id = await _signed_in(portal, request)
        return answer({"crimes": await portal.store.summaries(person_id)})

    async def timeline(request: Request) -> Response:
        person_id = await _signed_in(portal, request)
        crime = await own_crime(portal, person_id, request.path_params["reference"])
        entries = await portal.store.entries(crime.crime_reference, person_id)
        return answer({"crime": crime, "timeline": entries})

    async def conversation(request: Request) -> Response:
        person_id = await _signed_in(portal, request)
        _two_way(portal)
        crime = await own_crime(portal, person_id, request.path_params["reference"])
        posts = await portal.conversations.read(crime.crime_reference, person_id)
        return answer({"conversation": posts})

    async def questions(request: Request) -> Response:
        person_id = await _signed_in(portal, request)
        _two_way(portal)
        crime = await own_crime(portal, person_id, request.path_params["reference"])
        asked = await read(request, _Question)
        await portal.conversations.ask(
            crime.crime_reference, person_id, asked.text, portal.clock.now()
        )
        portal.woken.set()
        return Response(status_code=201)

    async def advice(request: Request) -> Response:
        person_id = await _signed_in(portal, request)
        subgroups = await portal.store.subgroups_of(person_id)
        pages = portal.advice.pages(
            for_subgroups=subgroups, query=request.query_params.get("q", "")
        )
        return answer({"advice": pages})

    return [
        Route("/api/invitation", invitation, methods=["POST"]),
        Route("/api/sign-in", sign_in, methods=["POST"]),
        Route("/api/sign-in/word", word, methods=["POST"]),
        Route("/api/sign-in/code", code, methods=["POST"]),
        Route("/api/sign-out", sign_out, methods=["POST"]),
        Route("/api/crimes", crimes),
        Route("/api/crimes/{reference}/timeline", timeline),
        Route("/api/crimes/{reference}/conversation", conversation),
        Route("/api/crimes/{reference}/questions", questions, methods=["POST"]),
        Route("/api/advice", advice),
    ]


async def own_crime(portal: Portal, person_id: str, reference: str) -> CrimeSummary:
    """Find a crime that is this person's; another's and none at all are the same 404."""
    found = await portal.store.summaries(person_id, reference)
    if not found:
        raise Problem(404, "There is no such crime of yours")
    return found[0]


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


async def _signed_in(portal: Portal, request: Request) -> str:
    return await portal.sign_in.person_of(_bearer(request), portal.clock.now())


def _two_way(portal: Portal) -> None:
    if not portal.conversations.is_open(portal.clock.now()):
        raise Problem(404, "Messages to your officer are not part of the portal yet")
