"""A stranger says "this is not for me": a breach, and no way to silence victims one by one."""

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from reference.contract.events import VictimRecord
from reference.portal.web.requests import client_of
from tests.reference.operations.test_metrics import scraped
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    SAMS_MOBILE,
    alex,
    allocated,
    deployed,
    details,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import SECRETS, SETTINGS, Scene, SceneWith
from tests.reference.portal.storage.test_same_work import counted
from tests.simulator.asgi import Answer

OWN = re.compile(r"https://portal\.example/not-for-me/([\w-]+)")
HERE, THERE = "203.0.113.7", "198.51.100.9"
CROWD = tuple(f"07700900{number}" for number in range(200, 210))


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def say(scene: Scene, address: str, client: str = HERE) -> Answer:
    """Say that a message to an address was not for them, from somewhere on the network."""
    app = scene.app

    async def located(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (client, 50000)}, receive, send)

    scene.app = located
    try:
        return scene.form("/not-for-me", address=address)
    finally:
        scene.app = app


def stop(scene: Scene, address: str) -> None:
    """Say it as the person there can: by the link of the newest email, or by a text back."""
    if "@" in address:
        [*_, newest] = [each for each in scene.messages if each.to == address]
        [token] = OWN.findall(newest.words)
        assert scene.form("/not-for-me", token=token).status == 200
    else:
        assert text_back(scene, address, "NOT ME").status == 204
    scene.advance()


def text_back(scene: Scene, number: str, words: str) -> Answer:
    """Have a phone text the force."""
    text = {"id": f"{number} {words}", "source_number": number, "message": words}
    body = msgspec.json.encode(text)
    headers = {"authorization": f"Bearer {SECRETS.receipts}"}
    return scene.call("POST", "/received-texts", body, headers)


@pytest.mark.parametrize(
    "address", ["a\0b@mail.example", "alex\u200b@mail.example", "07700\x00900123"]
)
def test_what_is_no_address_is_asked_for_again(scene: Scene, address: str) -> None:
    """With a character that nobody sees in it, it would stop nobody's messages."""
    assert say(scene, address).status == 422


def with_crowd(scene: Scene) -> Scene:
    """Have ten victims of a crime each, who are reached by text, and an officer for each crime."""
    for number, mobile in enumerate(CROWD):
        victim: VictimRecord = alex(f"person-{number}", mobile_phone=mobile)
        scene.deliver(
            recorded(victim, crime=f"4326000010{number}"), allocated(f"4326000010{number}")
        )
    return scene


def reached(scene: Scene) -> set[str]:
    """Deploy an officer to every crime; answers which of the crowd still hear of it."""
    news = News(scene)
    for number in range(len(CROWD)):
        scene.deliver(deployed(f"4326000010{number}"))
    return set(news.to)


def test_not_for_me_is_a_breach_with_its_own_deadline(scene: Scene) -> None:
    """72 hours by the clock, weekends or not; the person it was meant for is named by reference."""
    scene.deliver(recorded())
    stop(scene, MOBILE)
    [task] = tasks(scene, "breach")

    assert task["due_at"] == "2026-06-06T11:00:00Z"
    assert (task["crime_reference"], task["person_id"]) == (CRIME, "alex")
    assert MOBILE not in task["reason"]
    assert scene.now == NOON


def test_what_anyone_may_say_is_an_urgent_task_and_nothing_else(scene: Scene) -> None:
    """Messages go on, and so do the link, the sign-in and the session: a stranger stops none."""
    scene.deliver(recorded())
    link, step = scene.messages[0].link, scene.begin(MOBILE)
    session = scene.session(address=MOBILE)
    say(scene, MOBILE)
    scene.advance()
    news = News(scene)
    scene.deliver(deployed())
    [task] = tasks(scene, "breach")

    assert news.to == [MOBILE]
    assert scene.open_invitation(link).status == 200
    assert scene.prove(step).status == 200
    assert scene.api("GET", "/crimes", session=session).status == 200
    assert task["due_at"] == "2026-06-04T11:00:00Z"
    assert "did not prove" in task["reason"]


