"""Every answer is counted and logged by its route, and what breaks is answered without a word."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.operations.monitoring import Monitoring
from reference.portal.web.middleware import Answers, SecurityHeaders
from tests.reference.portal.crimes import CRIME, recorded
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.scene import Scene, problem, status_of
from tests.reference.portal.served import ask
from tests.simulator.asgi import call

SECRET = "Alex Marsh, 07700 900123"


def application(monitoring: Monitoring | None = None) -> Starlette:
    """Routes that work, break, and break when half is said."""

    async def works(_request: Request) -> Response:
        return Response("fine")

    async def breaks(_request: Request) -> Response:
        raise RuntimeError(SECRET)

    class HalfSaid(Response):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            raise RuntimeError(SECRET)

    async def half(_request: Request) -> Response:
        return HalfSaid()

    return Starlette(
        routes=[Route("/works/{token}", works), Route("/breaks", breaks), Route("/half", half)],
        middleware=[
            Middleware(
                Answers,
                observer=monitoring or Monitoring(),
                security=SecurityHeaders(is_https=True),
            )
        ],
    )


def test_what_breaks_is_a_problem_that_says_nothing_of_it() -> None:
    """The caller learns that it is not their fault; the log says where, and not with what."""
    with log_lines() as lines:
        answer = asyncio.run(ask(application(), "GET", "/breaks"))

    assert problem(answer)["status"] == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in answer.body.decode()
    assert SECRET not in "".join([*lines.written, *lines.plain])

    [line] = lines.events("request_broke")

    assert (line["level"], line["error"], line["route"]) == ("ERROR", "RuntimeError", "/breaks")
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert any(place.endswith(" breaks") for place in line["where"])


def test_what_breaks_when_half_is_said_is_not_answered_twice() -> None:
    """A second beginning would break the server too; the log has it all the same."""
    with log_lines() as lines:
        answer = asyncio.run(ask(application(), "GET", "/half"))

    assert (answer.status, answer.body) == (200, b"")
    assert lines.events("request_broke")


def test_a_caller_in_this_process_gets_the_error() -> None:
    """A test that calls the portal sees what broke, and where."""
    with pytest.raises(RuntimeError, match="Alex"):
        call(application(), "GET", "http://portal.example/breaks", headers={})


def test_answers_are_counted_by_route_and_status() -> None:
    """A thousand tokens are one route, and no path makes a series of its own."""
    monitoring = Monitoring()
    app = application(monitoring)
    for n in range(3):
        call(app, "GET", f"http://portal.example/works/{n}", headers={})
    call(app, "GET", "http://portal.example/elsewhere", headers={})
    call(app, "BREW", "http://portal.example/works/1", headers={})
    shown = monitoring.metrics.text().decode()

    assert 'portal_requests_total{method="GET",route="/works/{token}",status="200"} 3.0' in shown
    assert 'portal_requests_total{method="GET",route="",status="404"} 1.0' in shown
    assert 'portal_requests_total{method="other",route="/works/{token}",status="405"} 1.0' in shown
    assert "BREW" not in shown
    assert "elsewhere" not in shown


def test_a_line_has_the_route_and_never_the_path(scene: Scene) -> None:
    """An invitation's token and a crime's reference stand in paths, and in no line."""
    scene.deliver(recorded())
    with log_lines() as lines:
        scene.page(f"/invitation/{scene.messages[0].link}")
        scene.page(f"/crimes/{CRIME}")
    [invitation, crime] = lines.events("request_answered")

    assert (invitation["route"], invitation["method"]) == ("/invitation/{token}", "GET")
    assert crime["route"] == "/crimes/{reference:path}"
    assert invitation["duration_ms"] >= 0
    assert scene.messages[0].link not in "".join(lines.written)
    assert CRIME not in "".join(lines.written)


def test_a_token_to_say_not_for_me_is_in_no_line(scene: Scene) -> None:
    """A person who reads the log could stop a victim's messages by it."""
    with log_lines() as lines:
        scene.page("/not-for-me/a-token-of-somebodys")
        scene.form("/not-for-me", token="a-token-of-somebodys")

    assert lines.events("request_answered")
    assert "a-token-of-somebodys" not in "".join(lines.written)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/?q=" + "a" * 4000, {}, 200),
        ("/?q=" + "a" * 4100, {}, 414),
        ("/" + "a" * 4100, {}, 414),
        ("/", {"x-much": "a" * 15_000}, 200),
        ("/", {"x-much": "a" * 17_000}, 431),
        ("/", {f"x-{n}": "a" * 400 for n in range(50)}, 431),
    ],
)
def test_a_request_has_a_size(
    scene: Scene, path: str, headers: dict[str, str], status: int
) -> None:
    """Its address and all its headers together; a body has its own limit."""
    answer = scene.call("GET", path, headers=headers)

    assert answer.status == status
    assert ("connection" in answer.headers) == (status != 200)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/crime-events", "POST"),
        ("/api/crimes", "GET, HEAD"),
        ("/not-for-me", "GET, HEAD, POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(scene: Scene, path: str, allowed: str) -> None:
    """405 names every method that is taken there (RFC 9110, 15.5.6)."""
    answer = scene.call("DELETE", path)

    assert problem(answer)["status"] == 405
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(("path", "status"), [("/sign-in", 405), ("/help", 404)])
def test_a_person_who_reads_pages_is_led_back_to_one(scene: Scene, path: str, status: int) -> None:
    """An address typed wrong, or that of a form opened again, is a page with the ways out."""
    page = scene.call("GET", path, headers={"accept": "text/html,*/*;q=0.8"})
    answer = scene.call("GET", path)

    assert (page.status, answer.status) == (status, status)
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="/"' in page.body.decode()
    assert problem(answer)["status"] == status
    assert problem(scene.call("GET", "/api/help", headers={"accept": "text/html"}))["status"] == 404


@pytest.mark.parametrize("path", ["/", "/advice", "/health", "/ready", "/api/crimes"])
def test_a_head_is_answered_as_a_get_is(scene: Scene, path: str) -> None:
    """Status and kind are the same; the server leaves the body out."""
    head, get = scene.call("HEAD", path), scene.call("GET", path)

    assert head.status == get.status
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize("path", ["/advice/", "/health/", "/sign-in/word/", "/metrics/"])
def test_nobody_is_led_to_the_host_they_named(scene: Scene, path: str) -> None:
    """A slash too many is not there, instead of a redirect built from the Host header."""
    answer = scene.call("GET", path, headers={"host": "evil.example"})

    assert "evil.example" not in str(answer)
    assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": 'csrf="a\\015\\012set-cookie: x=y"'},
        {"cookie": "csrf=a; session=\x00\x01"},
        {"accept": "\xff", "x-forwarded-for": "1", "x-forwarded-host": "evil.example"},
        {"cookie": "csrf=" + "x" * 5000},
    ],
)
def test_no_header_of_a_caller_breaks_ours(scene: Scene, headers: dict[str, str]) -> None:
    """What comes back of a cookie cannot end a header and begin another."""
    answer = scene.call("GET", "/", headers=headers)

    assert answer.status == 200
    assert not any("\r" in value or "\n" in value for value in answer.headers.values())
    assert "evil.example" not in str(answer)


def test_what_is_no_request_passes(tmp_path: Path) -> None:
    """A websocket is nothing this portal takes, and nothing it breaks on."""
    app = Scene(tmp_path).app
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def knock() -> None:
        await app({"type": "websocket", "path": "/", "headers": []}, receive, send)

    asyncio.run(knock())

    assert sent == ["websocket.close"]
    assert asyncio.run(status_of(app, "GET", "/health")) == 200
