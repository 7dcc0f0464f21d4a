"""Nobody gets in, or has someone else do something, with what they made up, found or kept.

Tokens guessed and replayed, a session planted before sign-in, forms of another site, methods in
disguise. The last tests open one hole each and show that it is found.
"""

from datetime import datetime
from typing import Any

import pytest
from starlette.routing import Route

from reference.portal.people.sessions import Sessions
from reference.portal.people.sign_in import SignIn
from reference.portal.people.tokens import Tokens
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    WORD,
    recorded,
    sam,
)
from tests.reference.portal.scene import HOST, Scene, SceneWith, bearer
from tests.reference.portal.web.test_pages import hidden
from tests.simulator.asgi import Answer

HOOKS = ("/crime-events", "/delivery-receipts", "/received-texts", "/test-clock")


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3 that knows Alex's crime, and Sam's."""
    return with_both(scene_with(start=PHASE_3))


def with_both(scene: Scene) -> Scene:
    """Tell a portal of Alex's crime, and Sam's."""
    sams = recorded(sam(), crime="43260000002", recorded_at=PHASE_3)
    scene.deliver(sams, recorded(recorded_at=PHASE_3))
    return scene


def routes(scene: Scene, method: str) -> list[str]:
    """List the pages and API routes that take a method."""
    return [
        route.path.replace("{reference:path}", CRIME)
        .replace("{token}", "token")
        .replace("{slug}", "your-rights")
        for route in scene.routes
        if isinstance(route, Route) and method in (route.methods or ()) and route.path not in HOOKS
    ]


def cookies_of(answer: Answer) -> dict[str, str]:
    """Read the cookie that an answer sets."""
    name, _, value = answer.headers.get("set-cookie", "=").partition(";")[0].partition("=")
    return {name.removeprefix(HOST): value}


def sign_in(scene: Scene, cookies: dict[str, str]) -> Answer:
    """Sign in by the pages as a browser that has cookies already."""
    asks_word = scene.form("/sign-in", cookies=cookies, address=MOBILE)
    step = hidden(asks_word, "step")
    scene.form("/sign-in/word", cookies=cookies, step=step, agreed_word=WORD)
    return scene.form("/sign-in/code", cookies=cookies, step=step, code=scene.last_code())


def check_fixation(scene: Scene) -> None:
    """What a browser had for a session before is not what it has after, and opens nothing."""
    sams = scene.session(word=SAMS_WORD, address=SAMS_MOBILE)
    for planted in ("fixed", sams):
        done = sign_in(scene, {"session": planted})
        given = cookies_of(done)["session"]

        assert given not in {"", planted}
        assert given not in done.body.decode() + done.headers["location"]

    assert scene.page("/crimes", cookies={"session": "fixed"}).status == 303
    assert CRIME.encode() not in scene.page("/crimes", cookies={"session": sams}).body


def test_a_session_planted_before_sign_in_is_not_used(scene: Scene) -> None:
    """Neither a made-up one nor one that someone else has."""
    check_fixation(scene)


def secrets_of(scene: Scene) -> dict[str, str]:
    """Collect one of everything that opens something, and what is stored of it."""
    link = scene.messages[-1].link
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()
    session = scene.session(address=MOBILE)
    [row] = scene.rows()["session"]
    return {
        "invitation": link,
        "step": step,
        "code": code,
        "session": session,
        "digest": str(row[0]),
        "form": "key",
        "nothing": "",
        "shorter": session[:-1],
        "longer": f"{session}A",
        "other case": session.swapcase(),
        "spaced": f" {session} ",
        "any": "%",
        "either": "' OR 1=1 --",
    }


def check_tokens(scene: Scene) -> None:
    """Each opens what it is for, once where that is so, and nothing else."""
    made = secrets_of(scene)
    for kind, token in made.items():
        by_page = scene.page("/crimes", cookies={"session": token}).status
        by_api = scene.api("GET", "/crimes", session=token).status

        # Spaces around a cookie's value are no part of it.
        assert by_page == (200 if kind in {"session", "spaced"} else 303), kind
        assert by_api == (200 if kind == "session" else 401), kind
        if kind not in {"step", "session"}:
            assert scene.prove(token).status == 410, kind
            assert scene.enter_code(token, made["code"]).status == 410, kind
        if kind != "invitation":
            assert scene.open_invitation(token).status == 410, kind
    for code in ("", "%", made["code"][:-1], f"{made['code']}0", made["step"]):
        assert scene.enter_code(made["step"], code).status == 403, code


def test_a_token_opens_what_it_is_for_and_nothing_else(scene: Scene) -> None:
    """A link is no session, a digest from a stolen store no token, and nearly is not enough."""
    check_tokens(scene)


def check_replay(scene: Scene) -> None:
    """What was used is used: invitation, step, code, session, and a form sent twice."""
    link = scene.messages[-1].link
    step = str(scene.open_invitation(link).json["step"])
    scene.prove(step)
    code = scene.last_code()
    session = str(scene.enter_code(step, code).json["session"])
    for _ in range(2):
        fields = {"text": "Any news?", "key": "form-1"}
        scene.form(f"/crimes/{CRIME}/questions", cookies={"session": session}, **fields)

    assert len(scene.rows()["post"]) == 1
    assert scene.open_invitation(link).status == 410
    assert scene.enter_code(step, code).status == 410
    assert scene.prove(step).status == 410

    scene.form("/sign-out", cookies={"session": session})

    assert scene.page("/crimes", cookies={"session": session}).status == 303
    assert scene.api("GET", "/crimes", session=session).status == 401


def test_what_was_used_is_used(scene: Scene) -> None:
    """A stranger who kept a link, a code, a cookie or a form has nothing."""
    check_replay(scene)


def check_forms(scene: Scene) -> None:
    """No form does anything without the key that our own page gave this browser."""
    session = scene.session(address=MOBILE)
    before = scene.rows()
    fields = {
        "address": MOBILE,
        "token": scene.messages[1].link,
        "text": "Hello",
        "key": "k",
        "confirmed": "yes",
        "stop": "yes",
        "channels": "text",
    }
    paths = [each for each in routes(scene, "POST") if not each.startswith("/api/")]

    assert len(paths) >= 9
    for path in paths:
        for cookies, csrf in (
            ({"session": session}, ""),
            ({"session": session}, "another"),
            ({"session": session, "csrf": ""}, ""),
            ({"session": session, "csrf": "a"}, "b"),
            ({"session": session}, session),
        ):
            assert scene.form(path, cookies=cookies, csrf=csrf, **fields).status == 403, path

    assert scene.rows() == before


def test_every_form_needs_its_key(scene: Scene) -> None:
    """Another site can send a form, and cannot know what stands in it."""
    check_forms(scene)


def test_the_api_is_not_opened_by_what_a_browser_sends_by_itself(scene: Scene) -> None:
    """A cookie alone, which another site's form would bring, does nothing at any route."""
    session = scene.session(address=MOBILE)
    before = scene.rows()
    for method in ("POST", "PUT"):
        for path in routes(scene, method):
            if path.startswith(("/api/crimes", "/api/contact")):
                for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
                    headers = {
                        "cookie": f"__Host-session={session}; __Host-csrf=key",
                        "content-type": kind,
                    }
                    body = b'{"text": "Hello", "withdrawn": true, "confirmed": true}'

                    assert scene.call(method, path, body, headers).status == 401, path
    scene.call("POST", "/api/sign-out", b"", {"cookie": f"session={session}"})

    assert scene.rows() == before


