"""Only who has a token is let in, no faster than allowed; batches are answered part by part."""

import base64
import socket
import time
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from email import message_from_bytes
from typing import Any
from urllib.parse import quote

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.neighbours.dataverse.entra import TOKEN_SECONDS
from simulator.neighbours.dataverse.limits import DOCUMENTED_LIMITS, ServiceLimits
from simulator.neighbours.dataverse.tables import TABLES
from simulator.processes.loopback import free_port, serving
from tests.examples import examples
from tests.simulator.asgi import Answer, call
from tests.simulator.neighbours.dataverse.double import API, Organisation, refusal

BATCH = "a-batch"


def _batch(organisation: Organisation, *parts: str, prefer: str = "") -> Answer:
    body = "".join(f"--{BATCH}\r\n{part}\r\n" for part in parts) + f"--{BATCH}--\r\n"
    headers = {"content-type": f'multipart/mixed; boundary="{BATCH}"', "prefer": prefer}
    return organisation.ask("POST", "$batch", body.encode(), headers)


def _request(method: str, target: str, body: str = "", content_id: str = "") -> str:
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    named = f"Content-ID: {content_id}\r\n" if content_id else ""
    kind = "Content-Type: application/json\r\n\r\n" if body else "\r\n"
    return f"{head}{named}\r\n{method} http://org.test{API}/{target} HTTP/1.1\r\n{kind}{body}"


def _change_set(*requests: str) -> str:
    inner = "".join(f"--a-set\r\n{each}\r\n" for each in requests) + "--a-set--\r\n"
    return f'Content-Type: multipart/mixed; boundary="a-set"\r\n\r\n{inner}'


def _statuses(answer: Answer) -> list[int | list[int]]:
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    found: list[int | list[int]] = []
    parts: Any = message_from_bytes(head + answer.body).get_payload()
    for part in parts:
        inner = part.get_payload()
        if isinstance(inner, list):
            found.append([int(str(each.get_payload()).split()[1]) for each in inner])
        else:
            found.append(int(str(inner).split()[1]))
    return found


def test_a_batch_answers_each_part_in_order() -> None:
    """Requests of a batch see what those before them did."""
    organisation = Organisation()
    answer = _batch(
        organisation,
        _request("POST", "contacts", '{"lastname": "Hill"}'),
        _request("GET", "contacts?$filter=lastname%20eq%20'Hill'"),
    )

    assert _statuses(answer) == [204, 200]
    assert b"Hill" in answer.body


def test_a_change_set_happens_wholly_or_not_at_all() -> None:
    """A later operation may name what an earlier one made; a failure undoes the whole set."""
    organisation = Organisation()
    good = _change_set(
        _request("POST", "contacts", '{"lastname": "Hill"}', "1"),
        _request("POST", "incidents", '{"title": "A", "customerid_contact@odata.bind": "$1"}', "2"),
    )
    bad = _change_set(
        _request("POST", "contacts", '{"lastname": "Moss"}', "1"),
        _request("POST", "contacts", '{"weather": 1}', "2"),
    )
    answer = _batch(organisation, good, bad, prefer="odata.continue-on-error")
    names = [each["lastname"] for each in organisation.ask("GET", "contacts").json["value"]]
    [crime] = organisation.ask("GET", "incidents?$expand=customerid_contact").json["value"]

    assert _statuses(answer) == [[204, 204], 400]
    assert names == ["Hill"]
    assert crime["customerid_contact"]["lastname"] == "Hill"


def test_a_batch_stops_at_the_first_failure_unless_it_goes_on() -> None:
    """What comes after a failure is not done, unless the client prefers to go on."""
    parts = (_request("GET", "weather"), _request("POST", "contacts", '{"lastname": "Hill"}'))

    assert _statuses(_batch(Organisation(), *parts)) == [404]
    going_on = _batch(Organisation(), *parts, prefer="odata.continue-on-error")
    assert _statuses(going_on) == [404, 204]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        (f"multipart/mixed; boundary={BATCH}", b"no boundary"),
        (f"multipart/mixed; boundary={BATCH}", f"--{BATCH}--".encode()),
        (f"multipart/mixed; boundary={BATCH}", f"--{BATCH}\n\nWEATHER\n--{BATCH}--".encode()),
        (f"multipart/mixed; boundary={BATCH}", b"\xff"),
        (
            f"multipart/mixed; boundary={BATCH}",
            (f"--{BATCH}\n\nGET /x HTTP/1.1\n\n" * 1001 + f"--{BATCH}--").encode(),
        ),
    ],
)
def test_a_batch_that_cannot_be_read_is_400(content_type: str, body: bytes) -> None:
    """Nothing of it is done."""
    organisation = Organisation()
    answer = organisation.ask("POST", "$batch", body, {"content-type": content_type})

    assert refusal(answer)[0] == 400


