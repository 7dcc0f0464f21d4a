"""A driver that answers while its portal is stopped is found; one that fails is not."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.check.stopped_portal import answers_while_stopped, can_be_stopped, note_driver
from simulator.check.table import CheckTable
from simulator.drivers.base import Refused, Session
from simulator.errors import CannotVerify, PortalNonsense, PortalUnreachable
from simulator.inputs.target import Access, Claims, Target
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import Around

WAYS: dict[str, dict[str, Any]] = {
    "class and command": {"driver": "a:B", "command": ("x", "{port}")},
    "program and command": {"program": ("x",), "command": ("x", "{port}")},
    "class alone": {"driver": "a:B"},
    "url alone": {"command": ("x", "{port}")},
}


def target(way: str, *, signatory: str = "Dana Okafor, test manager") -> Target:
    """Make a target that is reached in this way."""
    access = WAYS[way]
    url = "http://127.0.0.1:{port}" if "command" in access else ""
    return Target(
        claims=Claims(
            name="A portal", version="1", phases=(1,), capabilities=(), signatory=signatory
        ),
        access=Access(portal_url=url, **access),
        order="scenarios/orders/two-forces.toml",
    )


class Failing(ScriptedDriver):
    """A driver whose every method raises `error` once its portal is stopped."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def __getattribute__(self, name: str) -> Any:
        """Give a method that raises."""
        found = super().__getattribute__(name)
        if name.startswith("_") or not callable(found) or name in ("on_deliver", "on_advance"):
            return found

        def fail(*_given: object) -> object:
            raise self._error

        return fail


def around(portal: ScriptedDriver, stop: Callable[[], None] = lambda: None) -> Around:
    """Make a world whose portal can be stopped."""
    made = Around(portal=portal)
    made.world.breakdowns.stop = stop
    if not isinstance(portal, Failing):
        # Its pages say when its clock was last moved.
        portal.advance_to(made.clock.now)
    return made


def test_a_driver_that_answers_is_named_method_by_method() -> None:
    """The portal is stopped first; a text or a clock without a claim is not asked."""
    stopped: list[str] = []
    portal = ScriptedDriver()
    portal.capabilities |= {"not_for_me"}
    made = around(portal, lambda: stopped.append("portal"))

    answered = answers_while_stopped(made.world, session=Session("s"), link="http://a.test/x")

    assert stopped == ["portal"]
    assert {"deliver", "begin_sign_in", "crimes", "receive_text", "advance_to"} <= {*answered}
    assert "not_for_me" in answered
    assert "enter_phase" not in answered


@pytest.mark.parametrize(
    "error",
    [PortalUnreachable("no"), PortalNonsense("no"), CannotVerify("no"), Refused(401, "no")],
    ids=lambda each: type(each).__name__,
)
def test_a_driver_that_fails_is_right(error: Exception) -> None:
    """It may raise what it raises in a run, or refuse what it cannot know."""
    assert answers_while_stopped(around(Failing(error)).world, link="http://a.test/x") == ()


def test_a_delivery_that_is_not_taken_is_no_answer() -> None:
    """A status says that the portal does not have the events."""
    portal = ScriptedDriver(on_deliver=lambda _delivery: 503)

    assert "deliver" not in answers_while_stopped(around(portal).world)


@pytest.mark.parametrize("way", WAYS)
def test_only_a_driver_before_a_portal_that_we_start_can_be_tried(way: str) -> None:
    """A driver that starts the portal can only be suspected; without a driver there is nothing."""
    rows = CheckTable()
    note_driver(rows, target(way), around(ScriptedDriver()).world, None, "")

    assert can_be_stopped(target(way)) == way.endswith("and command")
    verdicts = [each.verdict for each in rows.rows]
    assert verdicts == {"class alone": ["OMIT"], "url alone": []}.get(way, ["FAIL"])


def test_who_vouches_for_a_driver_is_named() -> None:
    """In words, and where nobody signs that is said too."""
    for signatory, named in (("Dana Okafor", "vouched for by Dana Okafor"), ("", "by nobody")):
        rows = CheckTable()
        made = target("class alone", signatory=signatory)
        note_driver(rows, made, around(ScriptedDriver()).world, None, "")
        assert named in rows.rows[0].seen


def test_a_portal_without_a_process_of_its_own_is_not_stopped() -> None:
    """That is told, and nothing is asked."""
    with pytest.raises(CannotVerify, match="we did not start this portal"):
        answers_while_stopped(Around(portal=ScriptedDriver()).world)
