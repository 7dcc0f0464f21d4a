"""The doubles' own interface: record an event, send a text back, switch faults, look at requests.

A tester's script plays the force and the victims by it. It wants a bearer token if one was given.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, structs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CrimeMerged,
    CrimeRecorded,
    IncidentReported,
    Reference,
    Short,
)
from reference.contract.messages import QUESTION_CHARACTERS_MAX, Subject
from simulator.doubles.control_openapi import control_openapi
from simulator.doubles.fault_switches import Faults, FaultSwitches, NotRunning
from simulator.doubles.front import Requests
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.to_portal import ToPortal
from simulator.doubles.to_subscribers import WebhookCalls, url_fault
from simulator.doubles.unsaid import as_shown
from simulator.evidence.records import PersonKnown, QuestionAsked, Record, SignedIn
from simulator.neighbours.crime_system.problems import Problem, bad_field, check_bearer, refuse
from simulator.neighbours.crime_system.request_json import read_as
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.dataverse.webhooks import Auth, Webhook
from simulator.neighbours.gateway.notify_recipients import (
    InvalidRecipient,
    Recipient,
    mailbox,
    phone,
)
from simulator.neighbours.gateway.notify_templates import DEFAULT_TEMPLATES, Templates

REQUESTS_SHOWN = 200
WEBHOOKS_MAX = 10


class _Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type: str
    data: msgspec.Raw


# Python's "$" is also before a last line end, which no header may hold.
class _Webhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: Annotated[str, Meta(max_length=2000)]
    tables: frozenset[str] = frozenset(TABLES)
    auth: Auth = "WebhookKey"
    key_name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,60}$(?!\n)")] = "code"
    key: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.~-]{0,200}$(?!\n)")] = ""


class _Webhooks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    webhooks: Annotated[tuple[_Webhook, ...], Meta(max_length=WEBHOOKS_MAX)]


class _Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    person_id: Reference
    role: Literal["victim", "stranger"] = "victim"
    given_name: Short = ""
    family_name: Short = ""
    mobile_phone: Short = ""
    email: Short = ""


class _SignedIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    person_id: Reference


class _Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    person_id: Reference
    crime_reference: Reference
    text: Annotated[str, Meta(max_length=QUESTION_CHARACTERS_MAX)]
    about: Subject | Literal[""] = ""


class _OfMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    message_id: Reference


class _TextBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    number: str
    message: str


def control_app(
    crime_system: KeptCrimeSystem,
    to_portal: ToPortal,
    switches: FaultSwitches,
    requests: Requests,
    *,
    webhook_calls: WebhookCalls,
    meet: Callable[[PersonKnown], None],
    note: Callable[[Record], None],
    templates: Templates = DEFAULT_TEMPLATES,
    token: str = "",
    may_call_anywhere: bool = False,
) -> Starlette:
    """Make the interface as an ASGI application."""
    face = _Face(crime_system, to_portal, switches, requests, webhook_calls, token)
    face.may_call_anywhere = may_call_anywhere
    face.meet, face.note, face.templates = meet, note, templates
    document = control_openapi(
        faults=Faults,
        webhooks=_Webhooks,
        person=_Person,
        text_back=_TextBack,
        signed_in=_SignedIn,
        question=_Question,
        of_message=_OfMessage,
    )

    async def described(_request: Request) -> Response:
        return _json(document)

    return Starlette(
        routes=[
            Route("/openapi.json", described, methods=["GET"]),
            Route("/events", face.record, methods=["POST"]),
            Route("/events", face.events, methods=["GET"]),
            Route("/tasks", face.tasks, methods=["GET"]),
            Route("/people", face.know, methods=["POST"]),
            Route("/signed-in", face.signed_in, methods=["POST"]),
            Route("/questions", face.asked, methods=["POST"]),
            Route("/texts-back", face.text_back, methods=["POST"]),
            Route("/complaints", face.complain, methods=["POST"]),
            Route("/returned-letters", face.return_letter, methods=["POST"]),
            Route("/faults", face.faults, methods=["GET"]),
            Route("/faults", face.set_faults, methods=["PUT"]),
            Route("/requests", face.requests, methods=["GET"]),
            Route("/webhooks", face.webhooks, methods=["GET"]),
            Route("/webhooks", face.set_webhooks, methods=["PUT"]),
        ],
        exception_handlers={Problem: refuse},
    )


class _Face:
    def __init__(
        self,
        crime_system: KeptCrimeSystem,
        to_portal: ToPortal,
        switches: FaultSwitches,
        requests: Requests,
        webhook_calls: WebhookCalls,
        token: str,
    ) -> None:
        self.may_call_anywhere = False
        self.meet: Callable[[PersonKnown], None] = lambda _person: None
        self.templates = DEFAULT_TEMPLATES
        self.note: Callable[[Record], None] = lambda _record: None
        self._webhook_calls = webhook_calls
        self._crime_system = crime_system
        self._to_portal = to_portal
        self._switches = switches
        self._requests = requests
        self._token = token.encode()

    async def record(self, request: Request) -> Response:
        """Record one event, which then goes to the portal: {"type": …, "data": {…}}."""
        self._check(request)
        asked = await read_as(request, _Event)
        kind = EVENT_TYPES.get(asked.type)
        if kind is None:
            detail = f"One of {', '.join(sorted(EVENT_TYPES))}"
            raise Problem(400, "Not an event of the contract", detail=detail, field="type")
        try:
            event = msgspec.json.decode(asked.data, type=kind)
        except msgspec.DecodeError as error:
            raise bad_field(error) from None
        self._check_recorded(event)
        return _json({"id": self._crime_system.record(event)}, 201)

    def _check_recorded(self, event: AnyEvent) -> None:
        """Refuse what is said of a crime that nobody recorded: a portal would wait for it."""
        named = (
            {}
            if isinstance(event, CrimeRecorded | IncidentReported)
            else {"crime_reference": event.crime_reference}
        )
        if isinstance(event, CrimeMerged):
            named["into"] = event.into
        for field, reference in named.items():
            if not self._crime_system.knows(reference):
                detail = (
                    "Record it first, by CrimeRecorded or IncidentReported; what a case that is "
                    "there lacks is in GET /events under unsaid"
                )
                raise Problem(409, "No such crime was recorded", detail=detail, field=field)

    async def events(self, request: Request) -> Response:
        """Show which events wait for the portal, which it refused, and what no event can tell."""
        self._check(request)
        return _json(
            {
                "unsaid": [as_shown(each) for each in self._crime_system.unsaid],
                "waiting": self._crime_system.waiting,
                "set_aside": self._to_portal.set_aside,
            }
        )

    async def tasks(self, request: Request) -> Response:
        """Show the tasks that the portal raised."""
        self._check(request)
        return _json(self._crime_system.tasks)

    async def know(self, request: Request) -> Response:
        """Say who truly holds a number and a mailbox, for the judge."""
        self._check(request)
        asked = await read_as(request, _Person)
        for field, read in (("mobile_phone", phone), ("email", mailbox)):
            if address := getattr(asked, field):
                _check_address(field, address, read)
        at = self._to_portal.now()
        self.meet(PersonKnown(at=at, **structs.asdict(asked)))
        return _json({"person_id": asked.person_id}, 201)

    async def signed_in(self, request: Request) -> Response:
        """Say that a person signed in to the portal, for the judge: nobody sees it there."""
        self._check(request)
        asked = await read_as(request, _SignedIn)
        if not self._crime_system.people.knows(asked.person_id):
            detail = "Record a crime that names them first, by POST /events or in the records"
            raise Problem(409, "Nobody recorded this person", detail=detail, field="person_id")
        self.note(SignedIn(at=self._to_portal.now(), person_id=asked.person_id))
        return _json(asked, 201)

    async def asked(self, request: Request) -> Response:
        """Say that a person wrote to the officer, and the portal took it: nobody sees it there."""
        self._check(request)
        said = await read_as(request, _Question)
        self._check_named(said.person_id, said.crime_reference)
        self.note(QuestionAsked(at=self._to_portal.now(), **structs.asdict(said)))
        return _json(said, 201)

    def _check_named(self, person_id: str, crime_reference: str) -> None:
        """Refuse what is said of a person in a crime where nobody recorded them."""
        if not self._crime_system.knows(crime_reference):
            detail = "Record it first, by POST /events or in the records"
            raise Problem(409, "No such crime was recorded", detail=detail, field="crime_reference")
        if not self._crime_system.people.are_in(crime_reference, person_id):
            detail = f"Nobody recorded that they are in crime {crime_reference}; check both"
            raise Problem(409, "This person is not in the crime", detail=detail, field="person_id")

    async def text_back(self, request: Request) -> Response:
        """Let a person send a text back to the force's number."""
        self._check(request)
        asked = await read_as(request, _TextBack)
        _check_address("number", asked.number, phone)
        return _json(self._to_portal.send_text_back(asked.number, asked.message), 201)

    async def complain(self, request: Request) -> Response:
        """Let the reader of an email mark it as spam: Notify calls the portal."""
        self._check(request)
        asked = await read_as(request, _OfMessage)
        return _called_back(self._to_portal.complain(asked.message_id), "email")

    async def return_letter(self, request: Request) -> Response:
        """Let a letter come back to the sender: Notify calls the portal."""
        self._check(request)
        asked = await read_as(request, _OfMessage)
        body = self._to_portal.return_letter(asked.message_id, self.templates)
        return _called_back(body, "letter")

    async def faults(self, request: Request) -> Response:
        self._check(request)
        return _json(self._switches.faults)

    async def set_faults(self, request: Request) -> Response:
        """Replace all faults; one that is not named ends."""
        self._check(request)
        asked = await read_as(request, Faults)
        try:
            self._switches.set(asked)
        except NotRunning as missing:
            detail = f"Start it with {missing.option}"
            raise Problem(
                409, "This double does not run", detail=detail, field=missing.name
            ) from None
        return _json(asked)

    async def requests(self, request: Request) -> Response:
        """Show the last requests to the doubles, newest first."""
        self._check(request)
        return _json(self._requests.newest_first(REQUESTS_SHOWN))

    async def webhooks(self, request: Request) -> Response:
        """Show the webhooks of Dynamics, without their keys, and the last calls of them."""
        self._check(request)
        shown = [
            {"url": each.url, "tables": sorted(each.tables), "auth": each.auth}
            for each in self._webhook_calls.registered
        ]
        return _json({"webhooks": shown, "last_calls": list(self._webhook_calls.last)})

    async def set_webhooks(self, request: Request) -> Response:
        """Replace the webhooks of Dynamics."""
        self._check(request)
        asked = await read_as(request, _Webhooks)
        for number, each in enumerate(asked.webhooks):
            at = f"webhooks[{number}]"
            if fault := url_fault(each.url, may_go_anywhere=self.may_call_anywhere):
                raise Problem(400, "Cannot be called", detail=fault, field=f"{at}.url")
            if unknown := each.tables - TABLES.keys():
                detail = f"{min(unknown)[:60]}; one of {', '.join(TABLES)}"
                raise Problem(400, "Not a table", detail=detail, field=f"{at}.tables")
        self._webhook_calls.registered = tuple(
            Webhook(**structs.asdict(each)) for each in asked.webhooks
        )
        return await self.webhooks(request)

    def _check(self, request: Request) -> None:
        if self._token:
            check_bearer(request, self._token, "Give the token of this interface")


def _check_address(field: str, text: str, read: Callable[[str], Recipient]) -> None:
    """Refuse a number or a mailbox that is none: nobody can hold it or write from it."""
    try:
        read(text)
    except InvalidRecipient as error:
        what = "a mailbox" if read is mailbox else "a phone number"
        raise Problem(400, f"Not {what}", detail=str(error), field=field) from None


def _json(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def _called_back(body: dict[str, Any] | None, what: str) -> Response:
    if body is None:
        raise Problem(404, f"There is no {what} with this id", field="message_id")
    return _json(body, 201)
