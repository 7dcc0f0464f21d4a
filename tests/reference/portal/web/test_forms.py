"""A form counts only where one of our own pages sent it: from this browser, session and step."""

import re

import pytest

from tests.reference.portal.crimes import CRIME, MOBILE, WORD, recorded
from tests.reference.portal.scene import HOST, Scene, SceneWith, form_key
from tests.simulator.asgi import Answer

KEY = re.compile(r'name="csrf" value="([0-9a-f]{32})"')
PATH = f"/crimes/{CRIME}/withdrawal"


def sent(scene: Scene, key: str, cookies: str, path: str = "/sign-in", **headers: str) -> Answer:
    """Send a form with a key as it is."""
    form = {"content-type": "application/x-www-form-urlencoded", "cookie": cookies, **headers}
    return scene.call("POST", path, f"csrf={key}&address={MOBILE}".encode(), form)


def test_the_key_in_a_page_is_made_for_its_browser(scene: Scene) -> None:
    """The cookie alone does not say it: anybody who plants one cannot make the key."""
    page = scene.page("/", cookies={"csrf": "planted"})
    [key] = KEY.findall(page.body.decode())

    assert key == form_key(csrf="planted")
    assert sent(scene, key, f"{HOST}csrf=planted").status == 200
    assert sent(scene, "planted", f"{HOST}csrf=planted").status == 403
    assert sent(scene, key, f"{HOST}csrf=another").status == 403
    assert sent(scene, key, "csrf=planted").status == 403


def test_a_key_is_of_one_session(scene: Scene) -> None:
    """What a page held before the sign-in, or in another's session, is worth nothing."""
    scene.deliver(recorded())
    one, other = scene.session(address=MOBILE), scene.session(address=MOBILE)
    cookies = {"session": one, "csrf": "key"}

    assert scene.form(PATH, cookies=cookies, csrf=form_key(csrf="key")).status == 403
    assert scene.form(PATH, cookies=cookies, csrf=form_key(session=other)).status == 403
    assert scene.form(PATH, cookies=cookies, csrf=form_key(session=one)).status == 200


def test_a_key_is_of_one_step(scene: Scene) -> None:
    """A step that somebody else began cannot be put into a victim's form."""
    scene.deliver(recorded())
    own, planted = scene.begin(MOBILE), scene.begin(MOBILE)

    def proved_with(key: str) -> int:
        return scene.form("/sign-in/word", csrf=key, step=planted, agreed_word=WORD).status

    assert proved_with(form_key(step=own)) == 403
    assert proved_with(form_key(step=planted)) == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "null"}, 200),
        ({"origin": "https://portal.example"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "http://portal.example"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "https://portal.example"}, 403),
    ],
)
def test_where_a_browser_says_a_form_is_from_counts(
    scene: Scene, headers: dict[str, str], status: int
) -> None:
    """A right key from a page of another site is refused; our own pages say "null"."""
    assert sent(scene, form_key(csrf="b"), f"{HOST}csrf=b", **headers).status == status


def test_the_api_takes_nothing_from_a_page_of_another_site(scene: Scene) -> None:
    """It needs no cookie, and still: a stranger's page could try words from a victim's browser."""
    headers = {"content-type": "application/json", "sec-fetch-site": "cross-site"}
    body = b'{"address": "07700900123"}'

    assert scene.call("POST", "/api/sign-in", body, headers).status == 403
    assert (
        scene.call("POST", "/api/sign-in", body, {**headers, "sec-fetch-site": "none"}).status
        == 200
    )


def test_cookies_are_of_this_host_alone(scene: Scene) -> None:
    """No other host of the same domain can plant one: the prefix asks for all of this."""
    cookie = scene.page("/").headers["set-cookie"]

    assert cookie.startswith("__Host-csrf=")
    assert {each.strip().casefold() for each in cookie.split(";")[1:]} == {
        "secure",
        "httponly",
        "path=/",
        "samesite=lax",
    }


def test_over_plain_http_the_prefix_is_left_out(scene_with: SceneWith) -> None:
    """A browser would take no such cookie there, and nobody could sign in to a trial."""
    scene = scene_with(public_url="http://127.0.0.1:8000")
    cookie = scene.page("/").headers["set-cookie"]

    assert cookie.startswith("csrf=")
    assert "secure" not in cookie.casefold()
