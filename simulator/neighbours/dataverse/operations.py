"""What one request to the Web API does to the tables, and what it is answered.

It is the same for a request of its own and for one within a batch: method, address, headers and
body in, status, headers and body out. Source: OData 4.0; Microsoft's documentation of the Dataverse
Web API, learn.microsoft.com (developer/data-platform/webapi).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from simulator.neighbours.dataverse.addresses import Address, read_address
from simulator.neighbours.dataverse.batches import Operation, Outcome
from simulator.neighbours.dataverse.bulk_delete import bulk_delete
from simulator.neighbours.dataverse.definitions import definitions_answer
from simulator.neighbours.dataverse.errors import (
    DataverseError,
    bad_request,
    no_customer,
    no_row,
    no_segment,
    version_mismatch,
)
from simulator.neighbours.dataverse.own_account import own_account
from simulator.neighbours.dataverse.queries import (
    PAGE_ROWS_MAX,
    Query,
    found_rows,
    read_query,
    skip_token,
)
from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.shown_rows import etag, shown_row
from simulator.neighbours.dataverse.tables import TABLES, Table

TOKEN_DAYS = 7
#: The versions of the Web API that an organisation serves; they differ in nothing here.
VERSIONS = ("v9.2", "v9.1", "v9.0")

_ROOT = re.compile(r".*?/api/data/v9\.[0-2](?=/|$)", re.DOTALL)
_CASE, _RESOLVED = TABLES["incident"], 1
#: As a status it stands for the usual one of the state.
_USUAL_STATUS = -1
_ACTIONS = "Microsoft.Dynamics.CRM."
_NOT_WITH_TRACKING = ("$filter", "$orderby", "$expand", "$top")


class WebApi:
    """The Web API over the rows. `url` is the organisation's, for links in answers."""

    def __init__(self, rows: Rows, *, url: str, now: Any, version: str = VERSIONS[0]) -> None:
        self._rows = rows
        self._root = f"{url.rstrip('/')}/api/data/{version}"
        self._now = now

    def answer(self, operation: Operation) -> Outcome:
        """Do one operation; a refusal is an answer too."""
        try:
            return self._answer(operation)
        except DataverseError as error:
            return Outcome(
                status=error.status,
                headers=error.headers,
                body=error.content,
                content_id=operation.content_id,
            )

    def change_set(self, operations: tuple[Operation, ...]) -> list[Outcome]:
        """Do several wholly or not at all; one that fails is the only answer."""
        done: list[Outcome] = []
        made: dict[str, str] = {}
        try:
            with self._rows.whole():
                for each in operations:
                    outcome = self._answer(_resolved(each, made))
                    if each.content_id and "OData-EntityId" in outcome.headers:
                        made[f"${each.content_id}"] = outcome.headers["OData-EntityId"]
                    done.append(outcome)
        except DataverseError as error:
            refused = operations[len(done)].content_id
            return [
                Outcome(
                    status=error.status,
                    headers=error.headers,
                    body=error.content,
                    content_id=refused,
                )
            ]
        return done

    def _answer(self, operation: Operation) -> Outcome:
        url = urlsplit(operation.target)
        path = _ROOT.sub("", unquote(url.path), count=1)
        parameters = dict(parse_qsl(url.query, keep_blank_values=True))
        segments = path.strip("/")
        given = _Given(operation, parameters)
        if operation.method == "GET" and (said := own_account(segments, self._root)):
            return given.outcome(200, said)
        if segments.startswith("EntityDefinitions") or segments == "sdkmessagefilters":
            return given.outcome(200, definitions_answer(segments, parameters))
        if operation.method == "POST" and segments in {"CloseIncident", "BulkDelete"}:
            return self._do(segments, given)
        if "/" in segments:
            return self._beyond_a_table(segments, given)
        return self._plain(operation.method, read_address(segments), given)

    def _do(self, action: str, given: "_Given") -> Outcome:
        """Do an action that is bound to no table."""
        if action == "CloseIncident":
            self._close(given.json())
            return given.outcome(204)
        with self._rows.whole():
            done = bulk_delete(self._rows, given.json())
        context = f"{self._root}/$metadata#{_ACTIONS}BulkDeleteResponse"
        return given.outcome(200, {"@odata.context": context, **done})

    def _beyond_a_table(self, segments: str, given: "_Given") -> Outcome:
        """Answer `contacts/$count`, or an action on several rows."""
        set_name, _, action = segments.partition("/")
        table = read_address(set_name).table
        if action == "$count":
            return self._count(table, given)
        if not action.startswith(_ACTIONS):
            raise no_segment(action[:100])
        return self._act(table, action.removeprefix(_ACTIONS), given)

    def _plain(self, method: str, address: Address, given: "_Given") -> Outcome:
        match method, address.is_whole_table:
            case "GET", True:
                return self._list(address.table, given)
            case "GET", False:
                return self._get(address, given)
            case "POST", True:
                return self._create(address.table, given)
            case "PATCH", False:
                return self._patch(address, given)
            case "DELETE", False:
                return self._delete(address, given)
        raise DataverseError(
            405, f"The requested resource does not support http method '{method}'."
        )

    def _close(self, given: Mapping[str, Any]) -> None:
        """Resolve a case; raises DataverseError."""
        resolution, status = given.get("IncidentResolution"), given.get("Status")
        bound = resolution.get("incidentid@odata.bind") if isinstance(resolution, dict) else None
        if not isinstance(bound, str) or not isinstance(status, int) or isinstance(status, bool):
            raise bad_request("CloseIncident wants IncidentResolution with its case, and Status.")
        address = read_address(bound)
        named = {} if status == _USUAL_STATUS else {"statuscode": status}
        self._rows.update(_CASE, self._id_of(address), {"statecode": _RESOLVED, **named})

    def _new(self, table: Table, given: Mapping[str, Any], row_id: str = "") -> str:
        if table is _CASE and not self._rows.read(table, given).get("customerid"):
            raise no_customer()
        return self._rows.create(table, given, row_id)

    def _change(self, table: Table, row_id: str, given: Mapping[str, Any]) -> None:
        if table is _CASE and self._rows.read(table, given).get("customerid", row_id) is None:
            raise no_customer()
        self._rows.update(table, row_id, given)

    def _create(self, table: Table, given: "_Given") -> Outcome:
        row_id = self._new(table, given.json())
        return self._made(table, row_id, given, f"{table.set_name}({row_id})", is_new=True)

    def _patch(self, address: Address, given: "_Given") -> Outcome:
        table, values = address.table, given.json()
        row_id = self._id_of(address)
        is_there = bool(row_id) and self._rows.has(table, row_id)
        given.check_version(self._rows.get(table, row_id) if is_there else None)
        named = given.address_of_key(address) or f"{table.set_name}({row_id})"
        if is_there:
            # The values of the key in the body are ignored on update, and win on create.
            kept = {name: each for name, each in values.items() if name not in address.key}
            self._change(table, row_id, kept)
        elif given.if_match:
            raise no_row(table.name, row_id or named)
        else:
            row_id = self._new(table, {**address.key, **values}, address.row_id)
        return self._made(table, row_id, given, named, is_new=not is_there)

    def _delete(self, address: Address, given: "_Given") -> Outcome:
        row_id = self._id_of(address)
        row = self._rows.get(address.table, row_id or "none")
        given.check_version(row)
        self._rows.delete(address.table, row_id)
        return given.outcome(204)

    def _get(self, address: Address, given: "_Given") -> Outcome:
        table = address.table
        row = self._rows.get(table, self._id_of(address) or "none")
        query = read_query(given.parameters, table)
        if given.if_none_match == etag(row) and not query.expanded and not given.is_formatted:
            return given.outcome(304)
        shown = self._shown(query, row, given)
        context = f"{self._root}/$metadata#{table.set_name}/$entity"
        return given.outcome(200, {"@odata.context": context, **shown}, {"ETag": etag(row)})

    def _list(self, table: Table, given: "_Given") -> Outcome:
        if "$deltatoken" in given.parameters:
            return self._delta(table, given)
        if given.tracks_changes:
            for name in _NOT_WITH_TRACKING:
                if name in given.parameters:
                    raise bad_request(
                        f'The "{name}" query parameter isn\'t supported when Change Tracking is '
                        "enabled."
                    )
        query = read_query(given.parameters, table)
        version = self._rows.version
        found = found_rows(query, self._rows)
        page = found[query.after : query.after + given.page_rows]
        shown: dict[str, Any] = {"@odata.context": f"{self._root}/$metadata#{table.set_name}"}
        if query.counts:
            shown["@odata.count"] = len(found)
        shown["value"] = [self._shown(query, each, given) for each in page]
        end = query.after + len(page)
        if end < len(found):
            shown["@odata.nextLink"] = self._link(table, given, {"$skiptoken": skip_token(end)})
        elif given.tracks_changes:
            shown["@odata.deltaLink"] = self._delta_link(table, given, version)
        return given.outcome(200, shown, given.applied)

    def _delta(self, table: Table, given: "_Given") -> Outcome:
        query = read_query(given.parameters, table)
        begin = self._version_in(given.parameters["$deltatoken"])
        value: list[dict[str, Any]] = []
        for change in self._rows.changes_since(table, begin):
            if change.name == "Delete":
                gone = f"{self._root}/$metadata#{table.set_name}/$deletedEntity"
                value.append({"@odata.context": gone, "id": change.row_id, "reason": "deleted"})
            else:
                row = self._rows.get(table, change.row_id)
                value.append(self._shown(query, row, given))
        context = f"{self._root}/$metadata#{table.set_name}/$delta"
        link = self._delta_link(table, given, self._rows.version)
        return given.outcome(
            200, {"@odata.context": context, "value": value, "@odata.deltaLink": link}
        )

    def _count(self, table: Table, given: "_Given") -> Outcome:
        if "$deltatoken" in given.parameters:
            begin = self._version_in(given.parameters["$deltatoken"])
            return given.outcome(200, len(self._rows.changes_since(table, begin)))
        query = read_query(given.parameters, table)
        return given.outcome(200, len(found_rows(query, self._rows)))

    def _act(self, table: Table, name: str, given: "_Given") -> Outcome:
        """Do an action on several rows: wholly or not at all."""
        targets = given.json().get("Targets")
        if not isinstance(targets, list) or not all(isinstance(each, dict) for each in targets):
            raise bad_request("The action wants Targets, a list of rows.")
        ids = []
        with self._rows.whole():
            for each in targets:
                row_id = str(each.get(table.id_column, ""))
                match name:
                    case "CreateMultiple":
                        ids.append(self._new(table, each))
                    case "UpdateMultiple":
                        self._change(table, row_id, each)
                    case "UpsertMultiple":
                        self._upsert(table, each)
                    case _:
                        raise no_segment(f"{_ACTIONS}{name}"[:100])
        return given.outcome(200, {"Ids": ids}) if ids else given.outcome(204)

    def _upsert(self, table: Table, given: Mapping[str, Any]) -> None:
        reference = str(given.get("@odata.id", ""))
        address = read_address(reference) if reference else Address(table=table)
        row_id = self._id_of(address) or str(given.get(table.id_column, ""))
        if row_id and self._rows.has(table, row_id):
            self._change(table, row_id, given)
        else:
            self._new(table, {**address.key, **given}, address.row_id)

    def _id_of(self, address: Address) -> str:
        if address.row_id or not address.key:
            return address.row_id
        return self._rows.id_by_key(address.table, address.key)

    def _made(
        self, table: Table, row_id: str, given: "_Given", named: str, *, is_new: bool
    ) -> Outcome:
        row = self._rows.get(table, row_id)
        headers = {"OData-EntityId": f"{self._root}/{named}"}
        if not given.returns_rows:
            return given.outcome(204, None, headers)
        query = read_query(given.parameters, table)
        context = f"{self._root}/$metadata#{table.set_name}/$entity"
        shown = {"@odata.context": context, **self._shown(query, row, given)}
        applied = {"Preference-Applied": "return=representation", "ETag": etag(row)}
        return given.outcome(201 if is_new else 200, shown, headers | applied)

    def _shown(self, query: Query, row: Row, given: "_Given") -> dict[str, Any]:
        return shown_row(
            self._rows,
            query.table,
            row,
            selected=query.selected,
            expanded=query.expanded,
            is_formatted=given.is_formatted,
        )

    def _link(self, table: Table, given: "_Given", more: Mapping[str, str]) -> str:
        query = {**given.parameters, **more}
        written = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        return f"{self._root}/{table.set_name}?{written}"

    def _delta_link(self, table: Table, given: "_Given", version: int) -> str:
        at = self._now().strftime("%m/%d/%Y %H:%M:%S")
        kept = {"$select": given.parameters["$select"]} if "$select" in given.parameters else {}
        written = {**kept, "$deltatoken": f"{version}!{at}"}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in written.items())
        return f"{self._root}/{table.set_name}?{query}"

    def _version_in(self, token: str) -> int:
        """Read a delta token; raises DataverseError for one that is unknown or too old."""
        version, _, at = token.partition("!")
        try:
            made_at = datetime.strptime(at, "%m/%d/%Y %H:%M:%S")  # noqa: DTZ007  compared as UTC
            number = int(version[:18])
        except ValueError:
            raise bad_request("The delta token cannot be read; ask for all rows again.") from None
        age = self._now().replace(tzinfo=None) - made_at
        if age > timedelta(days=TOKEN_DAYS) or not 0 < number <= self._rows.version:
            raise DataverseError(
                400, f"The delta token has expired; it lasts {TOKEN_DAYS} days. Ask for all again."
            )
        return number


