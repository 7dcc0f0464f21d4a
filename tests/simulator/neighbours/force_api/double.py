"""The force's own API with a clock that stands still, called directly, for its tests."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api.api import force_api_app
from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.fields import read_fields
from simulator.neighbours.force_api.refusals import MEDIA_TYPE
from simulator.neighbours.force_api.subscriptions import Subscriptions
from tests.simulator.asgi import Answer, call

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TYPES = read_fields()
TOKEN = "a-token-of-a-service-account"


class ForceApi:
    """The interface, with its token."""

    def __init__(self) -> None:
        self.now = START
        self.rows = Rows(lambda: self.now)
        self.subscriptions = Subscriptions(Feed(TYPES, self.rows), self.rows, lambda: self.now)
        self.app = force_api_app(self.rows, TYPES, self.subscriptions, token=TOKEN)

    def ask(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Make one request with the token."""
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = msgspec.json.encode(body)
        given = {
            "authorization": f"Bearer {TOKEN}",
            "content-type": MEDIA_TYPE,
            **(headers or {}),
        }
        return call(self.app, method, target, content, headers=given)

    def made(self, path: str, kind: str, links: Any = None, **attributes: Any) -> str:
        """Make a record; return its id."""
        answer = self.ask("POST", f"/{path}", {"data": resource(kind, links, **attributes)})
        assert answer.status == 201, answer.body
        return str(answer.json["data"]["id"])

    def person(self, number: str = "P-1", **attributes: Any) -> str:
        """Make a person."""
        return self.made("persons", "person", personNumber=number, surname="Hill", **attributes)

    def occurrence(self, number: str = "43260000001", victim: str = "") -> str:
        """Make an occurrence, of a victim if one is named."""
        links = {"victim": ("person", victim)} if victim else {}
        return self.made(
            "occurrences",
            "occurrence",
            links,
            occurrenceNumber=number,
            incidentDescription="Burglary",
        )

    def changed(self, path: str, kind: str, row_id: str, **attributes: Any) -> Answer:
        """Change a record."""
        data = {"type": kind, "id": row_id, "attributes": attributes}
        return self.ask("PATCH", f"/{path}/{row_id}", {"data": data})

    def wait(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)


def resource(kind: str, links: Any = None, **attributes: Any) -> dict[str, Any]:
    """A new resource; `links` has type and id by relationship."""
    named = {
        name: {"data": None if to is None else {"type": to[0], "id": to[1]}}
        for name, to in (links or {}).items()
    }
    return {"type": kind, "attributes": attributes, "relationships": named}


def refusal(answer: Answer) -> tuple[int, str]:
    """The status and the place of a refusal."""
    [error] = answer.json["errors"]
    assert error["status"] == str(answer.status)
    assert error["detail"]
    return answer.status, next(iter(error.get("source", {}).values()), "")
