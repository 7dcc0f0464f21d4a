"""Two workers of one PostgreSQL at the same moment: limits hold, nothing old is written back."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.portal.storage.people import People
from tests.reference.portal.crimes import (
    EMAIL,
    MOBILE,
    SAMS_MOBILE,
    alex,
    deployed,
    details,
    enveloped,
    recorded,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import SECRETS, Scene, bearer, form_key, status_of

Workers = tuple[Scene, Scene]
WAIT_SECONDS = 0.2  # for another worker, which waits for this one: it has no longer to show that


@pytest.fixture
def workers(tmp_path: Path, postgres_storage: Storage) -> Workers:
    """Two portals over one database, which know Alex."""
    first = Scene(tmp_path, storage=postgres_storage, not_for_me_per_client_max=3)
    first.deliver(recorded(alex(email=EMAIL)))
    second = Scene(
        tmp_path,
        storage=postgres_storage,
        neighbours=first.neighbours,
        not_for_me_per_client_max=3,
    )
    return first, second


def at_once(scene: Scene, *requests: Coroutine[Any, Any, int]) -> Counter[int]:
    """Send requests together; answers how often there was each status."""

    async def together() -> list[int]:
        return await asyncio.gather(*requests)

    return Counter(scene.run(together()))


def proving(scene: Scene, step: str, word: str) -> Coroutine[Any, Any, int]:
    """Give a word."""
    body = msgspec.json.encode({"step": step, "agreed_word": word})
    return status_of(scene.app, "POST", "/api/sign-in/word", body)


@pytest.mark.parametrize("address", [MOBILE, "07700900999"])
def test_no_two_are_the_last_answered_at_an_address(workers: Workers, address: str) -> None:
    """Of six who guess at once where two are left, two are told; what the others get is hidden."""
    first, _second = workers
    for count in (5, 5, 5, 3):
        step = first.begin(address)
        for guess in range(count):
            assert first.prove(step, f"guess {guess}").status == 403
    steps = [first.begin(address) for _ in range(6)]
    tries = [proving(workers[n % 2], step, f"{n}") for n, step in enumerate(steps)]

    assert at_once(first, *tries) == {403: 2, 200: 4}


def test_no_two_are_the_last_try_at_a_step(workers: Workers) -> None:
    """Of eight who guess at once at one step, five may."""
    first, _second = workers
    step = first.begin(MOBILE)

    assert at_once(first, *(proving(workers[n % 2], step, f"{n}") for n in range(8))) == {
        403: 5,
        429: 3,
    }


def test_one_code_makes_one_session(workers: Workers) -> None:
    """A victim who sends a form twice, to two workers, is signed in once."""
    first, _second = workers
    step = first.begin(MOBILE)
    first.prove(step)
    body = msgspec.json.encode({"step": step, "code": first.last_code()})
    tries = [status_of(each.app, "POST", "/api/sign-in/code", body) for each in workers]

    assert at_once(first, *tries) == {200: 1, 410: 1}
    assert len(first.rows()["session"]) == 1


def test_no_two_are_the_last_that_is_usual(workers: Workers) -> None:
    """Of eight who say "not for me" at once where three may, three count as usual."""
    first, _second = workers
    crowd = [alex(f"person-{n}", mobile_phone=f"0770090080{n}") for n in range(8)]
    first.deliver(recorded(*crowd, crime="4"))
    headers = {"content-type": "application/x-www-form-urlencoded", "cookie": "__Host-csrf=key"}
    tries = [
        status_of(
            workers[n % 2].app,
            "POST",
            "/not-for-me",
            f"csrf={form_key()}&address=0770090080{n}".encode(),
            headers,
        )
        for n in range(8)
    ]

    assert at_once(first, *tries) == {200: 8}

    clock = msgspec.json.encode({"now": first.now})
    due = [
        status_of(each.app, "POST", "/test-clock", clock, bearer(SECRETS.test_clock))
        for each in workers
    ]

    assert at_once(first, *due) == {200: 2}
    assert len(first.rows()["not_for_me"]) == 3
    assert first.rows()["address_stopped"] == []


def test_a_choice_writes_no_old_record_back(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number that the force puts right while a victim chooses is the one that is used."""
    first, second = workers
    session = first.session()
    changed = msgspec.json.encode([enveloped(details(alex(mobile_phone=SAMS_MOBILE, email=EMAIL)))])
    choose = People.choose
    meanwhile: list[asyncio.Task[int]] = []

    async def slowly(self: People, *given: Any) -> None:
        await choose(self, *given)
        if not meanwhile:
            writing = status_of(
                second.app, "POST", "/crime-events", changed, second.signed(changed)
            )
            meanwhile.append(asyncio.create_task(writing))
            await asyncio.wait(meanwhile, timeout=WAIT_SECONDS)

    async def both() -> list[int]:
        body = msgspec.json.encode({"channels": ["text"]})
        status = await status_of(first.app, "PUT", "/api/contact", body, bearer(session))
        return [status, *await asyncio.gather(*meanwhile)]

    monkeypatch.setattr(People, "choose", slowly)

    assert first.run(both()) == [200, 202]

    first.advance()
    news = News(first)
    first.deliver(deployed())

    assert news.to == [SAMS_MOBILE]


