"""What a test sees as a victim does, and as an officer does: pages by the API, tasks, news."""

from typing import Any

from tests.reference.portal.crimes import CRIME
from tests.reference.portal.neighbours import Sent
from tests.reference.portal.scene import Scene


def summary(scene: Scene, session: str, crime: str = CRIME) -> dict[str, Any] | None:
    """Find a crime in somebody's list."""
    found = scene.api("GET", "/crimes", session=session).json["crimes"]
    return next((each for each in found if each["crime_reference"] == crime), None)


def opened(scene: Scene, session: str, crime: str = CRIME) -> dict[str, Any]:
    """Read a crime's page, which must be there."""
    answer = scene.api("GET", f"/crimes/{crime}/timeline", session=session)

    assert answer.status == 200, answer.body

    page: dict[str, Any] = answer.json
    return page


def kinds(scene: Scene, session: str, crime: str = CRIME) -> list[str]:
    """List what stands on a crime's page, oldest first."""
    return [entry["kind"] for entry in opened(scene, session, crime)["timeline"]]


def status_of_page(scene: Scene, session: str, crime: str = CRIME) -> int:
    """Say how a crime's page answers."""
    return scene.api("GET", f"/crimes/{crime}/timeline", session=session).status


def tasks(scene: Scene, kind: str) -> list[dict[str, Any]]:
    """List the tasks of a kind that the crime system was given."""
    return [each for each in scene.neighbours.tasks if each["kind"] == kind]


class News:
    """The messages that went since it was made."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._before = scene, len(scene.messages)

    @property
    def messages(self) -> list[Sent]:
        """Every one of them."""
        return self._scene.messages[self._before :]

    @property
    def to(self) -> list[str]:
        """Where they went."""
        return sorted(each.to for each in self.messages)