def test_who_has_no_token_is_401() -> None:
    """Without a token, with another, or with one that ran out, nothing is answered."""
    organisation = Organisation()
    known = organisation.token
    for given_token in ("", "another"):
        organisation.token = given_token
        assert refusal(organisation.ask("GET", "incidents"))[0] == 401
    organisation.token = known
    organisation.wait(seconds=TOKEN_SECONDS)

    assert organisation.ask("GET", "incidents").status == 401
    assert organisation.ask("POST", "$batch", b"").status == 401


@pytest.mark.parametrize(
    ("tenant", "changes", "status", "error"),
    [
        ("a-tenant", {"client_secret": "guess"}, 401, "invalid_client"),
        ("a-tenant", {"client_id": "another"}, 400, "unauthorized_client"),
        ("another", {}, 400, "unauthorized_client"),
        ("a-tenant", {"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_who_is_not_the_account_gets_no_token(
    tenant: str, changes: dict[str, str], status: int, error: str
) -> None:
    """Each refusal has Entra's name for it."""
    answer = Organisation().sign_in(tenant, **changes)

    assert (answer.status, answer.json["error"]) == (status, error)


@pytest.mark.parametrize(("secret", "status"), [("a-secret", 200), ("guess", 401)])
def test_a_client_may_name_itself_by_basic_authentication(secret: str, status: int) -> None:
    """Name and secret in the header are as good as in the form."""
    organisation = Organisation()
    basic = base64.b64encode(f"a-client:{secret}".encode()).decode()
    answer = call(
        organisation.app,
        "POST",
        "/a-tenant/oauth2/v2.0/token",
        b"grant_type=client_credentials",
        headers={"authorization": f"Basic {basic}"},
    )

    assert answer.status == status


def test_too_many_requests_wait_and_the_impatient_wait_longer() -> None:
    """Above the limit the answer is 429 with Retry-After, which grows; after it all is well."""
    organisation = Organisation(ServiceLimits(requests_max=3))
    statuses = [organisation.ask("GET", "incidents").status for _ in range(3)]
    first, second = (organisation.ask("GET", "incidents") for _ in range(2))
    organisation.wait(seconds=301)

    assert statuses == [200] * 3
    assert refusal(first) == (
        429,
        "0x80072322",
        "Number of requests exceeded the limit of 3 over time window of 300 seconds.",
    )
    assert int(second.headers["retry-after"]) >= int(first.headers["retry-after"]) > 0
    assert organisation.ask("GET", "incidents").status == 200


def test_time_that_is_used_up_is_429() -> None:
    """All requests of five minutes together may take so long."""
    organisation = Organisation(ServiceLimits(execution_ms_max=1))
    answers = [organisation.ask("GET", "$metadata") for _ in range(200)]
    limited = next(each for each in answers if each.status == 429)
    status, code, message = refusal(limited)

    assert (status, code) == (429, "0x80072321")
    assert message.startswith(
        "Combined execution time of incoming requests exceeded limit of 1 mill"
    )
    organisation.wait(seconds=301)
    assert organisation.ask("GET", "incidents").status == 200


def test_more_requests_at_once_than_allowed_are_429() -> None:
    """One whose body is still on its way counts."""
    organisation = Organisation(ServiceLimits(at_once_max=2))
    headers = {"authorization": f"Bearer {organisation.token}"}
    head = (
        f"POST {API}/contacts HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n"
        f"authorization: {headers['authorization']}\r\n\r\n"
    )
    with serving(organisation.app, free_port()) as url, ExitStack() as stack:
        host, _, port = url.removeprefix("http://").partition(":")
        for _ in range(2):
            slow = stack.enter_context(socket.create_connection((host, int(port))))
            slow.sendall(head.encode())
        http = stack.enter_context(urllib3.PoolManager(retries=False))
        end = time.monotonic() + 10
        answer = http.request("GET", f"{url}{API}/incidents", headers=headers)
        while answer.status != 429:
            assert time.monotonic() < end
            time.sleep(0.01)
            answer = http.request("GET", f"{url}{API}/incidents", headers=headers)

    assert answer.json()["error"] == {
        "code": "0x80072326",
        "message": "Number of concurrent requests exceeded the limit of 2.",
    }
    assert answer.headers["retry-after"] == "5"


def test_the_documented_limit_is_6000_in_five_minutes() -> None:
    """What is left is told in a header."""
    organisation = Organisation(DOCUMENTED_LIMITS)
    answer = organisation.ask("GET", "incidents")

    assert answer.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "5999"


@pytest.mark.parametrize("option", ["%24apply", "sql", "fetchXml", "savedQuery"])
def test_a_query_in_another_language_is_refused(option: str) -> None:
    """It is never answered as if everything had been asked for."""
    answer = Organisation().ask("GET", f"incidents?{option}=SELECT%20title%20FROM%20incident")

    status, _code, words = refusal(answer)

    assert status == 400
    assert "is not supported" in words


def test_the_schema_has_every_table_and_column() -> None:
    """`$metadata` is XML that names each set, column and key."""
    answer = Organisation().ask("GET", "$metadata")
    names = {"edm": "http://docs.oasis-open.org/odata/ns/edm"}
    root = ET.fromstring(answer.body)  # noqa: S314  our own XML
    sets = {each.get("Name") for each in root.iterfind(".//edm:EntitySet", names)}
    columns = {
        each.get("Name"): {one.get("Name") for one in each.iterfind("edm:Property", names)}
        for each in root.iterfind(".//edm:EntityType", names)
    }

    assert sets == {each.set_name for each in TABLES.values()}
    for table in TABLES.values():
        assert columns[table.name] == {table.id_column, *table.by_property}


@settings(max_examples=examples(150))
@given(
    st.sampled_from(["$filter", "$select", "$orderby", "$expand", "$top", "$skiptoken"]),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
    | st.lists(
        st.sampled_from(
            ["title", " eq ", "'a'", " and ", "(", ")", "not ", "null", ",", "in", "1", "contains"]
        ),
        max_size=12,
    ).map("".join),
)
def test_no_query_breaks_it(name: str, value: str) -> None:
    """Whatever is asked, the answer is rows or a refusal, never a server error."""
    organisation = Organisation()
    organisation.made("incidents", title="a")

    assert organisation.ask("GET", f"incidents?{name}={quote(value, safe='')}").status in {200, 400}


@settings(max_examples=examples(100))
@given(st.binary(max_size=120), st.sampled_from(["POST", "PATCH", "PUT", "DELETE"]))
def test_no_body_breaks_it(body: bytes, method: str) -> None:
    """Whatever is sent, the answer is no server error."""
    assert Organisation().ask(method, "incidents", body).status < 500


_PROPERTIES = sorted({*TABLES["incident"].by_property, "incidentid", "nothing", "modifiedon"})
_CONSTANTS = ["null", "true", "1", "-1", "1.5", "1e400", "'a'", "''", "'It''s'", "2026-06-01"]
_CONSTANTS += ["2026-06-01T09:00:00Z", "9999-12-31T23:59:59-23:00", "0001-01-01", "duration'P1D'"]
_CONSTANTS += ["0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01", "('a',null,1)", "()", "geography'x'"]
_values = st.sampled_from([*_PROPERTIES, *_CONSTANTS]) | st.sampled_from(_PROPERTIES).map(
    lambda name: f"-{name}"
)
_tests = st.one_of(
    st.tuples(_values, st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le", "in"]), _values).map(
        " ".join
    ),
    st.tuples(
        st.sampled_from(["contains", "startswith", "endswith", "length"]), _values, _values
    ).map(lambda each: f"{each[0]}({each[1]},{each[2]})"),
    _values,
)
_filters = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map("".join),
        inner.map(lambda each: f"not ({each})"),
        inner.map(lambda each: f"({each})"),
    ),
    max_leaves=6,
)


@settings(max_examples=examples(300))
@given(_filters, st.sampled_from(["", "title asc", "_ownerid_value desc", "createdon,title desc"]))
def test_no_well_formed_filter_breaks_it(filter_text: str, order: str) -> None:
    """Every column is compared with every kind of value: rows, or a refusal in the one shape."""
    organisation = Organisation()
    organisation.made("incidents", title="a", csp_closedat="2026-06-01T09:00:00Z", statuscode=1)
    organisation.made("incidents", title="b")
    ordering = f"&$orderby={quote(order)}" if order else ""
    answer = organisation.ask("GET", f"incidents?$filter={quote(filter_text)}{ordering}")

    assert answer.status in {200, 400}
    assert ("value" if answer.status == 200 else "error") in answer.json


_LINES = st.sampled_from(
    ["", "--b", "--b--", "--c", "--c--", "GET incidents HTTP/1.1", "POST incidents HTTP/1.1"]
) | st.sampled_from(
    [
        "Content-Type: multipart/mixed; boundary=c",
        "Content-Type: application/http",
        "Content-ID: 1",
        "GET /api/data/v9.2/$1 HTTP/1.1",
        '{"title": "a"}',
        "DELETE incidents(x) HTTP/1.1",
        "PATCH incidents(ticketnumber='1') HTTP/1.1",
        "ä\x00",
    ]
)


@settings(max_examples=examples(200))
@given(st.lists(_LINES, max_size=16), st.sampled_from(["\r\n", "\n"]))
def test_no_batch_breaks_it(lines: list[str], line_end: str) -> None:
    """Parts in any order, cut or nested: answers of operations, or a refusal."""
    headers = {"content-type": "multipart/mixed; boundary=b"}
    body = line_end.join(lines).encode()

    assert Organisation().ask("POST", "$batch", body, headers).status in {200, 400}
