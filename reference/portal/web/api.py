"""The victim's JSON API, as `reference/contract/portal.openapi.yaml` has it."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.events import Channel, Short
from reference.contract.messages import AdvicePage, CrimeSummary, Subject
from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.rules import contact_details
from reference.portal.rules.identity_proof import Given
from reference.portal.web import dates_of_birth
from reference.portal.web.crime_page import how_to_reach
from reference.portal.web.rendering import masked
from reference.portal.web.requests import answer, body_of, client_of, decode, is_cross_site
from reference.portal.words.languages import ENGLISH, words_of


class _Invitation(Struct, frozen=True):
    token: Short


class _Address(Struct, frozen=True):
    address: str


class _NotForMe(Struct, frozen=True):
    """Either an address, which anybody can give, or the token of a message that arrived."""

    address: str | UnsetType = UNSET
    token: Short | UnsetType = UNSET


class _Word(Struct, frozen=True):
    step: Short
    agreed_word: Short


class _DateOfBirth(Struct, frozen=True):
    step: Short
    date_of_birth: Short


class _Code(Struct, frozen=True):
    step: Short
    code: Short


class _Question(Struct, frozen=True):
    text: str
    form: Short = ""
    about: Subject = "other"


class _Contact(Struct, frozen=True):
    """`withdrawn` is deprecated: older clients ask by it for no channels."""

    channels: tuple[Channel, ...] | None = None
    withdrawn: bool = False


class _Withdrawal(Struct, frozen=True):
    confirmed: bool = False


def api_routes(portal: Portal) -> list[Route]:
    """Routes under /api."""
    api = _Api(portal)
    return [
        Route("/api/invitation", api.invitation, methods=["POST"]),
        Route("/api/sign-in", api.sign_in, methods=["POST"]),
        Route("/api/sign-in/word", api.word, methods=["POST"]),
        Route("/api/sign-in/date-of-birth", api.date_of_birth, methods=["POST"]),
        Route("/api/sign-in/code", api.code, methods=["POST"]),
        Route("/api/sign-out", api.sign_out, methods=["POST"]),
        Route("/api/crimes", api.crimes),
        Route("/api/crimes/{reference:path}/timeline", api.timeline),
        Route("/api/crimes/{reference:path}/conversation", api.conversation),
        Route("/api/crimes/{reference:path}/questions", api.questions, methods=["POST"]),
        Route("/api/crimes/{reference:path}/withdrawal", api.withdrawal, methods=["POST"]),
        Route("/api/advice", api.advice),
        Route("/api/contact", api.contact),
        Route("/api/contact", api.change_contact, methods=["PUT"]),
        Route("/api/not-for-me", api.not_for_me, methods=["POST"]),
    ]


class _Api:
    """Each parses, calls one use case, and translates the answer."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        kinds: tuple[type, ...] = (_Invitation, _Address, _Word, _DateOfBirth, _Code)
        kinds += (_Question, _Contact, _Withdrawal, _NotForMe)
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {
            kind: msgspec.json.Decoder(kind) for kind in kinds
        }

    async def invitation(self, request: Request) -> Response:
        asked = await self._read(request, _Invitation)
        step = await self._portal.sign_in.open_invitation(asked.token, self._portal.clock.now())
        return answer({"step": step, "asks": self._portal.settings.proof})

    async def sign_in(self, request: Request) -> Response:
        asked = await self._read(request, _Address)
        step = await self._portal.sign_in.begin(asked.address, self._portal.clock.now())
        return answer({"step": step, "asks": self._portal.settings.proof})

    async def word(self, request: Request) -> Response:
        asked = await self._read(request, _Word)
        return await self._prove(request, asked.step, asked.agreed_word)

    async def date_of_birth(self, request: Request) -> Response:
        asked = await self._read(request, _DateOfBirth)
        born = dates_of_birth.from_iso(asked.date_of_birth, self._portal.clock.now())
        return await self._prove(request, asked.step, born)

    async def code(self, request: Request) -> Response:
        asked = await self._read(request, _Code)
        now = self._portal.clock.now()
        token = await self._portal.sign_in.enter_code(
            asked.step, asked.code, client_of(request), now
        )
        return answer({"session": token})

    async def sign_out(self, request: Request) -> Response:
        await self._portal.sessions.sign_out(_bearer(request))
        return Response(status_code=204)

    async def crimes(self, request: Request) -> Response:
        people = await self._every_record(request)
        for each in people:
            await self._portal.note(each, "read crimes")
        return answer({"crimes": await crimes_of(self._portal, people)})

    async def timeline(self, request: Request) -> Response:
        person_id, crime = await self._own_crime(request)
        await self._portal.note(person_id, "read a crime", crime.crime_reference)
        entries = await self._portal.case_file.entries(crime.crime_reference, person_id)
        return answer({"crime": crime, "timeline": entries})

    async def conversation(self, request: Request) -> Response:
        person_id, crime = await self._own_crime(request, two_way=True)
        await self._portal.note(person_id, "read messages", crime.crime_reference)
        posts = await self._portal.conversations.read(crime.crime_reference, person_id)
        return answer({"conversation": posts})

    async def questions(self, request: Request) -> Response:
        person_id, crime = await self._own_crime(request, two_way=True)
        asked = await self._read(request, _Question)
        await self._portal.conversations.ask(
            crime.crime_reference,
            person_id,
            asked.text,
            self._portal.clock.now(),
            form=asked.form,
            about=asked.about,
        )
        self._portal.woken.set()
        return Response(status_code=201)

    async def withdrawal(self, request: Request) -> Response:
        person_id, crime = await self._own_crime(request)
        asked = await self._read(request, _Withdrawal)
        confirmed = asked.confirmed
        await talk_about_withdrawing(self._portal, person_id, crime, confirmed=confirmed)
        said = "asked" if confirmed else "first"
        words = words_of(ENGLISH).plain(f"withdrawal.{said}")
        return answer({"asked": confirmed, "text": words})

    async def advice(self, request: Request) -> Response:
        person_id = await self._signed_in(request)
        query = request.query_params.get("q", "")
        return answer({"advice": await relevant_advice(self._portal, person_id, query)})

    async def contact(self, request: Request) -> Response:
        person_id = await self._signed_in(request)
        await self._portal.note(person_id, "read contact details")
        chosen = await self._portal.choices.of(person_id)
        addresses = {channel: masked(each) for channel, each in chosen.addresses.items()}
        return answer({"addresses": addresses, "channels": chosen.channels})

    async def change_contact(self, request: Request) -> Response:
        people = await self._every_record(request)
        asked = await self._read(request, _Contact)
        channels = () if asked.withdrawn else asked.channels
        if channels is None:
            raise Problem(422, "Say which channels, or none", field="channels")
        await choose(self._portal, people, channels)
        self._portal.woken.set()
        return await self.contact(request)

    async def not_for_me(self, request: Request) -> Response:
        # A form on another site sends no JSON, so it cannot make a browser silence a victim.
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Problem(400, "Not JSON", detail="Send it as application/json.")
        asked, now = await self._read(request, _NotForMe), self._portal.clock.now()
        if (asked.address is UNSET) == (asked.token is UNSET):
            raise Problem(400, "Not as agreed", detail="Give the address or the token.")
        if asked.token is not UNSET:
            await self._portal.not_for_me.say_by_link(asked.token, now)
        else:
            crowd = self._portal.settings.crowd_numbers
            found = contact_details.address(asked.address, crowd=crowd)
            if not found:
                raise Problem(422, "Enter a UK mobile number or an email address", field="address")
            await self._portal.not_for_me.say(found, client_of(request), now)
        self._portal.woken.set()
        return Response(status_code=204)

    async def _prove(self, request: Request, step: str, given: Given) -> Response:
        later = await self._portal.sign_in.prove(
            step, given, client_of(request), self._portal.clock.now()
        )
        response = answer({"step": step, "asks": "one_time_code"})
        response.background = None if later is None else BackgroundTask(later)
        return response

    async def _read(self, request: Request, kind: type[Any]) -> Any:
        if is_cross_site(request):
            raise Problem(403, "Not from another site", detail="A page of another site sent this.")
        return decode(await body_of(request), self._decoders[kind])

    async def _signed_in(self, request: Request) -> str:
        session, now = _bearer(request), self._portal.clock.now()
        reference = request.path_params.get("reference", "")
        return await self._portal.sessions.person_of(session, now, reference)

    async def _every_record(self, request: Request) -> list[str]:
        return await self._portal.sessions.people_of(_bearer(request), self._portal.clock.now())

    async def _own_crime(
        self, request: Request, *, two_way: bool = False
    ) -> tuple[str, CrimeSummary]:
        person_id = await self._signed_in(request)
        if two_way and not self._portal.conversations.is_open(self._portal.clock.now()):
            raise Problem(404, "Messages to your officer are not part of the portal yet")
        return person_id, await own_crime(self._portal, person_id, request.path_params["reference"])


