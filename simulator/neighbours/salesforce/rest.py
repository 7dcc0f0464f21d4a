"""The REST API over the records: one call in, one answer out, alone or within a composite.

Source: Salesforce's REST API Developer Guide, developer.salesforce.com.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from simulator.neighbours.salesforce import collections_of_records, composites, describing
from simulator.neighbours.salesforce.addresses import id_of, key_of, shown, sobject_of, stored
from simulator.neighbours.salesforce.calls import Answer, Call, refused
from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_method, not_found
from simulator.neighbours.salesforce.events import Events
from simulator.neighbours.salesforce.knowledge import Knowledge
from simulator.neighbours.salesforce.objects import Field, Record, SObject
from simulator.neighbours.salesforce.record_ids import whole_id
from simulator.neighbours.salesforce.records import Records
from simulator.neighbours.salesforce.soql import Plan, plan_of, rows_of, shown_rows
from simulator.neighbours.salesforce.soql_conditions import Row, View

BATCH_ROWS_MIN, BATCH_ROWS_MAX = 200, 2_000
_CURSORS_MAX = 100
_CURSOR_PREFIX = "01gDx00000"


class _Cursor(Struct, frozen=True):
    plan: Plan
    rows: list[Row]


class Rest:
    """Answers calls. `page_rows` may be fewer than a client asks for, as the org's may."""

    def __init__(
        self, records: Records, events: Events, *, page_rows: int = BATCH_ROWS_MAX
    ) -> None:
        self.records = records
        self._events = events
        self._page_rows = page_rows
        self._cursors: OrderedDict[str, _Cursor] = OrderedDict()
        self._cursors_made = 0
        self._knowledge = Knowledge(records)
        self.limits: Callable[[], Mapping[str, Any]] = dict
        self._resources: Mapping[str, Callable[[Call], Answer]] = {
            "sobjects": self._sobjects,
            "query": self._query,
            "queryall": self._query,
            "composite": self._composite,
            "limits": self._limits,
            "support": self._knowledge.support,
            "knowledgemanagement": self._knowledge.managed,
        }

    def answer(self, call: Call) -> Answer:
        """Answer one call; a refusal is an answer too."""
        try:
            return self._answer(call)
        except SalesforceError as error:
            return refused(error)

    def _answer(self, call: Call) -> Answer:
        if not call.parts:
            _only(call, "GET")
            names = ("sobjects", "query", "queryAll", "composite", "limits", "support")
            return Answer(status=200, body={each: f"{call.root}/{each}" for each in names})
        resource = self._resources.get(call.parts[0].lower())
        if resource is None:
            raise not_found()
        return resource(call)

    def _limits(self, call: Call) -> Answer:
        _only(call, "GET")
        return Answer(status=200, body=self.limits())

    def _composite(self, call: Call) -> Answer:
        if call.parts[1:2] == ("sobjects",):
            return collections_of_records.answer(self, call)
        if len(call.parts) > 1:
            raise not_found()
        _only(call, "POST")
        return composites.answer(self, call)

    def _sobjects(self, call: Call) -> Answer:
        match call.parts[1:]:
            case ():
                _only(call, "GET")
                return Answer(status=200, body=describing.listed(call.root))
            case (name,):
                return self._object(call, sobject_of(name))
            case (name, "describe"):
                _only(call, "GET")
                return Answer(status=200, body=describing.described(sobject_of(name), call.root))
            case (name, record_id):
                sobject = stored(name)
                return self._record(call, sobject, id_of(sobject, record_id))
            case (name, field, value):
                return self._by_key(call, stored(name), field, value)
        raise not_found()

    def _object(self, call: Call, sobject: SObject) -> Answer:
        if call.method == "GET":
            return Answer(status=200, body=describing.basics(sobject, call.root))
        if call.method != "POST":
            raise no_method(call.method, "GET", "POST")
        if sobject.is_event:
            return Answer(status=201, body=self._events.publish(sobject, call.record()))
        return self.created(call, sobject, call.record())

    def created(
        self, call: Call, sobject: SObject, given: Mapping[str, Any], **more: Any
    ) -> Answer:
        """Make a record; raises SalesforceError."""
        if not sobject.is_written:
            raise bad("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"{sobject.name} cannot be created")
        record_id = self.records.create(sobject, given)
        return Answer(
            status=201,
            body={"id": record_id, "success": True, "errors": [], **more},
            headers={"location": f"{call.root}/sobjects/{sobject.name}/{record_id}"},
        )

    def _record(self, call: Call, sobject: SObject, record_id: str) -> Answer:
        match call.method:
            case "GET":
                record = self.seen(call.view, sobject, record_id)
                names = call.parameters.get("fields", "")
                return Answer(status=200, body=shown(sobject, record, call.view, names))
            case "PATCH":
                self.updated(call, sobject, record_id, call.record())
            case "DELETE":
                self.deleted(call, sobject, record_id)
            case _:
                raise no_method(call.method, "GET", "PATCH", "DELETE")
        return Answer(status=204)

    def updated(
        self, call: Call, sobject: SObject, record_id: str, given: Mapping[str, Any]
    ) -> None:
        """Change a record; raises SalesforceError."""
        _check_written(sobject)
        self.seen(call.view, sobject, record_id)
        if any(name.lower() == "id" for name in given):
            raise _in_body("Id")
        self.records.update(sobject, record_id, given)

    def deleted(self, call: Call, sobject: SObject, record_id: str) -> None:
        """Delete a record; raises SalesforceError."""
        _check_written(sobject)
        self.seen(call.view, sobject, record_id)
        self.records.delete(sobject, record_id)

    def seen(self, view: View, sobject: SObject, record_id: str) -> Record:
        """Find a record that the caller may see; raises SalesforceError."""
        record = self.records.get(sobject, record_id)
        if not view.shows(sobject.name, record):
            raise not_found()
        return record

    def _by_key(self, call: Call, sobject: SObject, name: str, value: str) -> Answer:
        field = key_of(sobject, name)
        if call.method == "POST" and field.kind == "id":
            return self.created(call, sobject, call.record())
        if call.method == "PATCH":
            return self.upserted(call, sobject, field, value, call.record())
        if call.method not in {"GET", "DELETE"}:
            raise no_method(call.method, "GET", "PATCH", "DELETE")
        found = self.with_key(sobject, field, value)
        if len(found) > 1:
            return self._several(call, sobject, found)
        if not found:
            raise not_found()
        return self._record(call, sobject, str(found[0]["Id"]))

    def with_key(self, sobject: SObject, field: Field, value: str) -> list[Record]:
        """Find the records that an external id or an id names."""
        if field.kind == "id":
            found = self.records.find(sobject.name, whole_id(value))
            return [] if found is None else [found]
        return self.records.living(sobject.name, field.name, value)

    def upserted(
        self, call: Call, sobject: SObject, field: Field, value: str, given: Mapping[str, Any]
    ) -> Answer:
        """Change the record with a key, or make it; raises SalesforceError."""
        for name in given:
            if name.lower() in {"id", field.name.lower()}:
                raise _in_body(name)
        found = self.with_key(sobject, field, value)
        if len(found) > 1:
            return self._several(call, sobject, found)
        if found:
            record_id = str(found[0]["Id"])
            self.updated(call, sobject, record_id, given)
            body = {"id": record_id, "success": True, "errors": [], "created": False}
            return Answer(status=200, body=body)
        if field.kind == "id" or call.parameters.get("updateOnly", "").lower() == "true":
            raise not_found()
        return self.created(call, sobject, {**given, field.name: value}, created=True)

    def _several(self, call: Call, sobject: SObject, found: list[Record]) -> Answer:
        """An external id that several have: their addresses, and nothing is written."""
        urls = [f"{call.root}/sobjects/{sobject.name}/{each['Id']}" for each in found]
        return Answer(status=300, body=urls)

    def _query(self, call: Call) -> Answer:
        _only(call, "GET")
        size = min(_batch_rows(call.headers), self._page_rows)
        if len(call.parts) > 1:
            key, _, begin = call.parts[1].rpartition("-")
            cursor = self._cursors.get(key)
            if cursor is None or len(call.parts) > 2 or not begin.isdigit():
                raise bad("INVALID_QUERY_LOCATOR", "invalid query locator")
            return self._page(call, cursor, key, int(begin[:9]), size)
        if "q" not in call.parameters:
            raise bad("MALFORMED_QUERY", "A query string has to be specified")
        plan = plan_of(call.parameters["q"])
        rows = rows_of(plan, call.view, deleted=call.parts[0].lower() == "queryall")
        if plan.query.counts:
            return Answer(status=200, body={"totalSize": len(rows), "done": True, "records": []})
        if plan.sums or plan.group:
            records = shown_rows(plan, rows, call.view)[: plan.query.limit]
            body = {"totalSize": len(records), "done": True, "records": records}
            return Answer(status=200, body=body)
        return self._page(call, _Cursor(plan, rows), "", 0, size)

    def _page(self, call: Call, cursor: _Cursor, key: str, begin: int, size: int) -> Answer:
        end = begin + size
        records = shown_rows(cursor.plan, cursor.rows[begin:end], call.view)
        is_done = end >= len(cursor.rows)
        body: dict[str, Any] = {"totalSize": len(cursor.rows), "done": is_done}
        if not is_done:
            key = key or self._kept(cursor)
            body["nextRecordsUrl"] = f"{call.root}/{call.parts[0]}/{key}-{end}"
        return Answer(status=200, body={**body, "records": records})

    def _kept(self, cursor: _Cursor) -> str:
        self._cursors_made += 1
        key = f"{_CURSOR_PREFIX}{self._cursors_made:05d}"
        self._cursors[key] = cursor
        if len(self._cursors) > _CURSORS_MAX:
            self._cursors.popitem(last=False)
        return key


def _batch_rows(headers: Mapping[str, str]) -> int:
    _, _, size = headers.get("sforce-query-options", "").partition("batchSize=")
    if not size.isdigit():
        return BATCH_ROWS_MAX
    return min(BATCH_ROWS_MAX, max(BATCH_ROWS_MIN, int(size[:9])))


def _only(call: Call, *methods: str) -> None:
    if call.method not in methods:
        raise no_method(call.method, *methods)


def _check_written(sobject: SObject) -> None:
    if not sobject.is_written:
        raise bad("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"{sobject.name} cannot be changed")


def _in_body(name: str) -> SalesforceError:
    return bad(
        "INVALID_FIELD", f"The {name[:80]} field should not be specified in the sobject data.", name
    )
