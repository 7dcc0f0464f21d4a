"""One victim of one crime in the model: what the portal knows of them, and what they did."""

from dataclasses import dataclass, field
from typing import NamedTuple

from simulator.planning.contact_routes import EMAIL, EMPTY, OTHERS, OWN, TEXT

#: The portal has nothing to say while a time is so early.
NEVER = -1


class CaseEvent(NamedTuple):
    """Something that happened at `at`: its type, and what it is news of."""

    type: str
    what: str
    at: int


@dataclass(slots=True, eq=False)
class Message:
    """One message on one channel; it tells of `occasion`, and is due at `due`."""

    notice: str
    channel: int
    occasion: str
    due: int
    happened_at: int
    is_held: bool
    counts: bool
    state: str = "waiting"


@dataclass(slots=True, eq=False)
class Planned:
    """The next automatic message: when it is due, and for when it was planned."""

    at: int
    kind: str
    when: int


@dataclass(slots=True, eq=False)
class Question:
    """A question that a victim wrote, with when they had a reply."""

    asked_at: int
    replied_at: int = NEVER
    answered_at: int = NEVER


@dataclass(slots=True, eq=False)
class Case:
    """The victim of the crime of a row. Times are whole seconds; NEVER for what did not happen."""

    row: int
    reference: str
    events: list[CaseEvent]
    recorded_at: int
    has_advice: bool
    is_told_ends_in_person: bool
    may_review: bool
    has_enhanced_rights: bool
    is_blank: bool
    would_register: bool
    routes: list[int]
    own_routes: tuple[int, int]
    wanted: tuple[bool, bool]
    details_differ: bool
    # The portal's record.
    is_known: bool = False
    early: list[tuple[CaseEvent, str]] = field(default_factory=list)
    status: str = "open"
    decided: str = ""
    decided_at: int = NEVER
    reopened_at: int = NEVER
    transferred_at: int = NEVER
    is_merged: bool = False
    invited_at: int = NEVER
    registered_at: int = NEVER
    last_news_at: int = 0
    last_occasion: str = ""
    was_advised: bool = False
    planned: Planned | None = None
    #: What the agenda has, no later than `planned`: when it comes up, `planned` is put there.
    watched: Planned | None = None
    messages: list[Message] = field(default_factory=list)
    invited_to: set[tuple[int, int]] = field(default_factory=set)
    is_email_stopped: bool = False
    contacted_at: int = NEVER
    held_closure: int = NEVER
    held_milestones: list[CaseEvent] = field(default_factory=list)
    told_status: str = "open"
    is_told_an_end: bool = False
    # What the victim and the officer did.
    news_at: int = NEVER
    looked_at: int = NEVER
    read_news_at: int = NEVER
    #: When the portal last told a victim who has signed in something, or they looked at it.
    heard_at: int = NEVER
    told_at: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)
    is_mended: bool = False
    has_died: bool = False

    @property
    def is_live(self) -> bool:
        """Say whether the portal still expects news about the crime."""
        return self.status in {"open", "charged", "closed"}

    @property
    def decision(self) -> tuple[str, int]:
        """The last decision and when, unless the crime was opened again since."""
        return (
            ("", NEVER) if self.decided_at <= self.reopened_at else (self.decided, self.decided_at)
        )

    def count(self, what: str) -> int:
        """Count one more of something; return how many there are now."""
        self.times[what] = found = self.times.get(what, 0) + 1
        return found

    def route(self, channel: int) -> int:
        """Give where messages on a channel go; EMPTY or UNUSABLE if they cannot go."""
        if not self.wanted[channel] or (channel and self.is_email_stopped):
            return EMPTY
        return self.routes[channel]

    def is_reachable_on(self, channel: int) -> bool:
        """Say whether the portal has an address on a channel."""
        return self.route(channel) >= OWN

    @property
    def channels(self) -> list[int]:
        """The channels on which the portal has an address."""
        # Asked for so often that it asks nobody: those for which `is_reachable_on` is true.
        return [
            each
            for each in (0, 1)
            if self.wanted[each]
            and self.routes[each] >= OWN
            and not (each and self.is_email_stopped)
        ]

    @property
    def code_channel(self) -> int:
        """The channel of a sign-in code: by text before email, a wanted one before any other."""
        channels = self.channels
        if channels:
            return channels[0]
        return TEXT if self.routes[TEXT] >= OWN else EMAIL

    def problems(self) -> int:
        """Count the wanted channels without a usable address; an empty field counts alone."""
        lacking = [each for each in (0, 1) if self.wanted[each] and not self.is_reachable_on(each)]
        if not self.channels:
            return len(lacking)
        # A victim with one channel that works need not have the other.
        is_empty = [
            self.routes[each] == EMPTY and not (each and self.is_email_stopped) for each in lacking
        ]
        return len(lacking) - sum(is_empty)

    def mend(self) -> None:
        """Write down the true details."""
        self.routes = list(self.own_routes)
        self.is_email_stopped = False
        self.is_mended = True

    @property
    def is_misdirected(self) -> bool:
        """Say whether messages go to another person now."""
        return any(self.route(each) == OTHERS for each in (0, 1))