class _Given:
    """The headers, parameters and body of a request, read."""

    def __init__(self, operation: Operation, parameters: dict[str, str]) -> None:
        self.parameters = parameters
        self._operation = operation
        headers = {name.lower(): value for name, value in operation.headers.items()}
        prefer = headers.get("prefer", "")
        self.if_match = headers.get("if-match", "")
        self.if_none_match = headers.get("if-none-match", "")
        self.tracks_changes = "odata.track-changes" in prefer
        self.returns_rows = "return=representation" in prefer
        self.is_formatted = "odata.include-annotations" in prefer
        self.page_rows, self.applied = _page_rows(prefer)
        if self.tracks_changes:
            self.applied = {"Preference-Applied": "odata.track-changes"}

    def json(self) -> dict[str, Any]:
        """Read the body; raises DataverseError."""
        try:
            given = msgspec.json.decode(self._operation.body or b"{}")
        except (msgspec.DecodeError, RecursionError):
            given = None
        if not isinstance(given, dict):
            raise bad_request("The body is not a JSON object.")
        return given

    def check_version(self, row: Row | None) -> None:
        """Check the request's conditions against the row; raises DataverseError."""
        if self.if_none_match == "*" and row is not None:
            raise version_mismatch()
        is_stale = row is not None and self.if_match not in {"", "*", etag(row)}
        if is_stale:
            raise version_mismatch()

    def address_of_key(self, address: Address) -> str:
        """Write an address by key, as it was asked; "" for one by id."""
        if not address.key:
            return ""
        parts = ",".join(
            f"{name}={value}"
            if isinstance(value, int)
            else f"{name}='{str(value).replace(chr(39), chr(39) * 2)}'"
            for name, value in address.key.items()
        )
        return f"{address.table.set_name}({parts})"

    def outcome(
        self, status: int, content: Any = None, headers: Mapping[str, str] | None = None
    ) -> Outcome:
        """Answer with JSON, or with nothing."""
        kind = {"Content-Type": "application/json; odata.metadata=minimal"}
        return Outcome(
            status=status,
            headers={
                "OData-Version": "4.0",
                **({} if content is None else kind),
                **(headers or {}),
            },
            body=b"" if content is None else msgspec.json.encode(content),
            content_id=self._operation.content_id,
        )


def _page_rows(prefer: str) -> tuple[int, dict[str, str]]:
    """Read odata.maxpagesize; a larger page than 5,000 rows is ignored."""
    _, _, rest = prefer.partition("odata.maxpagesize=")
    digits = rest.partition(",")[0].strip()
    if not digits.isdigit() or not 0 < int(digits[:9]) <= PAGE_ROWS_MAX:
        return PAGE_ROWS_MAX, {}
    return int(digits), {"Preference-Applied": f"odata.maxpagesize={int(digits)}"}


def _resolved(operation: Operation, made: Mapping[str, str]) -> Operation:
    """Replace `$1` by the address of what operation 1 of the change set made."""
    target, body = operation.target, operation.body
    for name, address in made.items():
        if target.rsplit("/", maxsplit=1)[-1] == name or target == name:
            target = address
        body = body.replace(f'"{name}"'.encode(), f'"{address}"'.encode())
        body = body.replace(f'"/{name}"'.encode(), f'"{address}"'.encode())
    return Operation(
        method=operation.method,
        target=target,
        headers=operation.headers,
        body=body,
        content_id=operation.content_id,
    )
