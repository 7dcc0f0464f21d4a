"""What limits a sign-in: attempts, the time of codes and steps, and the end of a session."""

from datetime import timedelta

import pytest
from starlette.background import BackgroundTask
from starlette.types import Receive, Scope, Send

from tests.reference.operations.test_metrics import scraped
from tests.reference.portal.crimes import MOBILE, WORD, recorded
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import tasks
from tests.reference.portal.scene import Scene, SceneWith, problem, sealed
from tests.reference.portal.storage.test_same_work import counted

UNKNOWN = "07700900999"


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_attempts_at_the_word_are_limited(scene: Scene) -> None:
    """After five wrong words even the right one does not open this step."""
    scene.deliver(recorded())
    step = str(scene.open_invitation(scene.messages[0].link).json["step"])
    tries = [scene.prove(step, f"guess {n}").status for n in range(5)]

    assert tries == [403] * 5
    assert problem(scene.prove(step))["status"] == 429


@pytest.mark.parametrize("client", ["203.0.113.7", "203.0.113.9"])
def test_twenty_wrong_words_shut_no_victim_out(scene: Scene, client: str) -> None:
    """They hide the answers at that address: the right word still brings the code, to its owner."""
    scene.deliver(recorded())
    tries = [tried(scene, MOBILE, "203.0.113.7") for _ in range(21)]

    assert tries == [403] * 20 + [200]
    assert tried(scene, MOBILE, client, WORD) == 200
    assert scene.session(address=MOBILE)
    assert tried(scene, MOBILE, "203.0.113.11") == 403


def test_an_unknown_address_is_answered_alike_beyond_the_limit(scene: Scene) -> None:
    """As often, and by the same answers."""
    assert [tried(scene, UNKNOWN, "203.0.113.7") for _ in range(21)] == [403] * 20 + [200]


def test_beginning_again_gives_one_client_no_endless_guesses(scene: Scene) -> None:
    """A hundred wrong words at one address: who guesses there is sent no code, others are."""
    scene.deliver(recorded())
    for _ in range(100):
        tried(scene, MOBILE, "203.0.113.7")
    before = len(scene.messages)

    assert tried(scene, MOBILE, "203.0.113.7", WORD) == 200
    assert len(scene.messages) == before
    assert tried(scene, MOBILE, "203.0.113.9", WORD) == 200
    assert len(scene.messages) == before + 1


def test_wrong_codes_are_guesses_too(scene: Scene) -> None:
    """Where answers are hidden a stranger may try a code after each word: both count."""
    scene.deliver(recorded())
    for _ in range(50):
        step = scene.begin(MOBILE)
        scene.prove(step, "wrong")
        scene.enter_code(step, "000000")
    before = len(scene.messages)

    assert scene.prove(scene.begin(MOBILE)).status == 200
    assert len(scene.messages) == before


def test_at_most_five_codes_an_hour_are_sent(scene: Scene) -> None:
    """Who knows the word fills no phone with codes, and the answers are those of any limit."""
    scene.deliver(recorded())
    before = len(scene.messages)

    assert [tried(scene, MOBILE, f"203.0.113.{n}", WORD) for n in range(7)] == [200] * 7
    assert len(scene.messages) == before + 5

    scene.advance(hours=1)
    tried(scene, MOBILE, "203.0.113.7", WORD)

    assert len(scene.messages) == before + 6


def test_codes_that_could_not_be_sent_use_nothing_up(scene: Scene) -> None:
    """A victim who tries again and again while the gateway is down gets a code once it is up."""
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 500
    tries = [scene.prove(scene.begin(MOBILE)).status for _ in range(6)]
    scene.neighbours.answers[GATEWAY] = 201

    assert tries == [503] * 6
    assert scene.prove(scene.begin(MOBILE)).status == 200


def test_a_browser_that_signed_in_before_is_counted_apart(scene: Scene) -> None:
    """A stranger who knows the word uses five codes up; the victim's own browser gets one."""
    scene.deliver(recorded())
    browser = f"known.{sealed('browser', 'known')}"
    for _ in range(6):
        scene.prove(scene.begin(MOBILE))
    before = len(scene.messages)
    for cookie, sent in ((f"{browser}x", 0), (browser, 1)):
        step = scene.begin(MOBILE)
        scene.form("/sign-in/word", cookies={"browser": cookie}, step=step, agreed_word=WORD)

        assert len(scene.messages) == before + sent


