"""Another victim's crime by every route: read or written, however its reference is spelled.

The last tests open one hole each and show that it is found.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from starlette.routing import Route

from reference.contract.messages import CrimeSummary
from reference.portal.portal import Portal
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes
from reference.portal.web import api, pages
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    PHASE_3,
    allocated,
    cancelled,
    merged,
    recorded,
    replied,
    sam,
)
from tests.reference.portal.scene import Scene, SceneWith
from tests.simulator.asgi import Answer

SAMS = "Sams/4326-Ab"
MERGED, CANCELLED, EXCLUDED = "Sams-merged", "Sams-cancelled", "Sams-excluded"
SECRET = "Theft of a heron"  # stands in everything that is Sam's


@pytest.fixture
def scene(scene_with: SceneWith) -> Scene:
    """A portal in phase 3: Alex has a crime, and Sam one of every kind."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    for crime in (SAMS, MERGED, CANCELLED):
        scene.deliver(recorded(sam(), crime=crime, offence=SECRET, recorded_at=PHASE_3))
    hidden = {"offence": SECRET, "safeguarding": ("sexual",)}
    scene.deliver(recorded(sam(), crime=EXCLUDED, recorded_at=PHASE_3, **hidden))
    scene.deliver(allocated(SAMS, at=PHASE_3), replied(SAMS, "sam", text=SECRET))
    scene.deliver(merged(MERGED, SAMS, at=PHASE_3), cancelled(CANCELLED, at=PHASE_3))
    return scene


def spellings(reference: str) -> Iterator[str]:
    """Write a reference in an address as it should be, and in ways that only look like it."""
    quoted = quote(reference, safe="")
    yield from (quoted, quote(reference, safe="/"))
    yield "".join(f"%{byte:02x}" for byte in reference.encode())
    yield from (quoted.lower(), quoted.upper(), quoted.swapcase())
    yield from (quote(quoted, safe=""), f"./{quoted}", f"x/../{quoted}", f"/{quoted}")
    yield from (f"{quoted}/", f"{quoted}%00", f"{quoted}%20", f"%20{quoted}", f"{quoted}%3Fq")
    yield from (f"{quoted}%2F", f"%2F{quoted}", quoted.replace("%2F", "%5C"), f"{quoted};a=b")


def targets(scene: Scene) -> list[tuple[str, str]]:
    """List method and path of every route that takes a reference."""
    return [
        (method, route.path)
        for route in scene.routes
        if isinstance(route, Route) and "{reference" in route.path
        for method in sorted(route.methods or ())
    ]


def ask_for(scene: Scene, session: str, crime: str) -> Iterator[tuple[str, Answer]]:
    """Ask for a crime by every route, and try to write to it."""
    for method, path in targets(scene):
        for spelled in spellings(crime):
            target = path.replace("{reference:path}", spelled)
            cookies = {"session": session}
            if path.startswith("/api/"):
                answer = scene.api(
                    method, target[4:], {"text": "Hello", "confirmed": True}, session=session
                )
            elif method == "POST":
                fields = {"text": "Hello", "key": "key", "confirmed": "yes"}
                answer = scene.form(target, cookies=cookies, **fields)
            else:
                answer = scene.page(target, cookies=cookies, method=method)
            yield f"{method} {target}", answer


def check(scene: Scene, session: str, crime: str) -> None:
    """Nothing of the crime is shown, and nothing is written of it."""
    before = scene.rows()["post"]
    for asked, answer in ask_for(scene, session, crime):
        said = answer.body.decode() + repr(answer.headers)

        assert answer.status in {404, 405}, asked
        assert SECRET not in said, asked
    scene.advance(minutes=1)

    assert scene.rows()["post"] == before
    assert scene.neighbours.stamps == []
    assert not any(each["kind"] == "withdrawal_discussion" for each in scene.neighbours.tasks)


@pytest.mark.parametrize("crime", [SAMS, MERGED, CANCELLED, EXCLUDED])
def test_anothers_crime_is_not_to_be_had(scene: Scene, crime: str) -> None:
    """Merged, cancelled, excluded or as it was: by no route and in no spelling."""
    check(scene, scene.session(address=MOBILE), crime)


def test_there_are_routes_to_try(scene: Scene) -> None:
    """If a route with a reference is new, it is tried as well."""
    assert len(targets(scene)) >= 11
    assert {method for method, _ in targets(scene)} == {"GET", "HEAD", "POST"}


def test_its_own_victim_does_have_it(scene: Scene) -> None:
    """The same references, rightly spelled, lead Sam to Sam's crime."""
    session = scene.session(word="heron", address="07700900456")
    for reference in (SAMS, MERGED):
        path = f"/crimes/{quote(reference, safe='')}/timeline"

        assert SECRET in scene.api("GET", path, session=session).body.decode()


def test_a_crime_that_was_cancelled_is_gone_for_its_victim_too(scene: Scene) -> None:
    """An officer tells them; the page says no more than any that is not there."""
    check(scene, scene.session(word="heron", address="07700900456"), CANCELLED)


def test_another_crime_that_was_merged_into_ones_own_is_not_to_be_had(scene: Scene) -> None:
    """Its reference would tell that the force takes the two for one."""
    scene.deliver(merged(SAMS, CRIME, at=PHASE_3))

    check(scene, scene.session(address=MOBILE), SAMS)


def test_lists_and_addresses_are_ones_own(scene: Scene) -> None:
    """What needs no reference has nothing of another's either."""
    session = scene.session(address=MOBILE)
    for path in ("/crimes", "/contact", "/advice"):
        said = [
            scene.api("GET", path, session=session).body.decode(),
            scene.page(path, cookies={"session": session}).body.decode(),
        ]

        assert not any(
            each in text for text in said for each in (SECRET, SAMS, "…456", "07700900456")
        )


# Each hole below is found.


@pytest.mark.parametrize("door", [api, pages])
def test_a_door_that_asks_not_whose_it_is_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, door: Any
) -> None:
    """A portal that shows any crime to any signed-in person, by its API or on its pages."""
    real = api.own_crime

    async def anybodys(portal: Portal, _person_id: str, reference: str) -> CrimeSummary:
        return await real(portal, "sam", reference)

    monkeypatch.setattr(door, "own_crime", anybodys)

    with pytest.raises(AssertionError):
        check(scene, scene.session(address=MOBILE), SAMS)


def test_a_merged_reference_that_opens_for_anybody_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that follows a merger and forgets to ask whose the other crime is."""
    real, own = CaseFile.summaries, Crimes.own

    async def followed(self: CaseFile, person_id: str, *reference: str) -> list[CrimeSummary]:
        return await real(self, "sam" if SAMS in reference else person_id, *reference)

    async def anybodys(self: Crimes, reference: str, _person_id: str) -> str:
        return await own(self, reference, "sam")

    monkeypatch.setattr(CaseFile, "summaries", followed)
    monkeypatch.setattr(Crimes, "own", anybodys)

    with pytest.raises(AssertionError):
        check(scene, scene.session(address=MOBILE), MERGED)
