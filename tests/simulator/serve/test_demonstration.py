"""Rules of the demonstration: what is typed happens, and all that passes is shown."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from rich.console import Console

from reference.contract.messages import Stamp, Task
from simulator.drivers.base import Delivery
from simulator.errors import PortalNonsense, PortalUnreachable
from simulator.evidence.records import EventRecorded
from simulator.serve.crimes import Caseload
from simulator.serve.demonstration import Demonstration
from simulator.serve.keyboard import Keyboard
from simulator.serve.run import demonstrated
from simulator.serve.screen import Screen
from simulator.serve.typed import ROWS
from simulator.world import world as world_module
from tests.simulator.world.test_wall_clock_world import Wall, without_test_clock
from tests.simulator.worlds import START, TWO_FORCES


class Stage:
    """A demonstration around a scripted portal, with all of it to be looked at."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.around = without_test_clock()
        self.out, self.into = os.pipe()
        self._file = io.StringIO()
        self.set_phase(3)
        self.caseload = Caseload(self.around.world.order, identity_key="key", seed=1)
        self.demonstration = Demonstration(
            self.around.world,
            self.caseload,
            screen=Screen(Console(file=self._file, width=80), prompts=False),
            keyboard=Keyboard(self.out),
        )

    def set_phase(self, phase: int) -> None:
        """Have the phases up to this one be live."""
        self.around.world.order = demonstrated(TWO_FORCES, phase=phase, today=START.date())

    def play(self, *lines: str, seconds: int = 3) -> str:
        """Type lines, let the world go on for a while, and give what is then shown."""
        begun = len(self._file.getvalue())
        os.write(self.into, "".join(f"{line}\n" for line in lines).encode())
        until = self.wall.now + timedelta(seconds=seconds)
        self.demonstration.run(is_over=lambda: self.wall.now >= until)
        return self._file.getvalue()[begun:]

    @property
    def events(self) -> list[EventRecorded]:
        """All events so far."""
        return [each for each in self.around.evidence.records if isinstance(each, EventRecorded)]

    @property
    def recorded(self) -> list[str]:
        """Their kinds."""
        return [each.event_type for each in self.events]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Set the stage, with a clock on the wall that goes on while somebody waits."""
    wall = Wall()
    monkeypatch.setattr(world_module, "wall_now", wall.tell)
    monkeypatch.setattr(world_module, "wall_sleep", wall.sleep)
    made = Stage(wall)
    yield made
    os.close(made.out)
    os.close(made.into)


def test_it_begins_with_a_crime(stage: Stage) -> None:
    """One crime is there before anybody types, and the portal has it."""
    shown = stage.play()

    assert stage.recorded == ["CrimeRecorded"]
    assert "the portal has CrimeRecorded" in shown


def test_what_is_typed_is_recorded_and_delivered(stage: Stage) -> None:
    """Each line has its event, in the order of typing, about the crime in hand."""
    stage.play("deploy", "allocate", "close 18")

    assert stage.recorded == ["CrimeRecorded", "OfficerDeployed", "CrimeAllocated", "CrimeClosed"]
    assert len(stage.around.portal.taken) == 4


def test_messages_are_shown_with_their_link_and_code(stage: Stage) -> None:
    """What the victim needs is on the screen, though no evidence holds it."""
    victim = stage.caseload.crimes[0].victim
    link = "https://portal.example/invitation/abc"
    stage.around.send(f"Your link is {link}", to=victim.known.mobile_phone)
    stage.around.send("Code 123456", to=victim.known.email, channel="email", subject="Code")
    stage.around.send("Hello", to="07700900999")

    shown = stage.play()

    name = f"{victim.known.given_name} {victim.known.family_name}"
    assert f"TEXT to {victim.known.mobile_phone} ({name})" in shown
    assert f"EMAIL to {victim.known.email} ({name}): Code" in shown
    assert link in shown
    assert "123456" in shown
    assert "(nobody's)" in shown


def test_the_same_words_twice_are_shown_twice(stage: Stage) -> None:
    """A portal that sends twice is seen to."""
    mobile = stage.caseload.crimes[0].victim.known.mobile_phone
    stage.around.send("News", to=mobile)
    stage.around.send("News", to=mobile)

    assert stage.play().count("TEXT to") == 2


def test_stamps_tasks_and_refusals_are_shown(stage: Stage) -> None:
    """What arrives at the crime system, and what does not arrive at anybody, is seen."""
    reference = stage.caseload.crimes[0].reference
    stage.play("allocate")
    stage.around.crime_system.stamp(
        reference, Stamp(key="k", person_id="p", text="Any news?", written_at=START)
    )
    stage.around.crime_system.raise_task(
        Task(
            key="k",
            crime_reference=reference,
            kind="victim_question",
            person_id="p",
            reason="the victim has written",
        )
    )
    stage.around.inbox.refuse(channel="text", to="07700", status=400, reason="Too short")

    shown = stage.play()

    assert f"STAMP on {reference}: Any news?" in shown
    assert f"TASK for 4271 on {reference}: victim question, the victim has written" in shown
    assert "the gateway refused a message to 07700: Too short" in shown


@pytest.mark.parametrize(("status", "words"), [(400, "answered 400"), (500, "answered 500")])
def test_what_the_portal_does_not_take_is_shown(stage: Stage, status: int, words: str) -> None:
    """A vendor sees what their portal answered, and that it will be asked again."""
    stage.around.portal.on_deliver = lambda _delivery: status

    assert f"the portal {words} to CrimeRecorded; it is delivered again later" in stage.play()


def test_a_portal_that_talks_nonsense_is_told_of_and_served_on(stage: Stage) -> None:
    """One bad answer does not end a demonstration."""

    def nonsense(_delivery: Delivery) -> int:
        stage.around.portal.on_deliver = lambda _delivery: 202
        raise PortalNonsense("POST /crime-events answered a page")

    stage.around.portal.on_deliver = nonsense

    shown = stage.play("deploy")

    assert "POST /crime-events answered a page" in shown
    assert "the portal has OfficerDeployed" in shown


def test_a_portal_that_is_gone_ends_it(stage: Stage) -> None:
    """Nobody types on into nothing."""

    def gone(_delivery: Delivery) -> int:
        raise PortalUnreachable("nobody there")

    stage.around.portal.on_deliver = gone

    with pytest.raises(PortalUnreachable):
        stage.play(seconds=3600)


def test_a_note_is_for_the_force_alone(stage: Stage) -> None:
    """It is in the enquiry log as internal, and no event tells of it."""
    stage.play("note The brother did it")

    reference = stage.caseload.crimes[0].reference
    occurrence = stage.around.crime_system.occurrence(reference)
    assert occurrence is not None
    (entry,) = occurrence.enquiry_log
    assert (entry.text, entry.internal) == ("The brother did it", True)
    assert stage.recorded == ["CrimeRecorded"]


def test_the_victim_texts_back(stage: Stage) -> None:
    """What is answered to a text comes from the phone of the victim in hand."""
    stage.around.portal.capabilities |= {"received_texts"}
    mobile = stage.caseload.crimes[0].victim.known.mobile_phone

    shown = stage.play("text STOP")

    assert [each.message for each in stage.around.portal.texts] == ["STOP"]
    assert f"TEXT BACK from {mobile}: STOP" in shown


def test_a_portal_that_takes_no_texts_is_not_sent_any(stage: Stage) -> None:
    """It is said why nothing follows."""
    assert "does not claim received_texts" in stage.play("text STOP")


def test_new_is_another_victim_and_is_then_in_hand(stage: Stage) -> None:
    """Events go to the newest crime until one goes back to another."""
    shown = stage.play("new", "deploy", "crime 1", "charge", "merge 2", "crime 3")

    first, second = stage.caseload.crimes
    assert second.victim.proof in shown
    assert [(each.event_type, each.crime_reference) for each in stage.events] == [
        ("CrimeRecorded", first.reference),
        ("CrimeRecorded", second.reference),
        ("OfficerDeployed", second.reference),
        ("OutcomeRecorded", first.reference),
        ("CrimeMerged", first.reference),
    ]
    assert second.reference.encode() in bytes(stage.events[-1].data)
    assert "There is no crime 3: there is 1 to 2." in shown


def test_who_and_help_show_all_there_is(stage: Stage) -> None:
    """What has scrolled away can be seen again."""
    shown = stage.play("new", "who", "help")

    for crime in stage.caseload.crimes:
        assert crime.victim.proof in shown
        assert crime.victim.known.email in shown
    assert all(row.says in shown for row in ROWS.values())


@pytest.mark.parametrize("line", ["", "delpoy", "close 1", "appointment-moved"])
def test_what_cannot_be_done_is_one_line(stage: Stage, line: str) -> None:
    """A slip says what can be typed, and nothing happens."""
    stage.play()
    shown = stage.play(line)

    assert shown.count("\n") == 1
    assert "ype " in shown
    assert stage.recorded == ["CrimeRecorded"]


def test_quit_ends_it(stage: Stage) -> None:
    """Nothing typed after it is waited for."""
    stage.play("quit", seconds=3600)

    assert stage.wall.now < START + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("phase", "line", "hint"),
    [
        (1, "reply Hello", "The order has no message before phase 3 for OfficerReplied."),
        (3, "reply Hello", ""),
        (3, "away", ""),
        (3, "unsafe", "The order has no message of its own for VictimDetailsChanged."),
        (3, "close 18", ""),
        (3, "close 5", "it waits until you type contacted"),
    ],
)
def test_why_nothing_follows_is_said(stage: Stage, phase: int, line: str, hint: str) -> None:
    """Nobody waits for a message that the order does not have."""
    stage.play("allocate")
    stage.set_phase(phase)

    shown = stage.play(line)

    if hint:
        assert hint in shown
    elif line != "away":
        assert "no message" not in shown
        assert "contacted" not in shown