def test_what_is_proved_after_anybody_said_it_is_a_task_of_its_own(scene: Scene) -> None:
    """The officer may have found nothing in the first; messages have stopped now."""
    scene.deliver(recorded())
    say(scene, MOBILE)
    scene.advance()
    stop(scene, MOBILE)
    first, second = tasks(scene, "breach")

    assert "messages still go there" in first["reason"]
    assert first["due_at"] == "2026-06-04T11:00:00Z"
    assert "messages still go there" not in second["reason"]
    assert second["due_at"] == "2026-06-06T11:00:00Z"

    text_back(scene, MOBILE, "Not for me")
    say(scene, MOBILE)
    scene.advance()

    assert len(tasks(scene, "breach")) == 2


def test_what_was_proved_needs_no_judging(scene: Scene) -> None:
    """No message goes there: nobody is told that they still do."""
    scene.deliver(recorded())
    stop(scene, MOBILE)
    say(scene, MOBILE)
    scene.advance()
    [task] = tasks(scene, "breach")

    assert "messages still go there" not in task["reason"]
    assert scraped(scene)["portal_not_for_me_total['left_to_the_force']"] == 0


def test_what_was_proved_counts_where_nobody_was_told_any_more(scene: Scene) -> None:
    """Many records had the number, so that nobody was told there; then its holder disowned it."""
    names = ("Marsh", "Reed", "Hill", "Wood", "Moor")
    people = [alex(f"p{number}", family_name=name) for number, name in enumerate(names)]
    scene.deliver(*(recorded(each, crime=f"crime {each.person_id}") for each in people))
    stop(scene, MOBILE)
    before = len(tasks(scene, "breach"))
    say(scene, MOBILE)
    scene.advance()

    assert before
    assert len(tasks(scene, "breach")) == before


def test_a_log_says_that_there_is_more_than_usual_only_where_there_is(
    scene_with: SceneWith, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator who is warned looks for mischief."""
    scene = with_crowd(scene_with(not_for_me_per_client_max=2))

    def warned() -> int:
        return sum("not_for_me_over_the_limit" in each.getMessage() for each in caplog.records)

    for address in CROWD[:2]:
        say(scene, address)
    scene.advance()

    assert warned() == 0

    say(scene, CROWD[2])
    scene.advance()

    assert warned() == 1


def test_the_link_of_an_email_stops_its_own_address_alone(scene: Scene) -> None:
    """It opens nothing, a scanner that follows it stops nothing, and it works for its address."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text", "email"))))
    [token] = OWN.findall(next(each.words for each in scene.messages if each.to == EMAIL))

    assert scene.open_invitation(token).status == 410
    assert scene.page(f"/not-for-me/{token}").status == 200

    news = News(scene)
    scene.deliver(deployed())

    assert sorted(news.to) == sorted([MOBILE, EMAIL])

    stop(scene, EMAIL)
    news = News(scene)
    scene.deliver(deployed("4326000010"))
    scene.deliver(allocated())

    assert EMAIL not in news.to


