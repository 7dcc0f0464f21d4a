"""One call to the REST API, and its answer: of its own, or within a composite."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from simulator.neighbours.salesforce.errors import SalesforceError, bad
from simulator.neighbours.salesforce.objects import Field, SObject
from simulator.neighbours.salesforce.records import Records
from simulator.neighbours.salesforce.soql_conditions import View

_NO_BODY = "The HTTP entity body is required, but this request has no entity body."
_NO_OBJECT = "The body is not an object at [line:1, column:1]"


class Call(Struct, frozen=True, kw_only=True):
    """Method, the address below `/services/data/vNN.N/` in parts, parameters, headers and body."""

    method: str
    parts: tuple[str, ...]
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    view: View

    @property
    def root(self) -> str:
        """The beginning of every address of this version."""
        return f"/services/data/{self.view.version}"

    def record(self) -> dict[str, Any]:
        """The body, which is one JSON object; raises SalesforceError."""
        if not isinstance(self.body, dict):
            raise bad("JSON_PARSER_ERROR", _NO_BODY if self.body is None else _NO_OBJECT)
        return self.body


class Answer(Struct, frozen=True, kw_only=True):
    """Status, body as JSON (None for none) and headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


def refused(error: SalesforceError) -> Answer:
    """A refusal as an answer."""
    headers = {"allow": ", ".join(error.allowed)} if error.allowed else {}
    return Answer(status=error.status, body=error.content, headers=headers)


def read_json(body: bytes) -> Any:
    """Read a body; None if there is none. Raises SalesforceError."""
    if not body.strip():
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad("JSON_PARSER_ERROR", f"{error} at [line:1, column:1]"[:300]) from None
    except RecursionError:
        raise bad("JSON_PARSER_ERROR", "Nested too deeply at [line:1, column:1]") from None


class Interface(Protocol):
    """The REST API, for who does several calls or records in one."""

    records: Records

    def answer(self, call: Call) -> Answer:
        """Answer one call; a refusal is an answer too."""

    def created(
        self, call: Call, sobject: SObject, given: Mapping[str, Any], **more: Any
    ) -> Answer:
        """Make a record; raises SalesforceError."""

    def updated(
        self, call: Call, sobject: SObject, record_id: str, given: Mapping[str, Any]
    ) -> None:
        """Change a record; raises SalesforceError."""

    def deleted(self, call: Call, sobject: SObject, record_id: str) -> None:
        """Delete a record; raises SalesforceError."""

    def upserted(
        self, call: Call, sobject: SObject, field: Field, value: str, given: Mapping[str, Any]
    ) -> Answer:
        """Change the record with a key, or make it; raises SalesforceError."""
