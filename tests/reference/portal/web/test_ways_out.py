"""Nothing leads to another site, and no cookie goes to one: whatever a caller says of itself.

The last tests open one hole each and show that it is found.
"""

from typing import Any

import pytest

from reference.operations.service import create_service
from reference.portal.web.forms import Forms
from tests.reference.portal.crimes import CRIME, MOBILE, PHASE_3
from tests.reference.portal.scene import Scene, SceneWith
from tests.reference.portal.web.test_forgery import routes, sign_in, with_both

ELSEWHERE = "evil.example"


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime, and Sam's."""
    return with_both(scene_with(start=PHASE_3))


def check_ways_out(scene: Scene) -> None:
    """Nothing a caller names leads to another site, in an address, a page or a message."""
    session = scene.session(address=MOBILE)
    headers = {
        "host": ELSEWHERE,
        "x-forwarded-host": ELSEWHERE,
        "forwarded": f"host={ELSEWHERE}",
        "x-original-url": f"//{ELSEWHERE}/",
        "referer": f"https://{ELSEWHERE}/",
        "origin": f"https://{ELSEWHERE}",
        "cookie": f"__Host-session={session}; __Host-csrf=key",
    }
    query = f"next=https://{ELSEWHERE}/&return_to=//{ELSEWHERE}&url=/%5C{ELSEWHERE}"
    paths = [*routes(scene, "GET"), f"//{ELSEWHERE}/", f"/\\{ELSEWHERE}", "/crimes/", "/static"]
    for path in paths:
        for method in ("GET", "POST"):
            answer = scene.call(method, f"{path}?{query}", f"csrf=key&{query}".encode(), headers)
            where = answer.headers.get("location", "/")

            assert where.startswith("/"), path
            assert not where.startswith(("//", "/\\")), path
            assert ELSEWHERE not in repr(answer.headers), path
            assert ELSEWHERE not in answer.body.decode(), path
    for path in ("/crimes", f"/crimes/{CRIME}"):
        signed_out = scene.call("GET", f"{path}?{query}", b"", {"host": ELSEWHERE})

        assert signed_out.headers["location"] == "/"
    scene.call("POST", "/crime-events", b"[]", {"host": ELSEWHERE})

    assert not any(ELSEWHERE in each.words for each in scene.messages)


def test_nothing_leads_to_another_site(scene: Scene) -> None:
    """Not by the host, not by a forwarded one, nor by an address to come back to."""
    check_ways_out(scene)


def check_cookies(scene: Scene, *, is_https: bool) -> None:
    """Every cookie that is set is for this site's own pages alone."""
    signed_in = sign_in(scene, {})
    pages = [scene.page(path) for path in ("/", "/advice", "/not-for-me", "/invitation/x")]
    for answer in (signed_in, *pages):
        flags = {each.strip() for each in answer.headers["set-cookie"].casefold().split(";")[1:]}

        assert {"httponly", "path=/"} <= flags
        assert flags & {"samesite=lax", "samesite=strict"}
        assert ("secure" in flags) == is_https
        assert not any(each.startswith("domain") for each in flags)


@pytest.mark.parametrize("url", ["https://portal.example", "http://127.0.0.1:8000"])
def test_cookies_are_for_this_site_s_own_pages_alone(scene_with: SceneWith, url: str) -> None:
    """No script, no other site and no subdomain gets one; by https alone where there is https."""
    scene = with_both(scene_with(start=PHASE_3, public_url=url))
    check_cookies(scene, is_https=url.startswith("https"))


# Each hole below is found.


def test_an_address_after_the_host_is_found(
    scene_with: SceneWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that leads on to whatever host its caller named, as frameworks do by default."""
    real = create_service

    def leading_on(*given: Any, **named: Any) -> Any:
        application = real(*given, **named)
        application.router.redirect_slashes = True
        return application

    monkeypatch.setattr("tests.reference.portal.scene.create_service", leading_on)

    with pytest.raises(AssertionError):
        check_ways_out(with_both(scene_with(start=PHASE_3)))


def test_a_cookie_for_scripts_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that forgets a flag."""

    def bare(_self: Forms, response: Any, name: str, value: str, **_more: Any) -> None:
        response.set_cookie(name, value, samesite="lax", secure=True)

    monkeypatch.setattr(Forms, "set_cookie", bare)

    with pytest.raises(AssertionError):
        check_cookies(scene, is_https=True)
