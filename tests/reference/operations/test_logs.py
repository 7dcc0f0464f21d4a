"""The portal's log: one JSON object a line, a fixed event, known fields, and nothing of anyone."""

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.operations import logs
from reference.operations.logs import JsonLines, Log, error_fields, log
from reference.portal.errors import NeighbourDown
from reference.portal.storage.database import DatabaseDown
from tests.examples import examples
from tests.reference.portal.crimes import PHASE_3, alex, enveloped, recorded, replied
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN, GATEWAY
from tests.reference.portal.scene import SECRETS, Scene

GIVEN, FAMILY, WORD, QUESTION, REPLY = "Zebedee", "Quillfeather", "marmalade", "zither", "xylophone"
NUMBER, EMAIL, PLACE = "07700900777", "zq@mail.example", "Snodgrass"
CRIME = "43269990777"
PRIVATE = (GIVEN, FAMILY, WORD, QUESTION, REPLY, NUMBER, "7700900777", EMAIL, PLACE, CRIME)


def test_a_line_is_one_json_object() -> None:
    """Time, level, event and id come first; then what the event is about."""
    with log_lines() as lines:
        log.info("events_received", count=2, types=["CrimeClosed", "CrimeRecorded"])
    [line] = lines.said

    assert list(line)[:4] == ["time", "level", "event", "correlation_id"]
    assert (line["level"], line["event"], line["count"]) == ("INFO", "events_received", 2)
    assert line["types"] == ["CrimeClosed", "CrimeRecorded"]
    assert "\n" not in lines.written[0]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.CRITICAL])
def test_a_field_that_nobody_allowed_is_refused(level: int) -> None:
    """A new kind of line must name its fields, even while no one reads the log."""
    field: dict[str, Any] = {"given_name": GIVEN}
    with log_lines(level) as lines, pytest.raises(TypeError, match="given_name"):
        log.info("somebody_came", **field)

    assert lines.written == []


def test_nothing_is_written_while_nobody_reads() -> None:
    """Below the level that was set a line is not made at all."""
    with log_lines(logging.WARNING) as lines:
        log.info("events_received", count=1)
        log.warning("delivery_refused", status=400)

    assert [line["event"] for line in lines.said] == ["delivery_refused"]
    assert not Log("portal.of.nobody").is_on(logging.DEBUG)


def test_an_error_gives_its_kind_and_place_and_not_its_words() -> None:
    """An exception's words may quote a victim's."""

    def deep() -> None:
        raise LookupError(GIVEN)

    with pytest.raises(LookupError) as raised:
        deep()
    fields = error_fields(raised.value)

    assert fields["error"] == "LookupError"
    assert fields["where"][-1].endswith(" deep")
    assert fields["where"][-1].startswith("test_logs.py:")
    assert GIVEN not in str(fields)


def test_a_database_that_is_down_says_why() -> None:
    """An operator needs more than that it is; only its first line is about the server alone."""
    error = DatabaseDown(f"SQLite: disk I/O error\nDETAIL: {GIVEN}")

    assert error_fields(error)["reason"] == "SQLite: disk I/O error"


@pytest.mark.parametrize("words", [f"cannot greet {GIVEN}", "cannot greet %s"])
def test_a_library_s_words_are_left_out(words: str) -> None:
    """Who spoke, how loud, and the kind of the error: what it said may be about someone."""
    with log_lines() as lines:
        library = logging.getLogger("asyncio")
        library.error(words, *[GIVEN] * words.count("%"), exc_info=NeighbourDown(GIVEN))
    [line] = lines.said

    assert (line["event"], line["logger"], line["error"]) == (
        "library_spoke",
        "asyncio",
        "NeighbourDown",
    )
    assert GIVEN not in lines.written[0]


def test_a_long_text_is_cut() -> None:
    """One line stays one line that can be read."""
    with log_lines() as lines:
        log.info("request_answered", route="/" * 1000)

    assert len(lines.said[0]["route"]) == logs.TEXT_CHARACTERS_MAX


@pytest.fixture
def loggers() -> Iterator[dict[str, logging.Logger]]:
    """The loggers that `configure` changes, put back afterwards."""
    found = {
        name: logging.getLogger(name) for name in ("", "portal", "uvicorn.access", "uvicorn.error")
    }
    before = [(each, each.handlers[:], each.level, each.propagate) for each in found.values()]
    yield found
    for each, handlers, level, propagate in before:
        each.handlers[:] = handlers
        each.setLevel(level)
        each.propagate = propagate


def test_a_configured_portal_shuts_the_server_s_access_log(
    loggers: dict[str, logging.Logger],
) -> None:
    """It would print every invitation's token; and its trace all that is sent."""
    loggers["uvicorn.access"].addHandler(logging.StreamHandler())
    loggers["uvicorn.error"].setLevel(5)
    logs.configure("DEBUG")

    assert not loggers["uvicorn.access"].hasHandlers()
    assert loggers["uvicorn.error"].getEffectiveLevel() >= logging.DEBUG