def test_a_number_that_bounces_while_it_is_given_is_nobodys(workers: Workers) -> None:
    """In a hundred rounds on two workers: news never goes to a number that does not work."""
    first, second = workers
    names = [f"{number:02}" for number in range(100)]
    old = {name: f"077009002{name}" for name in names}
    dead = {name: f"077009003{name}" for name in names}
    for name in names:
        their, other = alex(f"p{name}", mobile_phone=old[name]), alex(f"o{name}")
        holder = structs.replace(other, mobile_phone=dead[name])
        first.deliver(recorded(their, crime=f"p{name}"), recorded(holder, crime=f"o{name}"))
    for name in names:
        given = alex(f"p{name}", mobile_phone=dead[name])
        changed = msgspec.json.encode([enveloped(details(given, crime=f"p{name}"))])
        bounced = {"id": f"bounce-{name}", "to": dead[name], "notification_type": "sms"}
        receipt = msgspec.json.encode({**bounced, "status": "permanent-failure"})
        both = (
            status_of(first.app, "POST", "/crime-events", changed, first.signed(changed)),
            status_of(second.app, "POST", "/delivery-receipts", receipt, bearer(SECRETS.receipts)),
        )
        assert at_once(first, *both).keys() <= {200, 202, 204}
    first.advance()
    news = News(first)
    first.deliver(*(deployed(f"p{name}") for name in names))

    assert not {*news.to} & {*dead.values()}
    asked = {each["person_id"] for each in tasks(first, "contact_details")}
    assert {f"p{name}" for name in names} <= asked


def test_stop_is_of_who_has_the_number_when_it_is_taken(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A victim who has another number by then is texted there."""
    first, second = workers
    reached_at = People.reached_at
    meanwhile = [second.coming(details(alex(mobile_phone=SAMS_MOBILE, email=EMAIL)))]

    async def slowly(self: People, address: str) -> list[str]:
        found = await reached_at(self, address)
        if meanwhile:
            await asyncio.ensure_future(meanwhile.pop()())
        return found

    monkeypatch.setattr(People, "reached_at", slowly)
    text = {"id": "text-1", "source_number": MOBILE, "message": "STOP"}
    body = msgspec.json.encode(text)
    path, headers = "/received-texts", bearer(SECRETS.receipts)

    assert at_once(first, status_of(first.app, "POST", path, body, headers)).keys() <= {200, 204}

    first.advance()
    news = News(first)
    first.deliver(deployed())

    assert SAMS_MOBILE in news.to
