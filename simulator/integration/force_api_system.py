"""The system layer for the force's own API: it reads the change feed, and writes records.

A resource is a row for the map: its attributes, and the ids that its relationships name.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from reference.contract.correlation import CORRELATION_ID
from simulator.integration.map_file import ForceApiSource, source_tables
from simulator.integration.source import CursorLost, Reading, ReadRow
from simulator.integration.system_client import TIMEOUT_SECONDS, SystemClient
from simulator.neighbours.dataverse.tables import Table

STREAM = "changes"
_MEDIA_TYPE = "application/vnd.api+json"


class ForceApiSystem:
    """Reads and writes by the force's own API, and subscribes to its changes."""

    def __init__(
        self, source: ForceApiSource, token: str, *, wait_seconds_max: float = TIMEOUT_SECONDS
    ) -> None:
        self.tables = source_tables(source)
        self._url = source.url.rstrip("/")
        self._token = token
        self._http = SystemClient("the force's API", _words, wait_seconds_max=wait_seconds_max)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Read the feed from its cursor on; changes of other tables are passed over."""
        after, more = cursor(STREAM), True
        while more:
            query = f"?limit=500&after={quote(after, safe='')}" if after else "?limit=500"
            status, answer = self._ask("GET", f"/changes{query}")
            if status == 410:
                raise CursorLost(STREAM, _words(answer))
            page = self._checked(status, answer, 200)
            after, more = page["cursor"], page["more"]
            rows = [each for each in map(self._read_row, page["data"]) if each.table in tables]
            # Each page has a cursor of its own: a reading that breaks off goes on from there.
            yield Reading(stream=STREAM, rows=rows, cursor=after)

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read a record; None if there is none."""
        status, answer = self._ask("GET", f"/{table.set_name}/{row_id}")
        return None if status == 404 else _flat(self._checked(status, answer, 200)["data"])

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Read a record by its key; None if there is none."""
        found = self._listed(table, f"filter[{key}]={quote(value, safe='')}")
        return next(found, None)

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the records with a relationship to a record, the oldest first."""
        return list(self._listed(table, f"filter[{column}]={row_id}"))

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Make a record with a key; return False if there is one."""
        resource = _resource(table, {**row, key: value})
        headers = {CORRELATION_ID: correlation_id}
        body = msgspec.json.encode({"data": resource})
        status, answer = self._ask("POST", f"/{table.set_name}", body, headers)
        if status in {200, 409}:
            return False
        self._checked(status, answer, 201)
        return True

    def subscribe(self, url: str) -> tuple[str, str]:
        """Have changes pushed to a URL; return the subscription's id and its secret.

        An earlier subscription of the same URL ends: its secret was of another run.
        """
        status, answer = self._ask("GET", "/subscriptions")
        for each in self._checked(status, answer, 200)["data"]:
            if each["attributes"]["url"] == url:
                self.unsubscribe(each["id"])
        wanted = {"type": "subscription", "attributes": {"url": url}}
        body = msgspec.json.encode({"data": wanted})
        made = self._checked(*self._ask("POST", "/subscriptions", body), 201)["data"]
        return made["id"], made["attributes"]["secret"]

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription."""
        self._ask("DELETE", f"/subscriptions/{subscription_id}")

    def _read_row(self, event: Mapping[str, Any]) -> ReadRow:
        data = event["data"]
        row = None
        if not event["type"].endswith(".deleted"):
            row = {**_flat(data), "modifiedon": event["time"]}
        return ReadRow(
            table=data["type"],
            row_id=data["id"],
            row=row,
            correlation_id=event["correlationid"],
        )

    def _listed(self, table: Table, query: str) -> Iterator[dict[str, Any]]:
        target: str | None = f"/{table.set_name}?{query}&page[size]=100"
        while target:
            page = self._checked(*self._ask("GET", target), 200)
            yield from map(_flat, page["data"])
            target = page["links"]["next"]

    def _ask(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        given = {
            "authorization": f"Bearer {self._token}",
            "accept": _MEDIA_TYPE,
            "content-type": _MEDIA_TYPE,
            **(headers or {}),
        }
        return self._http.ask(method, f"{self._url}{target}", body, given)

    def _checked(self, status: int, answer: bytes, expected: int) -> Any:
        if status != expected:
            raise self._http.refused(status, answer)
        return msgspec.json.decode(answer)


def _flat(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A resource as a row: attributes, the ids of relationships, its own id and version."""
    links = {
        name: other["data"]["id"] if other["data"] else None
        for name, other in resource["relationships"].items()
    }
    return {
        **resource["attributes"],
        **links,
        "id": resource["id"],
        "versionnumber": resource["meta"]["version"],
    }


def _resource(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    relationships: dict[str, Any] = {}
    for name, value in row.items():
        column = table.by_name[name]
        if column.kind == "Lookup":
            relationships[name] = {"data": {"type": column.targets[0], "id": value}}
        else:
            attributes[name] = value
    return {"type": table.name, "attributes": attributes, "relationships": relationships}


def _words(answer: bytes) -> str:
    try:
        [error, *_] = msgspec.json.decode(answer)["errors"]
        place = next(iter(error.get("source", {}).values()), "")
        return f"{place} {error['detail']}".strip()[:300]
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return answer[:100].decode("utf-8", "replace")