async def crimes_of(portal: Portal, people: list[str]) -> list[CrimeSummary]:
    """List the crimes of every record of one person, newest news first."""
    found: dict[str, CrimeSummary] = {}
    for person_id in people:
        for each in await portal.case_file.summaries(person_id):
            reach = how_to_reach(portal, each)
            found.setdefault(each.crime_reference, structs.replace(each, how_to_reach=reach))
    return sorted(found.values(), key=lambda each: each.updated_at, reverse=True)


async def choose(portal: Portal, people: list[str], channels: tuple[str, ...]) -> None:
    """Set how a person is told, in each of their records."""
    for person_id in people:
        await portal.choices.choose(person_id, channels, portal.clock.now())


async def talk_about_withdrawing(
    portal: Portal, person_id: str, crime: CrimeSummary, *, confirmed: bool
) -> None:
    """Ask an officer to speak to the victim, once they have confirmed it.

    Raises Problem 409 where another force has the case.
    """
    if crime.status == "transferred":
        force = portal.settings.forces[crime.force]
        detail = f"Call {force.non_emergency}, or write to us at {force.website}"
        raise Problem(409, "Another police force has this case", detail=detail)
    if confirmed:
        await portal.withdrawals.ask(crime, person_id, portal.clock.now())
        portal.woken.set()


async def own_crime(portal: Portal, person_id: str, reference: str) -> CrimeSummary:
    """Find a crime that is this person's, or the one theirs was merged into; else the same 404."""
    own = await portal.crimes.own(reference, person_id)
    found = await portal.case_file.summaries(person_id, own)
    if not found:
        raise Problem(404, "You have no report with this reference")
    return structs.replace(found[0], how_to_reach=how_to_reach(portal, found[0]))


async def relevant_advice(portal: Portal, person_id: str, query: str) -> list[AdvicePage]:
    """List advice, first what fits the person's crimes and force; "" is a visitor."""
    subgroups, forces = await portal.case_file.interests_of(person_id)
    area = forces[0] if len(forces) == 1 else ""
    return portal.advice.pages(for_subgroups=subgroups, area=area, query=query)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
