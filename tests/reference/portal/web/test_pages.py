"""The pages: the whole of the portal without JavaScript, private, and only for their owner."""

import asyncio
import re
from typing import Any

import pytest

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_3,
    WORD,
    alex,
    deployed,
    recorded,
    replied,
)
from tests.reference.portal.scene import Scene, SceneWith, status_of
from tests.simulator.asgi import Answer

OTHERS = "43260000002"


@pytest.fixture
def phase_3(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime, and Sam's."""
    scene = scene_with(start=PHASE_3)
    sam = alex("sam", mobile_phone="07700900456", family_name="Reed")
    scene.deliver(recorded(sam, crime=OTHERS, recorded_at=PHASE_3), recorded(recorded_at=PHASE_3))
    return scene


def hidden(answer: Answer, name: str) -> str:
    """Read a hidden field of the form on a page."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', answer.body.decode())

    assert found, answer.body

    return found[1]


def sign_in(scene: Scene) -> dict[str, str]:
    """Sign in by the pages alone, as a browser does; return the cookies."""
    link = scene.messages[-1].link
    page = scene.page(f"/invitation/{link}")
    asks_word = scene.form("/invitation", token=hidden(page, "token"))
    asks_code = scene.form("/sign-in/word", step=hidden(asks_word, "step"), agreed_word=WORD)
    done = scene.form("/sign-in/code", step=hidden(asks_code, "step"), code=scene.last_code())

    assert (done.status, done.headers["location"]) == (303, "/crimes")

    name, _, value = done.headers["set-cookie"].partition(";")[0].partition("=")
    return {name: value}


def test_a_victim_signs_in_reads_and_writes_by_the_pages_alone(phase_3: Scene) -> None:
    """From the link to the officer's reply, every step is a page or a form of one."""
    cookies = sign_in(phase_3)
    phase_3.deliver(deployed(), replied())
    crime = phase_3.page(f"/crimes/{CRIME}", cookies=cookies).body.decode()
    sent = phase_3.form(f"/crimes/{CRIME}/questions", cookies=cookies, text="Any <news>?")
    again = phase_3.page(f"/crimes/{CRIME}", cookies=cookies).body.decode()

    assert CRIME in phase_3.page("/crimes", cookies=cookies).body.decode()
    assert "An officer was sent" in crime
    assert replied().text in crime
    assert (sent.status, sent.headers["location"]) == (303, f"/crimes/{CRIME}")
    assert "Any &lt;news&gt;?" in again

    phase_3.advance()

    assert [stamp.body["text"] for stamp in phase_3.neighbours.stamps] == ["Any <news>?"]


def test_somebody_comes_back_by_the_pages(scene: Scene) -> None:
    """The first page takes an address, and the rest is as from an invitation."""
    scene.deliver(recorded())
    asks_word = scene.form("/sign-in", address=MOBILE)
    asks_code = scene.form("/sign-in/word", step=hidden(asks_word, "step"), agreed_word=WORD)
    done = scene.form("/sign-in/code", step=hidden(asks_code, "step"), code=scene.last_code())

    assert done.headers["location"] == "/crimes"


def test_signing_out_by_the_page_ends_the_session(scene: Scene) -> None:
    """The page leads back to the start, and the cookie is worth nothing any more."""
    scene.deliver(recorded())
    cookies = sign_in(scene)
    out = scene.form("/sign-out", cookies=cookies)

    assert (out.status, out.headers["location"]) == (303, "/")
    assert scene.page("/crimes", cookies=cookies).status == 303


@pytest.mark.parametrize("path", ["/crimes", f"/crimes/{CRIME}"])
def test_without_a_session_a_page_leads_to_the_start(scene: Scene, path: str) -> None:
    """A victim who was signed out begins again, and is shown nothing on the way."""
    for cookies in ({}, {"session": "made-up"}):
        answer = scene.page(path, cookies=cookies)

        assert (answer.status, answer.headers["location"], answer.body) == (303, "/", b"")


def test_anothers_crime_and_no_crime_are_the_same_page(phase_3: Scene) -> None:
    """Nobody can find out which crimes there are, or write about them."""
    cookies = sign_in(phase_3)
    answers = [
        phase_3.page(f"/crimes/{each}", cookies={**cookies, "csrf": "key"})
        for each in (OTHERS, "43269999999")
    ]
    asked = phase_3.form(f"/crimes/{OTHERS}/questions", cookies=cookies, text="Hello")

    assert answers[0].body == answers[1].body
    assert [each.status for each in (*answers, asked)] == [404] * 3
    assert phase_3.rows()["post"] == []


POSTS = [
    "/sign-in",
    "/invitation",
    "/sign-in/word",
    "/sign-in/code",
    "/sign-out",
    "/not-for-me",
]


@pytest.mark.parametrize("path", POSTS)
def test_a_form_that_is_not_ours_is_refused(scene: Scene, path: str) -> None:
    """Another site cannot send a form for someone: it does not know the key."""
    scene.deliver(recorded())
    before = scene.rows()
    fields: dict[str, Any] = {"address": MOBILE, "token": scene.messages[0].link}

    assert [scene.form(path, csrf=given, **fields).status for given in ("", "another", "é")] == (
        [403] * 3
    )
    assert scene.rows() == before


def test_a_question_that_is_not_of_our_form_is_refused(phase_3: Scene) -> None:
    """Nobody else can put words into a victim's mouth."""
    cookies = sign_in(phase_3)
    path = f"/crimes/{CRIME}/questions"

    assert phase_3.form(path, cookies=cookies, csrf="another", text="Hello").status == 403
    assert phase_3.rows()["post"] == []


def test_a_line_break_counts_as_one_character(phase_3: Scene) -> None:
    """A browser sends each as two: the longest message of many lines is taken, as it was typed."""
    cookies = sign_in(phase_3)
    typed = "\n".join(["a line"] * 40).ljust(QUESTION_CHARACTERS_MAX, ".")
    sent = typed.replace("\n", "\r\n")

    assert phase_3.form(f"/crimes/{CRIME}/questions", cookies=cookies, text=sent).status == 303

    phase_3.advance()

    assert [stamp.body["text"] for stamp in phase_3.neighbours.stamps] == [typed]


def test_a_form_needs_the_cookie_too(scene: Scene) -> None:
    """An empty key does not match an empty cookie."""
    assert scene.form("/not-for-me", cookies={"csrf": ""}, csrf="", address=MOBILE).status == 403


@pytest.mark.parametrize("path", ["/", "/invitation/x", "/advice", "/not-for-me", "/advice/none"])
def test_every_page_is_private(scene: Scene, path: str) -> None:
    """No cache keeps a page, no site frames it or learns where its reader came from."""
    headers = scene.page(path).headers
    policy = headers["content-security-policy"]

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy


def test_cookies_are_for_this_site_alone(scene: Scene) -> None:
    """No script reads a cookie, it goes by https only, and with no other site's forms."""
    set_cookie = scene.page("/").headers["set-cookie"].casefold()

    assert {"httponly", "secure", "samesite=lax"} <= set(re.split(r";\s*", set_cookie))


def test_what_somebody_typed_is_shown_and_never_obeyed(phase_3: Scene) -> None:
    """Markup from a form, a link or a cookie comes back as text."""
    evil = '"><script>alert(1)</script>'
    cookies = sign_in(phase_3)
    pages = [
        phase_3.form("/not-for-me", address=evil),
        phase_3.page(f"/invitation/{evil.replace('/', '%2F').replace('?', '')}"),
        phase_3.page("/advice?q=%22%3E%3Cscript%3E"),
        phase_3.page("/", cookies={"csrf": "<script>"}),
        phase_3.form(f"/crimes/{CRIME}/questions", cookies=cookies, text=evil * 200),
    ]

    assert not any(b"<script" in each.body for each in pages)


def test_mistakes_are_said_on_the_page_where_they_were_made(scene: Scene) -> None:
    """Someone who mistyped sees what to mend, and does not begin again."""
    scene.deliver(recorded())
    asks_word = scene.form("/sign-in", address=MOBILE)
    step = hidden(asks_word, "step")
    wrong_word = scene.form("/sign-in/word", step=step, agreed_word="heron")

    assert scene.form("/sign-in", address="hello").status == 422
    assert scene.form("/not-for-me", address="hello").status == 422
    assert wrong_word.status == 403
    assert hidden(wrong_word, "step") == step
    assert b"There is a problem" in wrong_word.body

    scene.form("/sign-in/word", step=step, agreed_word=WORD)

    assert hidden(scene.form("/sign-in/code", step=step, code="000"), "step") == step


def test_a_used_invitation_leads_to_sign_in_by_address(scene: Scene) -> None:
    """Someone who follows the link again is not at a dead end."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    scene.form("/invitation", token=link)
    again = scene.form("/invitation", token=link)

    assert again.status == 410
    assert b'action="/sign-in"' in again.body


def test_a_form_too_large_or_no_form_at_all_is_refused(scene: Scene) -> None:
    """Files, other encodings and floods of fields are a refusal and not a failure."""
    cookie = {"cookie": "__Host-csrf=key"}
    part = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n+2AA-\r\n--x--\r\n'
    urlencoded = "application/x-www-form-urlencoded"
    kinds = [
        (b"csrf=key&" + b"a" * 70_000, urlencoded),
        (b"&".join(b"a=%d" % n for n in range(5000)), urlencoded),
        (b"%ff%fe=%00&csrf=%ff", urlencoded),
        (b"\xff\xfe", urlencoded),
        *((part, f"multipart/form-data; boundary=x; charset={c}") for c in ("utf-7", "idna")),
        (b"junk", "multipart/form-data"),
        (b'{"csrf": "key"}', "application/json"),
        (b"", ""),
    ]
    for body, kind in kinds:
        for path in POSTS:
            answer = scene.call("POST", path, body, {**cookie, "content-type": kind})

            assert 400 <= answer.status < 500, (path, kind)


def test_there_are_no_messages_to_the_officer_before_phase_3(scene: Scene) -> None:
    """Neither the page nor its form is there, not even for someone who knows the address."""
    scene.deliver(recorded())
    cookies = sign_in(scene)
    sent = scene.form(f"/crimes/{CRIME}/questions", cookies=cookies, text="Hello")

    assert b"/questions" not in scene.page(f"/crimes/{CRIME}", cookies=cookies).body
    assert sent.status == 404
    assert scene.rows()["post"] == []


def test_advice_is_for_anybody_and_fits_who_is_signed_in(scene: Scene) -> None:
    """A stranger reads all of it; the victim of a bicycle theft reads about bicycles first."""
    scene.deliver(recorded())
    own = scene.page("/advice", cookies=sign_in(scene)).body.decode()
    links = re.findall(r'href="/advice/([a-z-]+)"', own)

    assert links[0] == "keep-your-bicycle-safe"
    for slug in links:
        assert scene.page(f"/advice/{slug}").status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/portal.css", 200),
        ("/static/none.css", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/base.html", 404),
        ("/static/a%00b", 404),
        ("/static/", 404),
    ],
)
def test_only_what_pages_load_is_served(scene: Scene, path: str, status: int) -> None:
    """The style sheet is there; templates, code and odd names are not."""
    assert asyncio.run(status_of(scene.app, "GET", path)) == status


def test_a_page_says_when_it_was_by_the_clock_in_london(scene: Scene) -> None:
    """Eleven in UTC is noon in June."""
    scene.deliver(recorded(recorded_at=NOON))

    assert b"3 June 2026 at 12:00pm" in scene.page(f"/crimes/{CRIME}", cookies=sign_in(scene)).body
