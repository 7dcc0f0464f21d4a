"""What a victim wrote is never lost: where it cannot be sent it is given back to them alone."""

from collections.abc import Callable
from html import unescape

import pytest

from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import DatabaseDown
from tests.reference.portal.crimes import CRIME, PHASE_3, cancelled, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import Scene
from tests.simulator.asgi import Answer

WORDS = "It was </textarea><b>my neighbour</b>.\n\nI am sure."
PATH = f"/crimes/{CRIME}/questions"


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


@pytest.fixture
def scene(scene_with: Callable[..., Scene]) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    return scene


def given_back(answer: Answer) -> str:
    """Read what stands on a page to be copied ("" for nothing)."""
    page = answer.body.decode()
    _, _, rest = page.partition("readonly>\n")
    return unescape(rest.partition("</textarea>")[0])


def test_who_was_signed_out_while_they_wrote_has_it_to_copy(scene: Scene) -> None:
    """Escaped, on a page that no cache keeps; it is neither sent nor stored."""
    session = scene.session()
    scene.advance(minutes=31)
    before = scene.rows()
    answer = scene.form(PATH, cookies={"session": session}, text=WORDS, key="key")

    assert answer.status == 401
    assert given_back(answer) == WORDS
    assert "<b>my" not in answer.body.decode()
    assert 'href="/"' in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"
    assert scene.rows() == before


def test_whose_crime_is_gone_meanwhile_has_it_to_copy(scene: Scene) -> None:
    """A page that says no gives the words back too."""
    scene.deliver(recorded(crime="4", recorded_at=PHASE_3))
    session = scene.session()
    scene.deliver(cancelled(at=PHASE_3))
    answer = scene.form(PATH, cookies={"session": session}, text=WORDS, key="key")

    assert answer.status == 404
    assert given_back(answer) == WORDS


def test_who_meets_a_portal_without_its_database_has_it_to_copy(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks while a message is taken loses no message."""
    session = scene.session()

    async def down(*_: object) -> None:
        raise DatabaseDown("gone")

    monkeypatch.setattr(Crimes, "surviving", down)
    answer = scene.form(PATH, cookies={"session": session}, text=WORDS, key="key")

    assert answer.status == 503
    assert given_back(answer) == WORDS


@pytest.mark.parametrize("csrf", ["", "another"])
def test_another_sites_form_is_given_nothing_back(scene: Scene, csrf: str) -> None:
    """No other site can have our page say its words."""
    answer = scene.form(PATH, csrf=csrf, text=WORDS)

    assert answer.status == 403
    assert "neighbour" not in answer.body.decode()


@pytest.mark.parametrize("typed", ["", " \n"])
def test_who_wrote_nothing_is_led_to_the_start(scene: Scene, typed: str) -> None:
    """There is nothing to copy."""
    answer = scene.form(PATH, text=typed)

    assert (answer.status, answer.headers["location"]) == (303, "/")
