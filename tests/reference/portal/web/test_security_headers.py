"""Every answer tells a browser to keep nothing, run nothing, and show it inside nothing."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from reference.operations.service import create_service
from reference.portal.settings import settings_from
from reference.portal.web.middleware import SecurityHeaders
from tests.reference.portal.crimes import CRIME, PHASE_3, recorded
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import SECRETS, SETTINGS, Scene, bearer
from tests.reference.portal.served import ask
from tests.simulator.asgi import Answer

STYLESHEET = "/static/portal.css"


def policy(answer: Answer) -> dict[str, str]:
    """Read the content security policy by directive."""
    parts = answer.headers["content-security-policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


def check(answer: Answer) -> None:
    """Check all that every answer must say."""
    allowed = policy(answer)

    assert allowed["default-src"] == allowed["frame-ancestors"] == allowed["base-uri"] == "'none'"
    assert allowed["form-action"] in {"'self'", "'none'"}
    assert set(allowed) <= {
        "default-src", "style-src", "img-src", "form-action", "frame-ancestors", "base-uri",
    }  # fmt: skip
    assert set(allowed.values()) <= {"'self'", "'none'"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "x-correlation-id" in answer.headers


def every_route(scene: Scene) -> list[tuple[str, str]]:
    """List method and path of every route, and of some that are not there."""
    routes = [
        (method, route.path.replace("{reference:path}", CRIME).replace("{token}", "token"))
        for route in scene.routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]
    return [
        *((method, path.replace("{slug}", "your-rights")) for method, path in routes),
        ("GET", "/nowhere"),
        ("DELETE", "/crimes"),
        ("X-ODD", "/"),
        ("OPTIONS", "/api/crimes"),
    ]


@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_has_them(scene_with: Any, *, signed_in: bool) -> None:
    """Pages, API, hooks, errors, wrong methods and what is not there; kept by no cache."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    headers = {}
    if signed_in:
        session = scene.session()
        headers = {"cookie": f"session={session}", **bearer(session)}
    for method, path in every_route(scene):
        answer = scene.call(method, path, b"", headers)

        check(answer)
        assert answer.headers["cache-control"] == "no-store", (method, path)


def test_a_static_file_has_them_and_may_be_kept_a_while(tmp_path: Path) -> None:
    """The stylesheet says nothing of anyone; one that is not there is not remembered."""
    app = portal(tmp_path)
    found = asyncio.run(ask(app, "GET", STYLESHEET))
    missing = asyncio.run(ask(app, "GET", "/static/other.css"))

    check(found)
    check(missing)
    assert (found.status, missing.status) == (200, 404)
    assert "max-age" in found.headers["cache-control"]
    assert missing.headers["cache-control"] == "no-store"


def test_a_file_out_of_the_folder_is_not_served(tmp_path: Path) -> None:
    """Dots do not lead to the portal's own files."""
    app = portal(tmp_path)
    for path in ("/static/../base.html", "/static/..%2fbase.html", "/static//etc/passwd"):
        assert asyncio.run(ask(app, "GET", path)).status == 404


def test_https_is_asked_for_only_where_there_is_any(tmp_path: Path) -> None:
    """A portal on loopback does not lock a browser out of what it cannot do."""
    app = portal(tmp_path, public_url="http://127.0.0.1:8000")

    assert "strict-transport-security" not in asyncio.run(ask(app, "GET", "/health")).headers


def test_what_a_route_says_itself_stays() -> None:
    """A route that needs another policy has it once, not beside ours."""
    own = [(b"content-security-policy", b"sandbox"), (b"content-length", b"0")]
    headers = SecurityHeaders(is_https=True).added_to(own, path="/docs", status=200)
    names = [name for name, _value in headers]

    assert headers[:2] == own
    assert len(names) == len(set(names))
    assert b"x-content-type-options" in names


def test_one_answer_given_twice_does_not_gather_headers() -> None:
    """The handler's own list is left as it was."""
    own = [(b"content-length", b"0")]
    SecurityHeaders(is_https=True).added_to(own, path="/", status=200)

    assert own == [(b"content-length", b"0")]


def portal(folder: Path, **changes: Any) -> Any:
    """A portal to be asked inside an event loop."""
    values = {**SETTINGS, "database": str(folder / "portal.db"), **changes}
    return create_service(settings_from(values), SECRETS, outbound=Neighbours())