def test_the_path_of_a_web_socket_is_not_logged(
    loggers: dict[str, logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    """Uvicorn names the path of each it refuses, and that of an invitation holds its token."""
    logs.configure("")
    server = loggers["uvicorn.error"]
    server.addHandler(logging.StreamHandler(sys.stderr))
    server.info('%s - "WebSocket %s" 403', "127.0.0.1", "/invitation/a-token")
    server.info("Started")

    assert "a-token" not in capsys.readouterr().err


def test_a_configured_portal_writes_to_the_standard_error(
    loggers: dict[str, logging.Logger], capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines of its own from the level that was named, and of libraries from WARNING."""
    logs.configure("INFO")
    log.debug("events_received", count=1)
    log.info("events_received", count=2)
    logging.getLogger("aiohttp").info(GIVEN)
    logging.getLogger("aiohttp").warning(GIVEN)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [line.get("count") for line in lines] == [2, None]
    assert lines[1]["event"] == "library_spoke"


@pytest.mark.parametrize("level", ["info", "LOUD", "10", " INFO"])
def test_a_level_that_is_none_is_refused(level: str) -> None:
    """The sentence names the variable, what it is, and what it may be."""
    with pytest.raises(ValueError, match=r"^PORTAL_LOG_LEVEL is .*; give one of DEBUG, INFO"):
        logs.configure(level)


def test_no_level_is_info() -> None:
    """An operator who says nothing gets what happened, and not each detail."""
    assert logs.check_level("") == "INFO"


def live_through_it(scene: Scene) -> list[str]:
    """Do everything there is, well and badly; return the tokens that came up."""
    victim = alex(GIVEN.casefold(), given_name=GIVEN, family_name=FAMILY, mobile_phone=NUMBER,
                  email=EMAIL, word=WORD)  # fmt: skip
    scene.deliver(recorded(victim, crime=CRIME, recorded_at=PHASE_3, area=PLACE))
    invitation = next(sent.link for sent in scene.messages if sent.link)
    scene.page(f"/invitation/{invitation}")
    step = str(scene.open_invitation(invitation).json["step"])
    scene.prove(step, QUESTION)
    scene.prove(step, WORD)
    code = scene.last_code()
    scene.enter_code(step, "000000")
    session = str(scene.enter_code(step, code).json["session"])
    scene.neighbours.answers[CRIME_SYSTEM] = DOWN
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": QUESTION}, session=session)
    scene.advance(minutes=1)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(replied(CRIME, victim.person_id, text=REPLY, replied_at=scene.now))
    scene.neighbours.answers |= {GATEWAY: 400, CRIME_SYSTEM: 201}
    scene.advance(hours=1)
    cookies = {"session": session}
    for path in (
        "/crimes",
        f"/crimes/{CRIME}",
        f"/crimes/{NUMBER}",
        f"/{GIVEN}",
        f"/advice?q={FAMILY}",
    ):
        scene.page(path, cookies=cookies)
    scene.form("/sign-in", address=EMAIL)
    scene.form("/not-for-me", address=NUMBER)
    scene.post_events([enveloped(recorded(victim, crime=CRIME, force=PLACE))])
    scene.call("POST", "/crime-events", f'{{"{GIVEN}": "{NUMBER}"}}'.encode(), {})
    scene.api("POST", "/sign-out", session=session)
    return [invitation, step, code, session]


def test_a_whole_case_leaves_nothing_of_anybody_in_the_log(scene_with: Any) -> None:
    """Invitation, sign-in, question, reply, failures: at DEBUG, no name, number, word or token."""
    scene = scene_with(start=PHASE_3)
    with log_lines() as lines:
        tokens = live_through_it(scene)
    whole = "\n".join([*lines.written, *lines.plain]).casefold()

    assert len(lines.events("request_answered")) > 20
    assert lines.events("neighbour_down")
    assert lines.events("delivery_refused")
    assert not [each for each in (*PRIVATE, *tokens) if each.casefold() in whole]
    for name in SECRETS.__struct_fields__:
        assert not getattr(SECRETS, name) or getattr(SECRETS, name) not in whole


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A portal on which everything below is tried."""
    return Scene(tmp_path_factory.mktemp("busy"), start=PHASE_3)


@settings(max_examples=examples(300))
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "DELETE", GIVEN]),
    parts=st.lists(
        st.sampled_from(["api", "crimes", "advice", "invitation", "sign-in", "word", *PRIVATE]),
        max_size=4,
    ),
    query=st.sampled_from(["", *PRIVATE]),
    headers=st.dictionaries(
        st.sampled_from(["authorization", "cookie", "host", "user-agent", "referer", GIVEN]),
        st.sampled_from([f"Bearer {GIVEN}", f"session={NUMBER}; csrf={FAMILY}", EMAIL]),
    ),
    body=st.sampled_from([*PRIVATE, *(f'{{"address": "{each}"}}' for each in PRIVATE)]),
)
def test_whatever_is_sent_none_of_it_is_logged(
    busy: Scene, method: str, parts: list[str], query: str, headers: dict[str, str], body: str
) -> None:
    """In a path, a method, a query, a header or a body: the log has the route, and no more."""
    with log_lines() as lines:
        busy.call(method, f"/{'/'.join(parts)}?q={query}", body.encode(), headers)
    whole = "\n".join([*lines.written, *lines.plain]).casefold()

    assert len(lines.events("request_answered")) == 1
    assert not [each for each in PRIVATE if each.casefold() in whole]


def test_asyncio_s_own_complaint_says_nothing_of_anybody() -> None:
    """A task that breaks with nobody waiting for it is logged by the library, words and all."""

    async def breaks() -> None:
        raise LookupError(GIVEN)

    async def forget() -> None:
        task = asyncio.create_task(breaks())
        await asyncio.sleep(0)
        del task

    with log_lines() as lines:
        asyncio.run(forget())

    assert [line["error"] for line in lines.events("library_spoke") if "error" in line] == [
        "LookupError"
    ]
    assert GIVEN not in "".join(lines.written)


def test_the_formatter_takes_any_record() -> None:
    """A record that some library made by hand is a line too."""
    line = json.loads(JsonLines().format(logging.makeLogRecord({"msg": GIVEN, "name": "x"})))

    assert (line["event"], line["logger"]) == ("library_spoke", "x")
