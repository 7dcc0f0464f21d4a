"""The demonstration: every command is carried out, and everything that happens is shown."""

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
from simulator.serve.run import demonstration_order
from simulator.serve.screen import Screen
from simulator.serve.typed_commands import ROWS
from simulator.world import world as world_module
from tests.simulator.world.test_wall_clock_world import Wall, without_test_clock
from tests.simulator.worlds import START, TWO_FORCES


class Stage:
    """A demonstration with a scripted portal, for tests."""

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
        self.around.world.order = demonstration_order(TWO_FORCES, phase=phase, today=START.date())

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
    """Set it up, with a wall clock that advances during waits."""
    wall = Wall()
    monkeypatch.setattr(world_module, "wall_now", wall.tell)
    monkeypatch.setattr(world_module, "wall_sleep", wall.sleep)
    made = Stage(wall)
    yield made
    os.close(made.out)
    os.close(made.into)


def test_it_begins_with_a_crime(stage: Stage) -> None:
    """One crime exists before anything is typed, and the portal has it."""
    shown = stage.play()

    assert stage.recorded == ["CrimeRecorded"]
    assert "the portal has CrimeRecorded" in shown


def test_what_is_typed_is_recorded_and_delivered(stage: Stage) -> None:
    """Each line makes its event, in order, about the current crime."""
    stage.play("deploy", "allocate", "close 18")

    assert stage.recorded == ["CrimeRecorded", "OfficerDeployed", "CrimeAllocated", "CrimeClosed"]
    assert len(stage.around.portal.taken) == 4


def test_messages_are_shown_with_their_link_and_code(stage: Stage) -> None:
    """The screen shows them, although the evidence does not."""
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
    """A duplicate is shown like any message."""
    mobile = stage.caseload.crimes[0].victim.known.mobile_phone
    stage.around.send("News", to=mobile)
    stage.around.send("News", to=mobile)

    assert stage.play().count("TEXT to") == 2


def test_stamps_tasks_and_refusals_are_shown(stage: Stage) -> None:
    """What arrives at the crime system is shown, and so is a refused message."""
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
def test_a_refused_event_is_shown(stage: Stage, status: int, words: str) -> None:
    """The screen shows the portal's answer, and that the event is sent again."""
    stage.around.portal.on_deliver = lambda _delivery: status

    assert f"the portal {words} to CrimeRecorded; it is delivered again later" in stage.play()


def test_a_nonsense_answer_is_shown_and_does_not_end_it(stage: Stage) -> None:
    """One bad answer does not end a demonstration."""

    def nonsense(_delivery: Delivery) -> int:
        stage.around.portal.on_deliver = lambda _delivery: 202
        raise PortalNonsense("POST /crime-events answered a page")

    stage.around.portal.on_deliver = nonsense

    shown = stage.play("deploy")

    assert "POST /crime-events answered a page" in shown
    assert "the portal has OfficerDeployed" in shown


def test_a_portal_that_is_gone_ends_it(stage: Stage) -> None:
    """The demonstration does not go on without a portal."""

    def gone(_delivery: Delivery) -> int:
        raise PortalUnreachable("nobody there")

    stage.around.portal.on_deliver = gone

    with pytest.raises(PortalUnreachable):
        stage.play(seconds=3600)


def test_a_note_is_for_the_force_alone(stage: Stage) -> None:
    """It is internal in the enquiry log, and makes no event."""
    stage.play("note The brother did it")

    reference = stage.caseload.crimes[0].reference
    occurrence = stage.around.crime_system.occurrence(reference)
    assert occurrence is not None
    (entry,) = occurrence.enquiry_log
    assert (entry.text, entry.internal) == ("The brother did it", True)
    assert stage.recorded == ["CrimeRecorded"]


def test_the_victim_texts_back(stage: Stage) -> None:
    """The text comes from the current victim's phone."""
    stage.around.portal.capabilities |= {"received_texts"}
    mobile = stage.caseload.crimes[0].victim.known.mobile_phone

    shown = stage.play("text STOP")

    assert [each.message for each in stage.around.portal.texts] == ["STOP"]
    assert f"TEXT BACK from {mobile}: STOP" in shown


def test_a_portal_that_takes_no_texts_is_not_sent_any(stage: Stage) -> None:
    """The screen says why nothing follows."""
    assert "does not claim received_texts" in stage.play("text STOP")


def test_new_reports_another_crime_and_switches_to_it(stage: Stage) -> None:
    """Events are about the newest crime until the user switches."""
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


def test_a_report_becomes_a_crime_or_none(stage: Stage) -> None:
    """Both go on under the reference of the report, of a victim of its own."""
    stage.play("incident", "record", "incident", "nocrime")

    _first, becomes, closes = stage.caseload.crimes
    assert [(each.event_type, each.crime_reference) for each in stage.events[1:]] == [
        ("IncidentReported", becomes.reference),
        ("CrimeRecorded", becomes.reference),
        ("IncidentReported", closes.reference),
        ("IncidentClosed", closes.reference),
    ]
    assert becomes.victim.record.person_id.encode() in bytes(stage.events[1].data)


def test_who_and_help_show_all_there_is(stage: Stage) -> None:
    """They show again what has scrolled away."""
    shown = stage.play("new", "who", "help")

    for crime in stage.caseload.crimes:
        assert crime.victim.proof in shown
        assert crime.victim.known.email in shown
    assert all(row.says in shown for row in ROWS.values())


@pytest.mark.parametrize("line", ["", "delpoy", "close 1", "appointment-moved"])
def test_a_command_that_is_not_possible_is_one_line(stage: Stage, line: str) -> None:
    """A mistake says what to type, and nothing happens."""
    stage.play()
    shown = stage.play(line)

    assert shown.count("\n") == 1
    assert "ype " in shown
    assert stage.recorded == ["CrimeRecorded"]


def test_quit_ends_it(stage: Stage) -> None:
    """Nothing typed after it is read."""
    stage.play("quit", seconds=3600)

    assert stage.wall.now < START + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("phase", "line", "hint"),
    [
        (1, "reply Hello", "The order has no message for OfficerReplied before phase 3."),
        (3, "reply Hello", ""),
        (3, "away", ""),
        (2, "milestone suspect_identified", "The order has switched this milestone off"),
        (3, "milestone suspect_arrested", ""),
        (3, "unsafe", "The order has no message for VictimDetailsChanged."),
        (3, "close 18", ""),
        (3, "close 5", "type contacted"),
    ],
)
def test_the_screen_says_why_no_message_follows(
    stage: Stage, phase: int, line: str, hint: str
) -> None:
    """The user does not wait for a message that will not come."""
    stage.play("allocate")
    stage.set_phase(phase)

    shown = stage.play(line)

    if hint:
        assert hint in shown
    elif line != "away":
        assert "no message" not in shown
        assert "contacted" not in shown
