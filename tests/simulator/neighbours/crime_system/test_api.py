"""A portal stamps, raises and reads in the crime system, once per key and with the right token."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Officer
from reference.contract.messages import QUESTION_CHARACTERS_MAX, Stamp, Task
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.changes import Page
from simulator.neighbours.crime_system.occurrence import Filed, LogEntry, Occurrence
from simulator.neighbours.crime_system.request_json import BODY_BYTES_MAX
from tests.simulator.asgi import Answer, call

TOKEN = "a-service-account-of-the-tests"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REFERENCE = "43/12345/26"
OCCURRENCE = f"/occurrences/{quote(REFERENCE, safe='')}"
LOG = f"{OCCURRENCE}/enquiry-log"
STAMP = {
    "key": "question-1",
    "person_id": "P-1",
    "text": "Has anyone looked at the camera?",
    "written_at": "2026-03-02T09:00:00Z",
}
TASK = {
    "key": "task-1",
    "crime_reference": REFERENCE,
    "kind": "victim_question",
    "person_id": "P-1",
    "reason": "The victim asked a question.",
}


class _Shelf:
    """Records of one occurrence, simple enough to be right."""

    def __init__(self) -> None:
        self.filed: dict[str, Stamp | Task] = {}

    def stamp(self, crime_reference: str, stamp: Stamp, *, correlation_id: str = "") -> Filed:
        return self._file(crime_reference, stamp)

    def raise_task(self, task: Task, *, correlation_id: str = "") -> Filed:
        return self._file(task.crime_reference, task)

    def occurrence(self, crime_reference: str) -> Occurrence | None:
        if crime_reference != REFERENCE:
            return None
        return Occurrence(
            crime_reference=REFERENCE,
            officer_in_charge=Officer("DC Example", "1234"),
            team="",
            enquiry_log=(
                LogEntry(at=NOW, author="1234", text="Suspect named.", internal=True),
                LogEntry(at=NOW, author="P-1", text="Any news?", internal=False),
            ),
        )

    def changes_since(self, cursor: str) -> Page:
        return Page(changes=(), cursor=cursor, more=False)

    def _file(self, crime_reference: str, thing: Stamp | Task) -> Filed:
        if crime_reference != REFERENCE:
            return Filed.no_occurrence
        if self.filed.setdefault(thing.key, thing) is thing:
            return Filed.created
        return Filed.known if self.filed[thing.key] == thing else Filed.different


class _System:
    """The interface over such records."""

    def __init__(self) -> None:
        self.shelf = _Shelf()
        self.app = crime_system_app(self.shelf, token=TOKEN)

    def get(self, target: str, *, authorization: str = f"Bearer {TOKEN}") -> Answer:
        return call(self.app, "GET", target, headers={"authorization": authorization})

    def post(self, target: str, body: object, *, authorization: str = f"Bearer {TOKEN}") -> Answer:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return call(self.app, "POST", target, raw, headers={"authorization": authorization})


def _problem(answer: Answer) -> tuple[int, str]:
    """Check the shape of RFC 9457, and give the status and the field named."""
    content = answer.json

    assert answer.headers["content-type"] == "application/problem+json"
    assert content["type"] == "about:blank"
    assert content["status"] == answer.status
    assert content["title"]

    return answer.status, content.get("field", "")


@pytest.mark.parametrize(
    ("target", "body", "words"), [(LOG, STAMP, "text"), ("/tasks", TASK, "reason")]
)
def test_key_is_filed_once(target: str, body: dict[str, str], words: str) -> None:
    """The first time is 201, the same again 200, other words under the same key 409."""
    system = _System()
    first, again = system.post(target, body), system.post(target, body)
    other = system.post(target, {**body, words: "Other words."})

    assert (first.status, first.json) == (201, {"key": body["key"], "filed": "created"})
    assert (again.status, again.json) == (200, {"key": body["key"], "filed": "known"})
    assert _problem(other) == (409, "key")
    assert len(system.shelf.filed) == 1


def test_stamp_arrives_as_it_was_written() -> None:
    """The records are given the portal's stamp, word for word."""
    system = _System()
    system.post(LOG, STAMP)

    assert system.shelf.filed["question-1"] == msgspec.convert(STAMP, Stamp)


def test_unknown_occurrence_is_404() -> None:
    """Nothing can be stamped, raised or read where there is no occurrence."""
    system = _System()
    elsewhere = {**TASK, "crime_reference": "43/1/26"}

    assert _problem(system.post("/occurrences/43/1/26/enquiry-log", STAMP))[0] == 404
    assert _problem(system.post("/tasks", elsewhere)) == (404, "crime_reference")
    assert _problem(system.get("/occurrences/43/1/26"))[0] == 404


