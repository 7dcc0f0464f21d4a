"""The system layer: the only part that speaks to Dataverse and holds its credentials."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from reference.contract.correlation import CORRELATION_ID
from simulator.integration.map_file import DataverseSource
from simulator.integration.source import CursorLost, Reading, ReadRow
from simulator.integration.system_client import TIMEOUT_SECONDS, SystemClient
from simulator.neighbours.dataverse.tables import TABLES, Table

API = "/api/data/v9.2"
_EARLY_SECONDS = 60
#: A delta token that has expired, or that another organisation gave.
_CURSOR_LOST = frozenset({400, 404, 410})


class DataverseSystem:
    """Reads changes by delta links and writes rows, with a token of its own."""

    tables = TABLES

    def __init__(
        self, source: DataverseSource, secret: str, *, wait_seconds_max: float = TIMEOUT_SECONDS
    ) -> None:
        self._source = source
        self._secret = secret
        self._url = source.url.rstrip("/")
        self._token, self._token_ends = "", 0.0
        self._http = SystemClient(
            "Dataverse",
            _words,
            wait_seconds_max=wait_seconds_max,
            authority_file=source.authority_file,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Read each table's changes, those first that others point to."""
        for name in TABLES:
            if name in tables:
                yield from self._changes(TABLES[name], cursor(name))

    def _changes(self, table: Table, link: str) -> Iterator[Reading]:
        prefer = {} if link else {"prefer": "odata.track-changes,odata.maxpagesize=500"}
        target = link or f"{self._url}{API}/{table.set_name}"
        while target:
            status, answer = self._ask("GET", target, b"", prefer)
            if link and status in _CURSOR_LOST:
                raise CursorLost(table.name, _words(answer))
            if status != 200:
                raise self._http.refused(status, answer)
            page = msgspec.json.decode(answer)
            target = page.get("@odata.nextLink", "")
            yield Reading(
                stream=table.name,
                rows=[_read_row(table, each) for each in page["value"]],
                cursor=page.get("@odata.deltaLink", ""),
            )

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Write a row by its key unless there is one; return whether it was made."""
        headers = {CORRELATION_ID: correlation_id, "if-none-match": "*"}
        target = self._by_key(table, key, value)
        status, answer = self._ask("PATCH", target, msgspec.json.encode(row), headers)
        if status == 412:
            return False
        if status not in {200, 201, 204}:
            raise self._http.refused(status, answer, table.set_name)
        return True

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read a row; None if there is none."""
        return self._row(table, f"{self._url}{API}/{table.set_name}({row_id})")

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Read a row by a key; None if there is none."""
        return self._row(table, self._by_key(table, key, value))

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the rows whose lookup names a row, the oldest first."""
        chosen = quote(f"_{column}_value eq {row_id}", safe="")
        target = f"{self._url}{API}/{table.set_name}?$filter={chosen}&$orderby=createdon"
        status, answer = self._ask("GET", target, b"", {})
        if status != 200:
            raise self._http.refused(status, answer)
        return [_plain(table, each) for each in msgspec.json.decode(answer)["value"]]

    def _by_key(self, table: Table, key: str, value: str) -> str:
        escaped = quote(value.replace("'", "''"), safe="")
        return f"{self._url}{API}/{table.set_name}({key}='{escaped}')"

    def _row(self, table: Table, target: str) -> dict[str, Any] | None:
        status, answer = self._ask("GET", target, b"", {})
        if status == 404:
            return None
        if status != 200:
            raise self._http.refused(status, answer, table.set_name)
        return _plain(table, msgspec.json.decode(answer))

    def _ask(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        given = {
            "authorization": f"Bearer {self._signed_in()}",
            "accept": "application/json",
            "content-type": "application/json",
            "odata-version": "4.0",
            **headers,
        }
        status, answer = self._http.ask(method, target, body, given)
        if status == 401:
            self._token = ""
        return status, answer

    def _signed_in(self) -> str:
        if not self._token or time.monotonic() >= self._token_ends:
            form = (
                f"grant_type=client_credentials&client_id={quote(self._source.client_id, safe='')}"
                f"&client_secret={quote(self._secret, safe='')}"
                f"&scope={quote(self._url + '/.default', safe='')}"
            )
            target = f"{self._url}/{self._source.tenant_id}/oauth2/v2.0/token"
            kind = {"content-type": "application/x-www-form-urlencoded"}
            status, answer = self._http.ask("POST", target, form.encode(), kind)
            if status != 200:
                raise self._http.not_signed_in(status, answer)
            found = msgspec.json.decode(answer)
            self._token = found["access_token"]
            self._token_ends = time.monotonic() + found["expires_in"] - _EARLY_SECONDS
        return self._token


def _read_row(table: Table, shown: Mapping[str, Any]) -> ReadRow:
    if shown.get("reason") == "deleted":
        return ReadRow(table=table.name, row_id=shown["id"], row=None)
    return ReadRow(table=table.name, row_id=shown[table.id_column], row=_plain(table, shown))


def _plain(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Name the columns of a row as the map does: a lookup by its own name."""
    names = {each.property_name: each.name for each in table.columns}
    return {names.get(name, name): value for name, value in row.items() if "@" not in name}


def _words(answer: bytes) -> str:
    try:
        error = msgspec.json.decode(answer)["error"]
        return str(error["message"] if isinstance(error, dict) else error)[:300]
    except (msgspec.DecodeError, KeyError, TypeError):
        return answer[:100].decode("utf-8", "replace")
