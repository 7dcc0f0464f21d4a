"""Each double over loopback: calls a second with 32 connections, beside a bare Starlette route.

A double must never be what a load test measures. The client is wrk, for both; the server is one
uvicorn process, for both. The bare route reads the same request and answers as many bytes. Dynamics
is measured without TLS, which costs every server the same.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import jwt
import msgspec
import urllib3
from msgspec import Struct

from loadtests.benchmarks import wrk
from loadtests.benchmarks.served_doubles import ACCOUNT, CASES, DOUBLES, KEY, TOKEN
from reference.contract.messages import Stamp
from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify_service import parts_of_key
from simulator.neighbours.gateway.notify_templates import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID
from simulator.processes.server_process import ServerProcess

_BARE = "loadtests.benchmarks.bare_route:create_app"
_DOUBLES = "loadtests.benchmarks.served_doubles"
#: The last case that was made: a list has to pass all the others to find it.
_CASE = f"{CASES - 1:011d}"
_API = "/api/data/v9.2"


class Call(Struct, frozen=True, kw_only=True):
    """One kind of request to one double."""

    name: str
    double: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


def measure(*, seconds: int = 2, rounds: int = 3, messages: int = 1_000_000) -> Iterator[str]:
    """Measure every double, and the search of an inbox; gives a line for each number.

    Double and bare route are measured in turn, for so many rounds, and the median counts.
    """
    tool = wrk.bring()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with _served(_BARE, folder) as bare:
            for double in DOUBLES:
                with served(double, folder) as url:
                    for call in _calls(double, url):
                        yield from _measured(
                            tool, url, bare, call, folder=folder, seconds=seconds, rounds=rounds
                        )
    yield from searches(messages)


def searches(messages: int) -> Iterator[str]:
    """Find by recipient and by reference in an inbox; the slowest of a hundred counts.

    By this thread's own time: another process that takes the core is not part of the search.
    """
    inbox = Inbox(wall_now)
    for number in range(messages):
        inbox.accept(
            channel="text",
            to=f"07700900{number % 1000:03d}" if number % 1000 < 999 else f"{number}@example.com",
            to_given="",
            subject="",
            body="There is an update.",
            sender="force",
            reference=f"reference-{number}",
            template_id="",
        )
    ways: dict[str, Callable[[int], Iterator[Accepted]]] = {
        "recipient": lambda number: inbox.sent_to(f"{number * 1000 + 999}@example.com"),
        "reference": lambda number: inbox.sent_with(f"reference-{number}"),
    }
    for name, find in ways.items():
        slowest = 0.0
        for number in range(min(100, messages // 1000)):
            began = time.thread_time()
            found = list(find(number))
            slowest = max(slowest, time.thread_time() - began)
            assert len(found) == 1
        yield f"rate inbox_of_{messages}_find_by_{name}_slowest {slowest * 1000:.4f} ms"


def _measured(
    tool: str, url: str, bare: str, call: Call, *, folder: Path, seconds: int, rounds: int
) -> Iterator[str]:
    """Measure a call, and the bare route with the same body and headers."""
    usual: dict[str, Any] = {
        "folder": folder,
        "seconds": seconds,
        "headers": call.headers,
        "method": call.method,
    }
    route = f"{bare}/answered/{_answer_bytes(url, call)}"
    found, most = [], []
    try:
        for _ in range(rounds):
            target = f"{url}{call.path}"
            found.append(wrk.requests_a_second(tool, target, call.body, **usual))
            most.append(wrk.requests_a_second(tool, route, call.body, **usual))
    except ValueError as why:
        yield f"note double_{call.name} could not be measured: {why}"
        return
    yield f"rate double_{call.name} {median(found):.0f} calls/s"
    yield f"rate double_{call.name}_bare_route {median(most):.0f} calls/s"
    yield f"ratio double_{call.name}_share_of_bare {median(found) / median(most):.2f}"


def _answer_bytes(url: str, call: Call) -> int:
    """Make the call once; return how long the answer is. Raises ValueError if it was refused."""
    with urllib3.PoolManager(retries=False) as http:
        headers = {"content-type": "application/json", **call.headers}
        answer = http.request(call.method, f"{url}{call.path}", body=call.body, headers=headers)
    if answer.status >= 300:
        raise ValueError(f"{call.name} was answered {answer.status}")
    return len(answer.data)


def served(double: str, folder: Path) -> AbstractContextManager[str]:
    """Serve a double in a process of its own; gives its address."""
    return _served(f"{_DOUBLES}:{double}", folder)


@contextmanager
def _served(factory: str, folder: Path) -> Iterator[str]:
    command = [
        *(sys.executable, "-m", "uvicorn", "--factory", factory, "--port", "{port}"),
        *("--log-level", "warning", "--no-access-log"),
    ]
    with ServerProcess(command, words=folder / "words.txt") as server:
        server.start()
        yield server.url


def _calls(double: str, url: str) -> Iterator[Call]:
    """The calls of a double that a load test makes most."""
    if double == "gateway":
        service, secret = parts_of_key(KEY)
        said = {"reference": "r-1", "personalisation": {"subject": "An update", "body": "Sign in."}}
        for name, to, template in (
            ("sms", {"phone_number": "07700900123"}, TEXT_TEMPLATE_ID),
            ("email", {"email_address": "alex@example.com"}, EMAIL_TEMPLATE_ID),
        ):
            # A token lasts half a minute: as long as one call is measured, not two.
            token = jwt.encode({"iss": service, "iat": int(wall_now().timestamp())}, secret)
            yield Call(
                name=f"notify_send_{name}",
                double=double,
                method="POST",
                path=f"/v2/notifications/{name}",
                headers={"authorization": f"Bearer {token}"},
                body=msgspec.json.encode({**to, "template_id": template, **said}),
            )
        return
    if double == "marketing_cloud":
        yield from _marketing_cloud_calls(double, url)
        return
    if double == "dynamics":
        yield from _dataverse_calls(double, url)
        return
    if double == "salesforce":
        yield from _salesforce_calls(double, url)
        return
    headers = {"authorization": f"Bearer {TOKEN}"}
    if double == "crime_system":
        stamp = Stamp(key="k-1", person_id="p-1", text="Is there news?", written_at=wall_now())
        yield Call(
            name="crime_system_stamp",
            double=double,
            method="POST",
            path="/occurrences/43260000001/enquiry-log",
            headers=headers,
            body=msgspec.json.encode(stamp),
        )
        return
    if double == "inspection":
        path = "/api/v1/search?query=recipient:07700900123"
        yield Call(name="inspection_search", double=double, method="GET", path=path, headers={})
        return
    path = f"/occurrences?filter[occurrenceNumber]={_CASE}"
    yield Call(name="force_api_find", double=double, method="GET", path=path, headers=headers)


def _marketing_cloud_calls(double: str, url: str) -> Iterator[Call]:
    """Send to one recipient by the path of several: there each call gets a key of its own."""
    client_id, secret = parts_of_key(KEY)
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    with urllib3.PoolManager(retries=False) as http:
        token = http.request("POST", f"{url}/v2/token", json=asked).json()["access_token"]
    said = {"reference": "r-1", "subject": "An update", "body": "Sign in."}
    for channel, to, definition in (
        ("sms", "07700900123", "any-text"),
        ("email", "alex@example.com", "any-email"),
    ):
        recipient = {"contactKey": "alex", "to": to, "attributes": said}
        yield Call(
            name=f"marketing_cloud_send_{channel}",
            double=double,
            method="POST",
            path=f"/messaging/v1/{channel}/messages/",
            headers={"authorization": f"Bearer {token}"},
            body=msgspec.json.encode({"definitionKey": definition, "recipients": [recipient]}),
        )


def _signed_in(url: str) -> dict[str, str]:
    """Sign in at a token endpoint; return the headers of a call."""
    form = {
        "grant_type": "client_credentials",
        "client_id": ACCOUNT.client_id,
        "client_secret": ACCOUNT.client_secret,
    }
    with urllib3.PoolManager(retries=False) as http:
        answer = http.request_encode_body("POST", url, fields=form, encode_multipart=False)
    token = answer.json()["access_token"]
    return {"authorization": f"Bearer {token}", "accept": "application/json"}


def _salesforce_calls(double: str, url: str) -> Iterator[Call]:
    headers, api = _signed_in(f"{url}/services/oauth2/token"), "/services/data/v68.0"
    soql = f"SELECT+Id,Subject,Status+FROM+Case+WHERE+Crime_Number__c+=+'{_CASE}'"
    for name, path in (
        ("read_by_key", f"{api}/sobjects/Case/Crime_Number__c/{_CASE}?fields=Subject,Status"),
        ("query", f"{api}/query?q={soql}"),
    ):
        yield Call(
            name=f"salesforce_{name}", double=double, method="GET", path=path, headers=headers
        )


def _dataverse_calls(double: str, url: str) -> Iterator[Call]:
    headers = _signed_in(f"{url}/{ACCOUNT.tenant_id}/oauth2/v2.0/token")
    for name, path in (
        ("read_by_key", f"{_API}/incidents(ticketnumber='{_CASE}')?$select=title,statecode"),
        ("read_by_filter", f"{_API}/incidents?$filter=ticketnumber%20eq%20'{_CASE}'&$select=title"),
    ):
        yield Call(
            name=f"dataverse_{name}", double=double, method="GET", path=path, headers=headers
        )