def test_attempts_at_the_code_are_limited(scene: Scene) -> None:
    """After five wrong codes even the right one does not open this step."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()
    tries = [scene.enter_code(step, wrong(code)).status for _ in range(5)]

    assert tries == [403] * 5
    assert scene.enter_code(step, code).status == 429


def test_asking_for_another_code_does_not_give_more_attempts(scene: Scene) -> None:
    """A stranger who knows the word cannot guess codes, or have texts sent, without end."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    for _ in range(10):
        scene.prove(step)
        for _ in range(3):
            scene.enter_code(step, wrong(scene.last_code()))

    assert scene.prove(step).status == 429
    assert len(scene.messages) <= 6


def test_a_code_runs_out(scene: Scene) -> None:
    """A quarter of an hour later the code is worth nothing."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()
    scene.advance(minutes=15)

    assert scene.enter_code(step, code).status == 410


def test_a_code_works_once(scene: Scene) -> None:
    """Nobody who sees a code over a shoulder can use it after its owner did."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.prove(step)
    code = scene.last_code()

    assert scene.enter_code(step, code).status == 200
    assert scene.enter_code(step, code).status == 410


def test_a_code_is_for_its_own_step(scene: Scene) -> None:
    """Another person's code, or none yet, opens nothing."""
    scene.deliver(recorded())
    first, second = scene.begin(MOBILE), scene.begin(MOBILE)
    scene.prove(first)
    code = scene.last_code()
    scene.prove(second)

    assert scene.enter_code(second, code).status == 403
    assert scene.enter_code(scene.begin(MOBILE), code).status == 403
    assert scene.enter_code(scene.begin(MOBILE), "").status == 403


def test_a_sign_in_runs_out(scene: Scene) -> None:
    """A step nobody finished within half an hour is begun again; an unknown one is the same."""
    scene.deliver(recorded())
    step = scene.begin(MOBILE)
    scene.advance(minutes=30)

    assert scene.prove(step).body == scene.prove("no such step").body
    assert scene.prove(step).status == 410


def test_a_session_ends_half_an_hour_after_its_last_use(scene: Scene) -> None:
    """A victim who reads stays signed in; one who leaves does not."""
    scene.deliver(recorded())
    session = scene.session()
    for _ in range(3):
        scene.advance(minutes=25)

        assert scene.api("GET", "/crimes", session=session).status == 200

    scene.advance(minutes=30)

    assert scene.api("GET", "/crimes", session=session).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 401), (1, 401)])
def test_no_session_outlasts_its_hours(scene_with: SceneWith, *, seconds: int, status: int) -> None:
    """However busy a session is, a stranger with the phone must prove who they are next day."""
    scene = scene_with(session_hours_max=2)
    scene.deliver(recorded())
    session, begun_at = scene.session(), scene.now
    for minutes in range(20, 120, 20):
        scene.advance(to=begun_at + timedelta(minutes=minutes))

        assert scene.api("GET", "/crimes", session=session).status == 200

    scene.advance(to=begun_at + timedelta(hours=2, seconds=seconds))

    assert scene.api("GET", "/crimes", session=session).status == status


def test_the_limit_holds_where_it_is_the_shorter(scene_with: SceneWith) -> None:
    """A session that may stay unused for longer than it may last ends when it may not last."""
    scene = scene_with(session_minutes=90, session_hours_max=1)
    scene.deliver(recorded())
    session = scene.session()
    scene.advance(minutes=60)

    assert scene.api("GET", "/crimes", session=session).status == 401


def test_signing_out_ends_one_session(scene: Scene) -> None:
    """A victim who signs out on one device stays signed in on the other."""
    scene.deliver(recorded())
    phone, tablet = scene.session(), scene.session(address=MOBILE)

    assert scene.api("POST", "/sign-out", session=phone).status == 204
    assert scene.api("GET", "/crimes", session=phone).status == 401
    assert scene.api("GET", "/crimes", session=tablet).status == 200


def test_signing_out_of_nothing_is_no_error(scene: Scene) -> None:
    """Signing out twice, or without a session, is as good as having done it."""
    assert scene.api("POST", "/sign-out").status == 204
    assert scene.api("POST", "/sign-out", session="none").status == 204


def tried(scene: Scene, at: int | str, client: str, word: str = "password") -> int:
    """Try a word at an address, or one of many, from somewhere on the network."""
    address = at if isinstance(at, str) else f"07700900{at:03}"
    app = scene.app

    async def located(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (client, 50000)}, receive, send)

    scene.app = located
    try:
        answer = scene.api("POST", "/sign-in", {"address": address})
        if answer.status != 200:
            return answer.status
        return scene.prove(str(answer.json["step"]), word).status
    finally:
        scene.app = app


def test_one_client_does_not_try_a_word_at_150_addresses(scene: Scene) -> None:
    """After 20 wrong ones it learns no more for the hour, and nobody behind it is shut out."""
    scene.deliver(recorded())
    tries = [tried(scene, number, "203.0.113.7") for number in range(200, 350)]

    assert tries == [403] * 20 + [200] * 130
    assert tried(scene, 1, "203.0.113.8") == 200  # all together got 100 wrong