def test_a_method_in_disguise_is_the_method_it_came_by(scene: Scene) -> None:
    """No header, field or query turns a harmless request into another."""
    session = scene.session(address=MOBILE)
    before = scene.rows()
    headers = {
        "x-http-method-override": "POST",
        "x-http-method": "POST",
        "x-method-override": "POST",
        "cookie": f"__Host-session={session}; __Host-csrf=key",
        "content-type": "application/x-www-form-urlencoded",
    }
    gets = set(routes(scene, "GET"))
    for path in set(routes(scene, "POST")) - gets:
        answer = scene.call("GET", f"{path}?_method=POST&csrf=key", b"csrf=key", headers)

        assert answer.status in {404, 405}, path
    odd = {**bearer(session), "x-http-method-override": "PUT"}

    assert scene.call("POST", "/api/contact", b'{"withdrawn": true}', odd).status == 405
    assert scene.rows() == before


# Each hole below is found.


def test_a_session_that_is_kept_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that gives back the session a browser came with."""
    real = SignIn.enter_code

    async def kept(self: SignIn, step: str, code: str, client: str, now: datetime) -> str:
        digests = [
            self.tokens.digest(each)
            for each in ("fixed", await real(self, step, code, client, now))
        ]
        await self.records.database.run("DELETE FROM session WHERE token_digest = ?", digests[:1])
        await self.records.database.run(
            "UPDATE session SET token_digest = ? WHERE token_digest = ?", digests
        )
        return "fixed"

    monkeypatch.setattr(SignIn, "enter_code", kept)

    with pytest.raises(AssertionError):
        check_fixation(scene)


def test_tokens_in_any_case_are_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal whose store does not tell capital letters from small ones."""
    real = Tokens.digest
    monkeypatch.setattr(
        Tokens, "digest", lambda self, token, *of: real(self, token.casefold(), *of)
    )

    with pytest.raises(AssertionError):
        check_tokens(scene)


async def _nothing(*_given: Any) -> None:
    """Do nothing."""


def test_a_session_that_sign_out_leaves_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that only takes the cookie away."""
    monkeypatch.setattr(Sessions, "sign_out", _nothing)

    with pytest.raises(AssertionError):
        check_replay(scene)


def test_a_form_that_needs_no_key_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that does not compare the key with the cookie's."""
    monkeypatch.setattr("reference.portal.web.forms.hmac.compare_digest", lambda *_: True)

    with pytest.raises(AssertionError):
        check_forms(scene)
