"""What can be typed while the portal is served: one row each, and a pure reader of lines.

A row that `records` makes an event of the contract; a new kind of event is a new row. The others
are done by the demonstration, which knows them by name.
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
    Milestone,
    MilestoneReached,
    OfficerDeployed,
    VictimContacted,
)
from simulator.legible import on_one_line
from simulator.serve import facts
from simulator.serve.facts import Records, when

Given: TypeAlias = str | int

_NAME_SHOWN_MAX = 30


@dataclass(frozen=True)
class Takes:
    """What follows a command's name: how help shows it, and how it is read (None: not one)."""

    shown: str
    what: str
    example: str
    read: Callable[[str], Given | None]


@dataclass(frozen=True)
class Row:
    """One thing that can be typed."""

    name: str
    says: str
    records: Records | None = None
    takes: Takes | None = None

    @property
    def shown(self) -> str:
        """How it is typed."""
        return f"{self.name} {self.takes.shown}" if self.takes else self.name


@dataclass(frozen=True)
class Command:
    """A line that was understood; `given` is what followed the name, read."""

    name: str
    given: Given = ""


@dataclass(frozen=True)
class Wrong:
    """A line that was not: one sentence that says what can be typed."""

    sentence: str


def parse(line: str) -> Command | Wrong:
    """Read a line. Pure, and never raises."""
    words = line.split(maxsplit=1)
    if not words:
        return Wrong(f"Type one of: {', '.join(ROWS)}.")
    name, rest = words[0].casefold(), words[1].rstrip() if words[1:] else ""
    row = ROWS.get(name)
    if row is None:
        return Wrong(_no_such(name))
    if row.takes is None:
        return Wrong(f"Type {name} alone: nothing follows it.") if rest else Command(name)
    given = row.takes.read(rest)
    if given is None:
        takes = row.takes
        return Wrong(f"Type {row.shown}: {takes.what}. For example: {name} {takes.example}.")
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


TEXT = Takes("TEXT", "1 to 4,000 characters", "We are looking into it.", _words(4000))
FORCE = Takes("FORCE", "the other force's name", "Northmoor Police", _words(200))
SUBGROUP = Takes("SUBGROUP", "an offence subgroup", "Arson", _words(200))
NUMBER = Takes("NUMBER", "a crime's number, as who shows it", "1", _one_of(range(1, 1000)))
OUTCOME = Takes(
    "OUTCOME",
    "a Home Office outcome that closes a case, 2 to 18 or 20 to 22",
    "18",
    _one_of(get_args(ClosingOutcome)),
)
MILESTONE = Takes(
    "MILESTONE",
    f"one of {', '.join(get_args(Milestone))}",
    "suspect_arrested",
    {each: each for each in get_args(Milestone)}.get,
)


ROWS = {
    row.name: row
    for row in (
        Row("deploy", "an officer is sent", when(OfficerDeployed, "deployed_at")),
        Row("allocate", "an officer is in charge; once more, another", facts.allocated),
        Row("team", "a team has it, and no officer", facts.to_team),
        Row("appointment", "an officer will see the victim", facts.appointment),
        Row("appointment-moved", "to another day and place", facts.appointment_moved),
        Row("appointment-cancelled", "it will not take place", facts.appointment_cancelled),
        Row(
            "milestone",
            "the investigation passes one",
            when(MilestoneReached, "reached_at", given_as="milestone"),
            MILESTONE,
        ),
        Row("charge", "a suspect is charged", facts.charged),
        Row("close", "the force has finished", facts.closed, OUTCOME),
        Row("contacted", "an officer spoke with them", when(VictimContacted, "contacted_at")),
        Row("reopen", "it is looked into again", when(CrimeReopened, "reopened_at")),
        Row("reclassify", "it is another offence", facts.reclassified, SUBGROUP),
        Row("merge", "it goes on under that crime", facts.merged, NUMBER),
        Row(
            "transfer",
            "another force looks into it",
            when(CrimeTransferred, "transferred_at", given_as="to_force"),
            FORCE,
        ),
        Row("cancel", "the record is cancelled", when(CrimeCancelled, "cancelled_at")),
        Row("away", "the officer in charge is away for a week", facts.away),
        Row("left", "the officer in charge has left the force", facts.left),
        Row("unsafe", "the victim is not safe to contact", facts.details(safe_to_contact=False)),
        Row("safe", "the victim is safe to contact", facts.details(safe_to_contact=True)),
        Row("died", "the victim has died", facts.details(has_died=True)),
        Row("witness", "they are only a witness", facts.details(role="witness")),
        Row("suspect", "of a linked crime", facts.details(is_suspect_in_linked_crime=True)),
        Row("reply", "the officer answers the victim", facts.replied, TEXT),
        Row("note", "the officer notes for the force alone: it must never show", takes=TEXT),
        Row("text", "the victim answers a text, STOP for example", takes=TEXT),
        Row("new", "somebody else reports another crime, from then on in hand"),
        Row("crime", "go back to an earlier crime", takes=NUMBER),
        Row("who", "show victims, addresses and words again"),
        Row("help", "show what can be typed"),
        Row("quit", "stop the portal and the doubles"),
    )
}
