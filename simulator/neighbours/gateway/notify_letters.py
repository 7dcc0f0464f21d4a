"""Letters at the Notify double: from a template with an address, or as a ready PDF.

A letter is kept to be asked for, and reaches nobody: a world has no letter boxes, and a portal in a
world may not send any. A ready PDF waits for its virus check for a moment, as at Notify. Source:
GOV.UK Notify's published API code, github.com/alphagov/notifications-api (app/v2/notifications),
and its REST documentation.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from simulator.neighbours.gateway.inbox import Inbox, Letter, Status
from simulator.neighbours.gateway.notify_answers import sent
from simulator.neighbours.gateway.notify_errors import NotifyError, bad_request, validation_error
from simulator.neighbours.gateway.notify_letter_pdf import letter_pdf
from simulator.neighbours.gateway.notify_limits import NotifyLimits
from simulator.neighbours.gateway.notify_requests import OwnReference, Uuid, decoded
from simulator.neighbours.gateway.notify_schema import letter_faults
from simulator.neighbours.gateway.notify_sending import filled, template_of
from simulator.neighbours.gateway.notify_service import ApiKey, NotifyService
from simulator.neighbours.gateway.notify_templates import Templates

ADDRESS_LINES = range(3, 8)
VIRUS_CHECK_SECONDS = 2.0
#: What Notify shows as the template of a ready PDF: one that every service has.
PRECOMPILED_TEMPLATE_ID = "6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e04"

_LINE = re.compile(r"addressline[1-7]|postcode")
_IGNORED_IN_NAMES = str.maketrans("", "", " _-")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


class LetterRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /v2/notifications/letter with a template."""

    template_id: Uuid
    personalisation: dict[str, Any]
    reference: OwnReference | UnsetType = UNSET


class ReadyLetterRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /v2/notifications/letter with a PDF in base64."""

    reference: OwnReference
    content: str
    postage: str = "second"


@dataclass(frozen=True)
class Letters:
    """Takes letters for one service."""

    inbox: Inbox
    service: NotifyService
    limits: NotifyLimits
    templates: Templates

    def send(self, root: str, key: ApiKey, body: bytes) -> dict[str, Any]:
        """Take one request and return its answer; raises NotifyError."""
        raw = decoded(body)
        if found := list(letter_faults(raw)):
            raise validation_error(found)
        if not self.service.sends_letters:
            raise bad_request("Service is not allowed to send letters")
        self.limits.count_request(key.kind)
        self.limits.count_message(key.kind, "letter")
        if key.kind == "team":
            raise NotifyError(403, [("BadRequestError", "Cannot send letters with a team api key")])
        if self.service.is_in_trial and key.kind != "test":
            reason = "Cannot send letters when service is in trial mode"
            raise NotifyError(403, [("BadRequestError", reason)])
        if "content" in raw:
            return self._take_ready(key, msgspec.convert(raw, ReadyLetterRequest))
        return self._take_written(root, key, msgspec.convert(raw, LetterRequest))

    def pdf(self, letter: Letter) -> bytes:
        """Return a letter as PDF; raises NotifyError while it is checked for viruses."""
        if self.inbox.status_of(letter.message_id) == "pending-virus-check":
            raise NotifyError(400, [("PDFNotReadyError", "PDF not available yet, try again later")])
        return letter.pdf

    def _take_ready(self, key: ApiKey, asked: ReadyLetterRequest) -> dict[str, Any]:
        try:
            pdf = base64.b64decode(asked.content, validate=True)
        except (binascii.Error, ValueError):
            raise bad_request("Cannot decode letter content (invalid base64 encoding)") from None
        letter_id = self._keep(
            key,
            address=("Provided as PDF", ""),
            subject="Pre-compiled PDF",
            body="",
            reference=asked.reference,
            template_id=PRECOMPILED_TEMPLATE_ID,
            postage=asked.postage,
            pdf=pdf,
            check_seconds=VIRUS_CHECK_SECONDS,
        )
        return {"id": letter_id, "reference": asked.reference, "postage": asked.postage}

    def _take_written(self, root: str, key: ApiKey, asked: LetterRequest) -> dict[str, Any]:
        template = template_of("letter", self.templates, asked.template_id)
        message = filled(template, asked.personalisation)
        address = _address(asked.personalisation)
        lines = (*template.contact_block.splitlines(), "", *address, "", message.subject, "")
        letter_id = self._keep(
            key,
            address=address,
            subject=message.subject,
            body=message.body,
            reference="" if asked.reference is UNSET else asked.reference,
            template_id=template.id,
            postage="second",
            pdf=letter_pdf((*lines, *message.body.splitlines())),
        )
        reference = None if asked.reference is UNSET else asked.reference
        return sent(root, self.service.id, letter_id, reference, template, message)

    def _keep(self, key: ApiKey, *, check_seconds: float = 0.0, **values: Any) -> str:
        now = self.inbox.now()
        letter = Letter(
            message_id=self.inbox.unused_id(),
            accepted_at=now,
            checked_at=now + timedelta(seconds=check_seconds),
            key_kind=key.kind,
            **values,
        )
        self.inbox.keep(letter)
        # A test key's letter counts as delivered at once; the others wait to be printed.
        status: Status = "received" if key.kind == "test" else "accepted"
        self.inbox.set_status(letter.message_id, status, now)
        return letter.message_id


def _address(personalisation: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the lines of an address, the postcode last; raises NotifyError."""
    named = {
        name: str(value).strip()
        for given, value in personalisation.items()
        if _LINE.fullmatch(name := given.translate(_IGNORED_IN_NAMES).lower())
    }
    lines = tuple(filter(None, (named[name] for name in sorted(named))))
    if len(lines) < ADDRESS_LINES.start:
        raise validation_error([f"Address must be at least {ADDRESS_LINES.start} lines"])
    if len(lines) >= ADDRESS_LINES.stop:
        raise validation_error([f"Address must be no more than {ADDRESS_LINES.stop - 1} lines"])
    if not _POSTCODE.fullmatch(lines[-1].upper().replace(" ", "")):
        raise validation_error(["Must be a real UK postcode"])
    return lines
