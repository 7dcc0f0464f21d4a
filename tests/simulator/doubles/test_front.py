"""A double is down or slow when a tester says so, and the log shows requests without secrets."""

from datetime import UTC, datetime

import pytest
import urllib3
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.doubles.front import REQUESTS_KEPT_MAX, Fault, Front, Requests
from simulator.doubles.front import Request as Logged
from simulator.neighbours.crime_system.problems import failed
from simulator.processes.loopback import free_port, serving
from tests.simulator.asgi import call

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


async def _hello(_request: Request) -> Response:
    return PlainTextResponse("hello", 201)


def _front() -> tuple[Front, Requests]:
    requests = Requests()
    double = Starlette(routes=[Route("/hello/{name}", _hello)])
    return Front("a double", double, requests=requests, now=lambda: NOW, failed=failed), requests


def test_a_request_goes_through_and_is_logged_without_its_secrets() -> None:
    """Method, path, status and correlation id are in the log; headers and query are not."""
    front, requests = _front()
    answer = call(
        front,
        "GET",
        "/hello/sam?token=a-secret",
        headers={"authorization": "Bearer a-secret", "x-correlation-id": "c-1"},
    )
    (logged,) = requests.newest_first(10)

    assert (answer.status, answer.body) == (201, b"hello")
    assert (logged.double, logged.method, logged.path, logged.status, logged.correlation_id) == (
        "a double",
        "GET",
        "/hello/sam",
        201,
        "c-1",
    )
    assert "a-secret" not in repr(logged)


def test_a_double_that_is_down_answers_503() -> None:
    """Down means down for every call, until it is switched back."""
    front, requests = _front()
    front.fault = Fault(is_down=True)
    down = call(front, "GET", "/hello/sam", headers={})
    front.fault = Fault()

    assert (down.status, call(front, "GET", "/hello/sam", headers={}).status) == (503, 201)
    assert [each.status for each in requests.newest_first(10)] == [201, 503]


def test_a_slow_double_answers_late() -> None:
    """The log shows how long the answer took."""
    front, requests = _front()
    front.fault = Fault(slow_seconds=0.2)
    with serving(front, free_port()) as url, urllib3.PoolManager() as http:
        assert http.request("GET", f"{url}/hello/sam").status == 201

    assert requests.newest_first(1)[0].took_ms >= 200


def test_the_log_does_not_grow_without_limit() -> None:
    """Only the last requests are kept."""
    requests = Requests()
    for n in range(REQUESTS_KEPT_MAX + 5):
        requests.add(
            Logged(at=NOW, double="d", method="GET", path=f"/{n}", status=200, took_ms=1.0)
        )

    assert len(requests.newest_first(10**6)) == REQUESTS_KEPT_MAX
    assert requests.newest_first(1)[0].path == f"/{REQUESTS_KEPT_MAX + 4}"


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_so_many_are_shown_as_were_asked_for(wanted: int) -> None:
    """A page of the log is as long as was asked for."""
    front, requests = _front()
    for _ in range(5):
        call(front, "GET", "/hello/sam", headers={})

    assert len(requests.newest_first(wanted)) == wanted


def test_a_share_of_requests_fails_the_same_in_each_run() -> None:
    """A seed repeats the faults; another seed has others."""

    def statuses(seed: int) -> list[int]:
        double = Starlette(routes=[Route("/hello/{name}", _hello)])
        front = Front(
            "a double", double, requests=Requests(), now=lambda: NOW, failed=failed, seed=seed
        )
        front.fault = Fault(failing_share=0.5)
        return [call(front, "GET", "/hello/sam", headers={}).status for _ in range(40)]

    assert statuses(1) == statuses(1)
    assert statuses(1) != statuses(2)
    assert set(statuses(1)) == {201, 503}


def test_a_lost_answer_comes_after_the_work_was_done() -> None:
    """The double did what was asked, and the caller does not know it."""
    asked = []

    async def work(_request: Request) -> Response:
        asked.append(1)
        return PlainTextResponse("done", 201)

    double = Starlette(routes=[Route("/work", work)])
    front = Front("a double", double, requests=Requests(), now=lambda: NOW, failed=failed)
    front.fault = Fault(lost_answers_share=1)

    assert call(front, "GET", "/work", headers={}).status == 504
    assert asked == [1]