@pytest.mark.parametrize("changed", ["x", "é", "A" * 32, "-" * 32, "Z" * 31 + "_"])
def test_what_is_no_token_of_ours_stops_nothing(scene: Scene, changed: str) -> None:
    """Nor does one that was changed in any place, or an invitation's."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("email",))))
    [token] = OWN.findall(scene.messages[0].words)
    wrong = [
        token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]
        for place in range(len(token))
    ]
    for each in (changed, scene.messages[0].link, *wrong):
        assert scene.form("/not-for-me", token=each).status == 410, each
        assert scene.api("POST", "/not-for-me", {"token": each}).status == 410, each
    scene.advance()

    assert tasks(scene, "breach") == []


@pytest.mark.parametrize(
    "words", ["NOT ME", " not me. ", "Not for me!", "Wrong number", "ＮＯＴ ＭＥ"]
)
def test_a_text_from_the_phone_stops_it(scene: Scene, words: str) -> None:
    """Nobody answers it: that would be one more text to a stranger."""
    scene.deliver(recorded())
    news = News(scene)
    text_back(scene, f"44{MOBILE[1:]}", words)
    scene.deliver(deployed())

    assert news.to == []
    assert len(tasks(scene, "breach")) == 1


@pytest.mark.parametrize("changes", [0, 1])
def test_a_text_that_anybody_can_send_shuts_nobody_out(scene: Scene, changes: int) -> None:
    """Its sender can be forged: who has the proof comes in by the number, also after a change."""
    scene.deliver(recorded())
    scene.session(address=MOBILE)
    stop(scene, MOBILE)
    news = News(scene)
    scene.deliver(deployed(), *[details(alex(given_name="Alexandra"))] * changes)

    assert news.to == []
    assert scene.session(address=MOBILE)


def test_a_code_goes_to_a_disowned_number_only_where_there_is_no_other_way(scene: Scene) -> None:
    """A stranger who asked for no more is sent none where the victim has a mailbox of their own."""
    scene.deliver(recorded(alex(email=EMAIL)))
    scene.session(address=MOBILE)
    stop(scene, MOBILE)
    for address in (MOBILE, EMAIL):
        assert scene.prove(scene.begin(address)).status == 200
        assert scene.messages[-1].to == EMAIL


def test_a_mailbox_disowned_by_its_own_link_signs_nobody_in(scene: Scene) -> None:
    """Nobody else has that link: it is no forged word."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("email",))))
    scene.session(address=EMAIL)
    scene.deliver(deployed())
    stop(scene, EMAIL)

    assert scene.prove(scene.begin(EMAIL)).status == 403


def test_a_text_that_says_more_stops_nothing(scene: Scene) -> None:
    """The victim may write about somebody else."""
    scene.deliver(recorded())
    text_back(scene, MOBILE, "Not me who rang you, my son did")
    scene.deliver(deployed())

    assert tasks(scene, "breach") == []