def test_many_clients_do_not_try_a_word_at_150_addresses(scene: Scene) -> None:
    """Together they get 100 an hour wrong, and learn no more; an invitation leads on as ever."""
    scene.deliver(recorded())
    tries = [tried(scene, number, f"198.51.100.{number}") for number in range(150)]

    assert tries == [403] * 100 + [200] * 50

    step = str(scene.open_invitation(scene.messages[0].link).json["step"])

    assert scene.prove(step, "password").status == 403
    assert scene.prove(step).status == 200

    scene.advance(hours=1)

    assert tried(scene, 0, "198.51.100.0") == 403


def sprayed(scene_with: SceneWith) -> Scene:
    """Let a stranger use up what all may get wrong in this hour."""
    scene = scene_with(wrong_proofs_per_hour_max=1)
    scene.deliver(recorded())

    assert tried(scene, 999, "203.0.113.7") == 403

    return scene


def test_a_stranger_who_uses_the_limit_up_shuts_no_victim_out(scene_with: SceneWith) -> None:
    """The victim begins by their number, gives their word, and signs in with the code."""
    scene = sprayed(scene_with)
    before = len(scene.messages)
    session = scene.session(address=MOBILE)

    assert len(scene.messages) == before + 1
    assert scene.api("GET", "/crimes", session=session).status == 200


def test_no_answer_tells_which_proof_is_right(
    scene_with: SceneWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer and the same work: a code is sent when the answer has gone."""
    scene = sprayed(scene_with)
    before, left = len(scene.messages), []

    async def gone(task: BackgroundTask) -> None:
        left.append(task)

    monkeypatch.setattr(BackgroundTask, "__call__", gone)
    steps = [scene.begin(MOBILE), scene.begin(MOBILE), scene.begin(UNKNOWN)]
    costs, answers = [], []
    for step, word in zip(steps, ["wrong", None, "wrong"], strict=True):
        with counted(scene) as work:
            answer = scene.prove(step) if word is None else scene.prove(step, word)
        costs.append(dict(work))
        answers.append((answer.status, str(answer.json).replace(step, "step")))

    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert costs == costs[:1] * 3
    assert len(left) == 3
    assert len(scene.messages) == before


@pytest.mark.parametrize(("word", "sent"), [("wrong", 0), (WORD, 1)])
def test_a_browser_is_shown_one_page_for_both(scene_with: SceneWith, word: str, sent: int) -> None:
    """It says that a code comes if what was given is right."""
    scene = sprayed(scene_with)
    before, step = len(scene.messages), scene.begin(MOBILE)
    page = scene.form("/sign-in/word", step=step, agreed_word=word)

    assert page.status == 200
    assert "If what you gave us is right" in page.body.decode()
    assert len(scene.messages) == before + sent


def test_a_hidden_proof_that_was_wrong_opens_nothing(scene_with: SceneWith) -> None:
    """No code is right for it, and five are tried."""
    scene = sprayed(scene_with)
    step = scene.begin(MOBILE)

    assert scene.prove(step, "wrong").status == 200
    assert [scene.enter_code(step, f"{n:06}").status for n in range(6)] == [403] * 5 + [429]


def test_a_victim_who_is_told_nothing_is_helped(scene_with: SceneWith) -> None:
    """They begin again with the wrong word as often as one step allows: the officer is asked."""
    scene = sprayed(scene_with)
    for _ in range(4):
        scene.prove(scene.begin(MOBILE), "wrong")
    scene.advance()

    assert tasks(scene, "identity_not_proved") == []

    scene.prove(scene.begin(MOBILE), "wrong")
    scene.advance()

    assert len(tasks(scene, "identity_not_proved")) == 1


def test_an_operator_sees_that_proofs_are_hidden(scene_with: SceneWith) -> None:
    """They count apart: a rise says that somebody sprays words."""
    scene = sprayed(scene_with)
    scene.prove(scene.begin(MOBILE))
    found = scraped(scene)

    assert found["portal_hidden_proofs_total[]"] == 1


def test_nobody_is_refused_to_begin(scene: Scene) -> None:
    """However many sign-ins one client began: a victim may be behind the same one."""
    statuses = {scene.api("POST", "/sign-in", {"address": UNKNOWN}).status for _ in range(150)}

    assert statuses == {200}


def test_right_proofs_use_nothing_up(scene_with: SceneWith) -> None:
    """A whole office behind one address may sign in."""
    scene = scene_with(wrong_proofs_per_client_max=1, wrong_proofs_per_hour_max=1)
    scene.deliver(recorded())

    assert [scene.prove(scene.begin(MOBILE)).status for _ in range(3)] == [200] * 3
