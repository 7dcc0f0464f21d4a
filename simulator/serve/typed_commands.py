"""The commands of a demonstration, one row each, and a pure parser of lines.

A row with `records` makes an event of the contract; add a row for a new kind of event. The
demonstration does the other commands, by name.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, get_args

from reference.contract.events import (
    ClosingOutcome,
    CrimeCancelled,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    IncidentClosed,
    Milestone,
    OfficerDeployed,
    PersonsUnmerged,
    VictimContacted,
)
from simulator.legible import on_one_line
from simulator.serve import force_events
from simulator.serve.force_events import EventMaker, when

Given: TypeAlias = str | int

_NAME_SHOWN_MAX = 30


@dataclass(frozen=True)
class Argument:
    """What follows a command's name: how help shows it, and how to read it (None if wrong)."""

    shown: str
    what: str
    example: str
    read: Callable[[str], Given | None]


@dataclass(frozen=True)
class CommandRow:
    """One command."""

    name: str
    says: str
    records: EventMaker | None = None
    takes: Argument | None = None

    @property
    def shown(self) -> str:
        """How to type it."""
        return f"{self.name} {self.takes.shown}" if self.takes else self.name


@dataclass(frozen=True)
class Command:
    """A line that was understood; `given` is the value after the name."""

    name: str
    given: Given = ""


@dataclass(frozen=True)
class NotUnderstood:
    """A line that was not understood; the sentence says what to type."""

    sentence: str


def parse_line(line: str) -> Command | NotUnderstood:
    """Read a line. Pure, and never raises."""
    words = line.split(maxsplit=1)
    if not words:
        return NotUnderstood(f"Type one of: {', '.join(ROWS)}.")
    name, rest = words[0].casefold(), words[1].rstrip() if words[1:] else ""
    row = ROWS.get(name)
    if row is None:
        return NotUnderstood(_no_such(name))
    if row.takes is None:
        return NotUnderstood(f"Type only {name}: it takes no value.") if rest else Command(name)
    given = row.takes.read(rest)
    if given is None:
        takes = row.takes
        return NotUnderstood(
            f"Type {row.shown}: {takes.what}. For example: {name} {takes.example}."
        )
    return Command(name, given)


def _no_such(name: str) -> str:
    near = difflib.get_close_matches(name[:_NAME_SHOWN_MAX], ROWS, n=1)
    meant = f"; did you mean {near[0]}?" if near else "."
    shown = on_one_line(name[:_NAME_SHOWN_MAX])
    return f"There is no {shown!r}{meant} Type one of: {', '.join(ROWS)}."


def _words(characters_max: int) -> Callable[[str], str | None]:
    return lambda rest: rest if 1 <= len(rest) <= characters_max else None


def _one_of(numbers: range | tuple[int, ...]) -> Callable[[str], int | None]:
    by_words = {str(number): number for number in numbers}
    return by_words.get


TEXT = Argument("TEXT", "1 to 4,000 characters", "We are looking into it.", _words(4000))
FORCE = Argument("FORCE", "the other force's name", "Northmoor Police", _words(200))
SUBGROUP = Argument("SUBGROUP", "an offence subgroup", "Arson", _words(200))
NUMBER = Argument(
    "NUMBER", "the number of a crime (type who to see them)", "1", _one_of(range(1, 1000))
)
OUTCOME = Argument(
    "OUTCOME",
    "a Home Office outcome that closes a case, 2 to 18 or 20 to 22",
    "18",
    _one_of(get_args(ClosingOutcome)),
)
MILESTONE = Argument(
    "MILESTONE",
    f"one of {', '.join(get_args(Milestone))}",
    "suspect_arrested",
    {each: each for each in get_args(Milestone)}.get,
)


ROWS = {
    row.name: row
    for row in (
        CommandRow("deploy", "send an officer", when(OfficerDeployed, "deployed_at")),
        CommandRow(
            "allocate", "put an officer in charge; again, another officer", force_events.allocated
        ),
        CommandRow("team", "give the crime to a team, without an officer", force_events.to_team),
        CommandRow("appointment", "make an appointment with the victim", force_events.appointment),
        CommandRow(
            "appointment-moved", "move it to another day and place", force_events.appointment_moved
        ),
        CommandRow(
            "appointment-cancelled", "cancel the appointment", force_events.appointment_cancelled
        ),
        CommandRow(
            "milestone",
            "record a milestone of the investigation",
            force_events.milestone_reached,
            MILESTONE,
        ),
        CommandRow("charge", "charge a suspect", force_events.charged),
        CommandRow("close", "close the case with an outcome", force_events.closed, OUTCOME),
        CommandRow(
            "contacted",
            "record that an officer told the victim",
            when(VictimContacted, "contacted_at"),
        ),
        CommandRow("reopen", "reopen the case", when(CrimeReopened, "reopened_at")),
        CommandRow(
            "reclassify", "record it as another offence", force_events.reclassified, SUBGROUP
        ),
        CommandRow("merge", "merge it into another crime", force_events.merged, NUMBER),
        CommandRow("unmerge", "take its merger back", when(CrimeUnmerged, "unmerged_at")),
        CommandRow(
            "same",
            "merge the victim's record into that of another crime's victim",
            force_events.persons_merged,
            NUMBER,
        ),
        CommandRow(
            "apart",
            "take the merger of the victim's record back",
            when(PersonsUnmerged, "unmerged_at"),
        ),
        CommandRow(
            "transfer",
            "transfer it to another force",
            when(CrimeTransferred, "transferred_at", given_as="to_force"),
            FORCE,
        ),
        CommandRow("cancel", "cancel the record", when(CrimeCancelled, "cancelled_at")),
        CommandRow("away", "mark the officer in charge as away for a week", force_events.away),
        CommandRow(
            "left", "mark the officer in charge as having left the force", force_events.left
        ),
        CommandRow(
            "unsafe",
            "record that the victim is not safe to contact",
            force_events.details(safe_to_contact=False),
        ),
        CommandRow(
            "safe",
            "record that the victim is safe to contact",
            force_events.details(safe_to_contact=True),
        ),
        CommandRow("died", "record that the victim has died", force_events.details(has_died=True)),
        CommandRow(
            "witness",
            "record that the person is only a witness",
            force_events.details(role="witness"),
        ),
        CommandRow(
            "suspect",
            "record that the victim is a suspect in a linked crime",
            force_events.details(is_suspect_in_linked_crime=True),
        ),
        CommandRow("reply", "reply to the victim as the officer", force_events.replied, TEXT),
        CommandRow(
            "note", "write a note for the force only; the portal must never show it", takes=TEXT
        ),
        CommandRow("text", "text back as the victim, for example STOP", takes=TEXT),
        CommandRow("new", "report another crime of another victim, and switch to it"),
        CommandRow(
            "incident", "report something by another victim that is no crime yet, and switch to it"
        ),
        CommandRow("record", "record the report as a crime"),
        CommandRow(
            "nocrime",
            "close the report: no crime is recorded",
            when(IncidentClosed, "closed_at"),
        ),
        CommandRow("crime", "switch to an earlier crime", takes=NUMBER),
        CommandRow("who", "show crimes, victims, addresses and words"),
        CommandRow("help", "show the commands"),
        CommandRow("quit", "stop the portal and the doubles"),
    )
}