def test_occurrence_is_read_with_the_forces_own_notes() -> None:
    """A service account sees the whole log, internal notes marked as such."""
    answer = _System().get(OCCURRENCE)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "crime_reference": REFERENCE,
        "officer_in_charge": {"name": "DC Example", "collar_number": "1234"},
        "team": "",
        "enquiry_log": [
            {
                "at": "2026-03-02T09:00:00Z",
                "author": "1234",
                "text": "Suspect named.",
                "internal": True,
            },
            {"at": "2026-03-02T09:00:00Z", "author": "P-1", "text": "Any news?", "internal": False},
        ],
    }


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "é é"]
)
def test_without_the_token_is_401(authorization: str) -> None:
    """Who does not hold the token can do nothing, and learns nothing."""
    system = _System()
    answers = [
        system.post(LOG, STAMP, authorization=authorization),
        system.post("/tasks", TASK, authorization=authorization),
        system.get(OCCURRENCE, authorization=authorization),
        system.get("/occurrences/unknown", authorization=authorization),
    ]

    assert [_problem(each) for each in answers] == [(401, "authorization")] * 4
    assert {each.headers["www-authenticate"] for each in answers} == {"Bearer"}
    assert system.shelf.filed == {}


def test_a_reference_is_one_segment_of_the_path() -> None:
    """A slash in it that is not written %2F leads to no occurrence, and the answer says why."""
    system = _System()
    for path in (f"/occurrences/{REFERENCE}", f"/occurrences/{REFERENCE}/enquiry-log"):
        answer = system.post(path, STAMP) if path.endswith("log") else system.get(path)
        assert (_problem(answer)[0], "%2F" in answer.json["detail"]) == (404, True)
    assert not system.shelf.filed


def test_scheme_may_be_in_any_case() -> None:
    """The name of the scheme is not case sensitive (RFC 9110)."""
    assert _System().get(OCCURRENCE, authorization=f"bearer {TOKEN}").status == 200


@pytest.mark.parametrize(
    ("target", "body", "change", "field"),
    [
        (LOG, STAMP, {"text": 7}, "text"),
        (LOG, STAMP, {"text": "x" * (QUESTION_CHARACTERS_MAX + 1)}, "text"),
        (LOG, STAMP, {"key": ""}, "key"),
        (LOG, STAMP, {"written_at": "2026-03-02T09:00:00"}, "written_at"),
        ("/tasks", TASK, {"kind": "complaint"}, "kind"),
        ("/tasks", TASK, {"crime_reference": None}, "crime_reference"),
    ],
)
def test_wrong_field_is_named(
    target: str, body: dict[str, str], change: dict[str, Any], field: str
) -> None:
    """A body that is not as agreed is 400 with the field's name, and nothing is stored."""
    system = _System()

    assert _problem(system.post(target, {**body, **change})) == (400, field)
    assert system.shelf.filed == {}


@pytest.mark.parametrize("field", STAMP)
def test_missing_field_is_named(field: str) -> None:
    """A field that is left out is 400 with its name."""
    body = {name: value for name, value in STAMP.items() if name != field}

    assert _problem(_System().post(LOG, body)) == (400, field)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b'{"mood":' + b"[" * 60_000])
def test_what_is_no_object_is_400(body: bytes) -> None:
    """A body that is not a JSON object is 400 and names no field it cannot."""
    assert _problem(_System().post(LOG, body))[0] == 400


def test_body_over_the_limit_is_413() -> None:
    """A body may have 64 KiB and not a byte more."""
    system = _System()
    raw = msgspec.json.encode(STAMP)

    assert system.post(LOG, raw.ljust(BODY_BYTES_MAX)).status == 201
    assert _problem(system.post(LOG, raw.ljust(BODY_BYTES_MAX + 1)))[0] == 413


def test_unknown_field_is_ignored() -> None:
    """A portal may send more than is asked."""
    assert _System().post(LOG, {**STAMP, "mood": "hopeful"}).status == 201


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [("GET", "/tasks", 405), ("POST", "/tasks/", 404), ("POST", "/nothing", 404)],
)
def test_what_is_not_there_is_a_problem_too(method: str, target: str, status: int) -> None:
    """Unknown pages and methods are answered in the same shape."""
    system = _System()
    answer = system.get(target) if method == "GET" else system.post(target, {})

    assert _problem(answer)[0] == status


@given(
    target=st.sampled_from([LOG, "/tasks"]),
    body=st.binary()
    | st.dictionaries(
        st.sampled_from([*STAMP, *TASK]),
        st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just(REFERENCE),
    ),
)
def test_no_body_breaks_the_interface(target: str, body: object) -> None:
    """Whatever is posted is filed, or refused as a problem."""
    answer = _System().post(target, body)

    assert answer.status == 201 or _problem(answer)[0] in {400, 404}