def test_so_many_wait_and_no_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can report any address: the portal keeps a limited number of them."""
    monkeypatch.setattr("reference.portal.storage.stranger_reports._WAITING_MAX", 2)
    scene.deliver(recorded())

    assert [say(scene, f"0770090070{n}").status for n in range(4)] == [200, 200, 503, 503]

    scene.advance()

    assert say(scene, MOBILE).status == 200


def test_not_for_me_leaves_the_channel_that_is_theirs(scene: Scene) -> None:
    """A stranger's number stops; the victim's own email goes on."""
    scene.deliver(recorded(alex(email=EMAIL)))
    stop(scene, MOBILE)
    news = News(scene)
    scene.deliver(deployed())

    assert news.to == [EMAIL]


def test_not_for_me_ends_the_link_that_a_stranger_has(scene: Scene) -> None:
    """A victim with no other address is invited again by their own number."""
    scene.deliver(recorded())
    link = scene.messages[0].link
    stop(scene, MOBILE)
    scene.deliver(details(alex(mobile_phone=SAMS_MOBILE)))
    invited = scene.messages[-1]

    assert scene.open_invitation(link).status == 410
    assert invited.to == SAMS_MOBILE
    assert scene.open_invitation(invited.link).status == 200


def test_one_client_reports_a_few_and_the_supervisors_hear_of_the_rest(
    scene_with: SceneWith,
) -> None:
    """The same thanks each time: nothing stops, nothing is lost, and it shows."""
    scene = with_crowd(scene_with(not_for_me_per_client_max=3))
    answers = [say(scene, address) for address in CROWD]
    scene.advance()
    found = scraped(scene)
    breaches = tasks(scene, "breach")
    of_officers = [each for each in breaches if each["for_team"] == ""]

    assert len({answer.body for answer in answers}) == 1
    assert {answer.status for answer in answers} == {200}
    assert {each["person_id"] for each in of_officers} == {f"person-{n}" for n in range(10)}
    assert {each["for_officer"] for each in of_officers} == {"4271"}
    assert len(breaches) == len(of_officers) + 1
    assert found["portal_not_for_me_total['stopped']"] == 0
    assert found["portal_not_for_me_total['left_to_the_force']"] == 3
    assert found["portal_not_for_me_total['over_the_limit']"] == 7
    assert reached(scene) == set(CROWD)


def test_the_supervisors_hear_once_a_day_that_there_is_more(scene_with: SceneWith) -> None:
    """One task says that it may be done to cause trouble, however many addresses were reported."""
    scene = with_crowd(scene_with(not_for_me_per_client_max=1))
    for address in CROWD:
        say(scene, address)
    scene.advance()
    supervisors = SETTINGS["supervisors"]["thames_valley"]
    [task] = [each for each in tasks(scene, "breach") if each["for_team"] == supervisors]

    assert "cause trouble" in task["reason"]
    assert task["due_at"] == "2026-06-06T11:00:00Z"
    assert not any(address in task["reason"] for address in CROWD)

    scene.advance(days=1)
    for address in CROWD[:3]:
        say(scene, address)
    scene.advance()

    assert len([each for each in tasks(scene, "breach") if each["for_team"] == supervisors]) == 2


@pytest.mark.parametrize(("apart", "asked"), [(0, 1), (3599, 1), (3600, 0)])
def test_the_limit_is_for_an_hour(scene_with: SceneWith, apart: int, asked: int) -> None:
    """An hour after the first there is room again, and not a second before."""
    scene = with_crowd(scene_with(not_for_me_per_client_max=1))
    say(scene, CROWD[0])
    scene.advance()
    scene.advance(seconds=apart)
    say(scene, CROWD[1])
    scene.advance()

    assert len([each for each in tasks(scene, "breach") if each["for_team"]]) == asked


@pytest.mark.parametrize(("clients", "asked"), [(4, 0), (5, 1)])
def test_many_clients_together_have_a_limit_too(
    scene_with: SceneWith, clients: int, asked: int
) -> None:
    """Each may say it once, and no more together than the force expects."""
    scene = with_crowd(scene_with(not_for_me_per_client_max=1, not_for_me_per_hour_max=4))
    for number in range(clients):
        say(scene, CROWD[number], f"203.0.113.{number}")
    scene.advance()

    assert len([each for each in tasks(scene, "breach") if each["for_team"]]) == asked


def test_made_up_addresses_silence_nobodys_objection(scene_with: SceneWith) -> None:
    """They use up no limit and leave nothing behind: a real wrong recipient is still heard."""
    scene = scene_with(not_for_me_per_client_max=1, not_for_me_per_hour_max=1)
    scene.deliver(recorded())
    before = scene.rows()
    for number in range(20):
        assert say(scene, f"077009007{number:02}").status == 200
    scene.advance()

    assert scene.rows() == before

    say(scene, MOBILE)
    scene.advance()
    [task] = tasks(scene, "breach")

    assert task["for_team"] == ""


@pytest.mark.parametrize("limit", [1, 5])
def test_the_known_and_the_unknown_cost_the_answer_the_same(tmp_path: Path, limit: int) -> None:
    """What comes of it is done later: whether the police know a number cannot be timed."""
    scene = with_crowd(Scene(tmp_path, not_for_me_per_client_max=limit))
    costs, answers = [], set()
    for address in (CROWD[0], CROWD[0], CROWD[1], "07700900799"):
        with counted(scene) as work:
            answers.add(say(scene, address).body)
        costs.append(dict(work))
        scene.advance()

    assert costs == costs[:1] * 4
    assert len(answers) == 1


def test_what_opens_the_portal_from_there_ends(scene_with: SceneWith) -> None:
    """Link, begun sign-in and session end; the link that went to the victim's own mailbox works."""
    both = alex(email=EMAIL, preferred_channels=("text", "email"))
    scene = scene_with()
    scene.deliver(recorded(both))
    links = {each.to: each.link for each in scene.messages}
    step, session = scene.begin(MOBILE), scene.session(address=EMAIL)
    stop(scene, MOBILE)

    assert scene.open_invitation(links[MOBILE]).status == 410
    assert scene.prove(step).status == 410
    assert scene.api("GET", "/crimes", session=session).status == 401
    assert scene.open_invitation(links[EMAIL]).status == 200


