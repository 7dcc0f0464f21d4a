"""Two workers want the same rows: one gives way and begins again, unseen by the sender."""

import msgspec
import pytest

from reference.portal.cases.cases import Cases
from reference.portal.storage.database import TransactionConflict
from reference.portal.web.hooks import CONFLICTS_MAX
from tests.reference.portal.crimes import MOBILE, enveloped, recorded
from tests.reference.portal.scene import Scene, problem

BODY = msgspec.json.encode([enveloped(recorded())])


def in_the_way(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have the first so many tries to keep a batch end, after all was done, as a deadlock does."""
    receive, left = Cases.receive, [TransactionConflict("deadlock detected")] * times

    async def conflicting(self: Cases, *given: object) -> None:
        async with self.crimes.database.transaction():
            await receive(self, *given)  # type: ignore[arg-type]
            if left:
                raise left.pop()

    monkeypatch.setattr(Cases, "receive", conflicting)


@pytest.mark.parametrize("times", [1, CONFLICTS_MAX])
def test_a_batch_that_gave_way_is_kept_in_the_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """It is answered 202 once it is kept, and has its effect once."""
    in_the_way(monkeypatch, times)

    assert scene.post_events(BODY).status == 202

    scene.advance()

    assert [each.to for each in scene.messages] == [MOBILE]


def test_a_batch_that_always_gives_way_may_come_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few tries it is 503 and nothing is kept; delivered again, it has its effect once."""
    in_the_way(monkeypatch, CONFLICTS_MAX + 1)
    refused = scene.post_events(BODY)

    assert refused.status == 503
    assert problem(refused)["title"].startswith("The service is not available")
    scene.advance()
    assert scene.messages == []

    assert scene.post_events(BODY).status == 202
    scene.advance()
    assert [each.to for each in scene.messages] == [MOBILE]
