"""Every way in, with anything at all: some answer below 500, and the portal works on."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from tests.examples import examples
from tests.reference.portal.crimes import (
    CRIME,
    PHASE_3,
    alex,
    allocated,
    appointment,
    charged,
    closed,
    deployed,
    details,
    enveloped,
    recorded,
    replied,
)
from tests.reference.portal.scene import SECRETS, Scene, bearer

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4)
    ),
    max_leaves=12,
)
json_bodies = json_values.map(msgspec.json.encode)
# What may stand in a header by HTTP: bytes, but no control characters.
header_values = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=80)
HEADERS = (
    "authorization",
    "cookie",
    "content-type",
    "content-length",
    "transfer-encoding",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "accept",
    "host",
    "x-forwarded-for",
)
EVENTS = [
    enveloped(event)
    for event in (
        recorded(alex("fuzzed"), crime="fuzzed"),
        deployed(),
        allocated(),
        appointment(),
        charged(),
        closed(),
        details(alex()),
        replied(),
    )
]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, str]:
    """A portal in phase 3 with someone signed in, on which everything below is tried."""
    scene = Scene(tmp_path_factory.mktemp("busy"), start=PHASE_3, session_minutes=60 * 24 * 365)
    scene.deliver(recorded(recorded_at=PHASE_3))
    return scene, scene.session()


def ways_in(scene: Scene) -> list[tuple[str, str]]:
    """List method and path of every route but the static files, which need an event loop."""
    return [
        (method, route.path)
        for route in scene.routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
    ]


def filled(path: str, value: str) -> str:
    """Put a value where a path has a name."""
    head, brace, rest = path.partition("{")
    return head + quote(value, safe="") + rest.partition("}")[2] if brace else path


def credentials(session: str) -> st.SearchStrategy[dict[str, str]]:
    """No headers, odd ones, or those that open each door."""
    odd = st.dictionaries(st.sampled_from(HEADERS), header_values, max_size=5)
    good = st.sampled_from(
        [
            bearer(session),
            bearer(SECRETS.receipts),
            bearer(SECRETS.test_clock),
            {
                "cookie": f"__Host-session={session}; __Host-csrf=key",
                "content-type": "application/x-www-form-urlencoded",
            },
        ]
    )
    return odd | good


@settings(max_examples=examples(500))
@given(st.data())
def test_any_request_to_any_way_in_is_answered(
    busy: tuple[Scene, str], data: st.DataObject
) -> None:
    """Random bytes, JSON, forms, headers and references never make the portal fail."""
    scene, session = busy
    method, path = data.draw(st.sampled_from(ways_in(scene)))
    target = filled(path, data.draw(st.just(CRIME) | st.text(max_size=40)))
    body = data.draw(
        st.binary(max_size=100)
        | json_bodies
        | st.text(max_size=60).map(lambda x: f"csrf=key&{x}".encode())
    )

    assert scene.call(method, target, body, data.draw(credentials(session))).status < 500


@settings(max_examples=examples(200))
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X-ODD"]),
    st.lists(
        st.text(max_size=12) | st.sampled_from(["api", "crimes", "advice", "..", "."]), max_size=5
    ),
    st.text(max_size=30),
)
def test_any_path_is_answered(
    busy: tuple[Scene, str], method: str, parts: list[str], query: str
) -> None:
    """Whatever is asked for, the answer is a page, a problem or a plain no."""
    path = "/" + "/".join(quote(part, safe="") for part in parts)
    if path.startswith("/static"):
        path = "/"
    answer = busy[0].call(method, f"{path}?{quote(query, safe='=&%')}", b"", bearer(busy[1]))

    assert answer.status < 500


_SIGN_IN_STEPS = ("/sign-in/word", "/sign-in/date-of-birth", "/sign-in/code")
_SIGN_IN_FIELDS = (
    *("token", "address", "step", "agreed_word", "code"),
    *("date_of_birth", "day", "month", "year"),
)


@settings(max_examples=examples(150))
@given(st.sampled_from(["/invitation", "/sign-in", *_SIGN_IN_STEPS]), st.data())
def test_any_words_in_the_sign_in_are_answered(
    busy: tuple[Scene, str], path: str, data: st.DataObject
) -> None:
    """Whatever someone types into any field, nobody gets in by it."""
    words = st.text(max_size=60)
    body: dict[str, Any] = {name: data.draw(words) for name in _SIGN_IN_FIELDS}
    api = busy[0].api("POST", path, body)
    page = busy[0].form(path, **body)

    assert api.status < 500
    assert page.status < 500
    assert b'"session"' not in api.body
    assert "location" not in page.headers


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk over every place in a JSON value."""
    if path:
        yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inner:
        yield from leaves(each, (*path, key))


@settings(max_examples=examples(500))
@given(
    st.sampled_from(EVENTS),
    st.data(),
    json_values
    | st.datetimes().map(lambda at: f"{at.isoformat()}Z")
    | st.sampled_from(["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]),
)
def test_an_event_with_one_odd_value_is_taken_or_refused(
    busy: tuple[Scene, str], event: dict[str, Any], data: st.DataObject, odd: Any
) -> None:
    """What is taken never stops the work that follows, nor breaks a victim's page."""
    scene, session = busy
    changed = deepcopy(event)
    changed["id"] = data.draw(st.uuids()).hex
    *way, last = data.draw(st.sampled_from(list(leaves(event))))
    place: Any = changed
    for key in way:
        place = place[key]
    place[last] = odd

    assert scene.post_events([changed]).status in (202, 400)

    scene.advance(seconds=1)
    listed = scene.api("GET", "/crimes", session=session)

    assert listed.status < 500
    for path in ("timeline", "conversation"):
        assert scene.api("GET", f"/crimes/{CRIME}/{path}", session=session).status < 500


@settings(max_examples=examples(50))
@given(st.lists(st.integers(0, 60 * 24 * 30), max_size=5))
def test_any_walk_of_the_clock_is_answered(busy: tuple[Scene, str], minutes: list[int]) -> None:
    """However far a tester moves it, all due work is done and the next is after now."""
    for each in minutes:
        due = busy[0].advance(minutes=each)

        assert due is None or due > busy[0].now