def test_a_stranger_who_was_reached_alone_has_no_link_left(scene: Scene) -> None:
    """Before the force has put the number right, too."""
    scene.deliver(recorded())
    stop(scene, MOBILE)

    assert scene.open_invitation(scene.messages[0].link).status == 410


def test_what_was_said_is_not_lost_with_the_worker(tmp_path: Path) -> None:
    """A report that was thanked for counts though the portal stopped at that moment."""
    scene = Scene(tmp_path)
    scene.deliver(recorded())
    text_back(scene, MOBILE, "NOT ME")
    again = Scene(tmp_path, neighbours=scene.neighbours)
    news = News(again)
    again.deliver(deployed())

    assert news.to == []
    assert len(tasks(again, "breach")) == 1


def test_where_it_came_from_is_not_kept(scene: Scene) -> None:
    """Within the hour a digest stands for the client; after the next it is gone too."""
    scene.deliver(recorded(), recorded(sam(), crime="4"))
    say(scene, MOBILE)
    scene.advance()

    assert HERE not in repr(scene.rows())
    assert MOBILE not in repr(scene.rows()["not_for_me"])

    scene.advance(hours=1)
    say(scene, SAMS_MOBILE, THERE)
    scene.advance()

    assert len(scene.rows()["not_for_me"]) == 1


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", ""),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_its_network(host: str, client: str) -> None:
    """A network of IPv6, as every household has, is one client."""
    assert client_of(Request({"type": "http", "client": (host, 1)})) == client


@given(st.one_of(st.none(), st.text(max_size=40)))
def test_whatever_a_server_says_of_a_client_is_taken(host: str | None) -> None:
    """A server may say nothing of it, or anything."""
    client = None if host is None else (host, 1)

    assert client_of(Request({"type": "http", "client": client})) is not None


def test_a_program_may_say_it_too(scene: Scene) -> None:
    """By the JSON API the same comes of it as by the page, and the answer tells nothing."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text", "email"))))
    [token] = OWN.findall(next(each.words for each in scene.messages if each.to == EMAIL))
    known = scene.api("POST", "/not-for-me", {"address": "+44 7700 900123"})
    unknown = scene.api("POST", "/not-for-me", {"address": "07700 900799"})
    proved = scene.api("POST", "/not-for-me", {"token": token})
    news = News(scene)
    scene.deliver(deployed())

    assert {(each.status, each.body) for each in (known, unknown, proved)} == {(204, b"")}
    assert news.to == [MOBILE]
    assert len(tasks(scene, "breach")) == 2


@pytest.mark.parametrize("body", [{}, {"address": MOBILE, "token": "x"}, {"token": None}])
def test_a_program_gives_one_of_the_two(scene: Scene, body: dict[str, str | None]) -> None:
    """The address or the token, and not both."""
    assert scene.api("POST", "/not-for-me", body).status == 400


def test_no_page_of_another_site_says_it(scene: Scene) -> None:
    """A browser sends what another site's form holds, and never as JSON without asking first."""
    scene.deliver(recorded())
    body = b'{"address": "07700900123"}'
    answer = scene.call("POST", "/api/not-for-me", body, {"content-type": "text/plain"})
    scene.advance()

    assert answer.status == 400
    assert tasks(scene, "breach") == []
