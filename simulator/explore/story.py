"""A story as data: the force's order in it, its people, and its steps one after another.

It is drawn by a seed, played in a world of its own, made shorter while it still fails, and kept in
a file that plays it again. Times are in seconds from the step before; nothing is looked up.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from reference.contract.events import VictimRecord
from simulator.errors import BadInput
from simulator.explore.steps import Step
from simulator.explore.story_mistakes import mistake_in
from simulator.files.checked_toml import Strict
from simulator.files.whole_files import write_whole


class Person(Strict, frozen=True, kw_only=True):
    """One person of a story, named by the force's record, and what they truly hold.

    `record` is as the force wrote it, without the digests. The person who is told holds `phone`
    and `mailbox` ("" for none) and proves who they are by `word` and `born`. If another is told,
    the victim's own phone and mailbox are `own_phone` and `own_mailbox`. `same_as` is the label of
    an earlier record of the same person ("" for none).
    """

    label: str
    record: VictimRecord
    phone: str = ""
    mailbox: str = ""
    own_phone: str = ""
    own_mailbox: str = ""
    word: str = "kingfisher"
    born: date = date(1980, 2, 29)
    same_as: str = ""


class Stranger(Strict, frozen=True, kw_only=True):
    """A person who has nothing to do with a crime, and holds a phone or mailbox like a victim's."""

    label: str
    phone: str = ""
    mailbox: str = ""


class GoLiveDays(Strict, frozen=True, kw_only=True):
    """The days on which the phases go live in a story."""

    phase_1: date
    phase_2: date
    phase_3: date


class OrderChange(Strict, frozen=True, kw_only=True):
    """One field of the order, such as `messages.per_week_max`, and its value in a story."""

    field: str
    value: Any


class Story(Strict, frozen=True, kw_only=True):
    """One story: `begins_at` is when its first step happens; the seed drew all of it.

    Its order is the force's, with its own `go_live` days and what `order` says is otherwise.

    After the last step time passes until `ends_after_seconds` later, and everyone who can reads.
    """

    seed: str
    phase: int
    go_live: GoLiveDays
    order: tuple[OrderChange, ...] = ()
    begins_at: datetime
    people: tuple[Person, ...]
    strangers: tuple[Stranger, ...] = ()
    steps: tuple[Step, ...]
    ends_after_seconds: int


def write_story(path: Path, story: Story) -> None:
    """Write a story, to be played again."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(story), indent=1) + b"\n")


def read_story(path: Path) -> Story:
    """Read a story; raises BadInput naming the file and the field."""
    try:
        written = path.read_bytes()
        if not written.strip():
            raise BadInput(f"{path}: it is empty; give a file that explore wrote")
        return msgspec.json.decode(written, type=Story)
    except msgspec.ValidationError as error:
        raise BadInput(f"{path}: {_mistake_in(written, error)}") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; give a file that explore wrote") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}; give a file that explore wrote") from None


def texts_in(plain: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Give every text in plain values, with the name of the field that it is in."""
    if isinstance(plain, str):
        yield field, plain
    elif isinstance(plain, dict):
        for name, value in plain.items():
            yield from texts_in(value, name)
    elif isinstance(plain, list | tuple):
        for value in plain:
            yield from texts_in(value, field)


def _mistake_in(written: bytes, error: msgspec.ValidationError) -> str:
    try:
        raw = msgspec.json.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # What comes after the mistake is no JSON at all.
        return f"{error}; give a file that explore wrote"
    return mistake_in(raw, error, Story)
