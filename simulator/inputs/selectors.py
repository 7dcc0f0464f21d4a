"""The selectors file: where a portal's own pages have what its victims read, type and press.

Read from `scenarios/targets/*.selectors.toml` before anything runs. Every `Selector` is one that
Playwright knows; docs/pages.md explains each key.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from reference.contract.events import EVENT_TYPES
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict

Selector: TypeAlias = Annotated[str, Meta(min_length=1)]
PagePath: TypeAlias = Annotated[str, Meta(pattern=r"^/\S*$")]
Status: TypeAlias = Literal["open", "charged", "closed", "transferred"]
#: The kind of an entry that is no step of the crime system's, such as a regular update.
OTHER = "other"


class Value(Strict, frozen=True, kw_only=True):
    """One thing to read: the words of an element, or its `attribute`; group 1 of a `pattern`."""

    selector: Selector
    attribute: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        if self.pattern and _compiled("pattern", self.pattern).groups != 1:
            raise ValueError("pattern needs exactly one group, around what is wanted")


class Moment(Strict, frozen=True, kw_only=True):
    """A time to read: as ISO 8601, or as London time in a `format` of Python's strptime."""

    selector: Selector
    attribute: str = ""
    format: str = ""


Readable: TypeAlias = Selector | Value


class SignIn(Strict, frozen=True, kw_only=True):
    """Where a victim who was invited before comes back."""

    path: PagePath
    address: Selector
    go_on: Selector


class Invitation(Strict, frozen=True, kw_only=True):
    """The page behind an invitation's link; without `go_on` it asks the next question itself."""

    go_on: Selector | None = None


class AgreedWord(Strict, frozen=True, kw_only=True):
    """The page that asks for the word agreed with the officer."""

    word: Selector
    go_on: Selector


class DateOfBirth(Strict, frozen=True, kw_only=True):
    """The page that asks for the date of birth, in three fields."""

    day: Selector
    month: Selector
    year: Selector
    go_on: Selector


class OneTimeCode(Strict, frozen=True, kw_only=True):
    """The page that asks for the code from the phone or mailbox."""

    code: Selector
    go_on: Selector


class SignedIn(Strict, frozen=True, kw_only=True):
    """What only the pages of somebody signed in have, and how they leave."""

    shows: Selector
    sign_out: Selector


class Refusal(Strict, frozen=True, kw_only=True):
    """What a page has when it says no. A page with a status of 400 or more says no anyhow."""

    shows: Selector


class Crimes(Strict, frozen=True, kw_only=True):
    """The list of a victim's crimes. `empty` is there when the list has none."""

    path: PagePath
    each: Selector
    empty: Selector
    link: Selector
    reference: Readable
    offence: Readable
    status: Readable
    updated_at: Moment


class Crime(Strict, frozen=True, kw_only=True):
    """One crime's page. Without a `path` with {reference} it is found by the list's link."""

    path: PagePath | None = None
    officer_in_charge: Readable

    def __post_init__(self) -> None:
        if self.path is not None and self.path.count("{reference}") != 1:
            raise ValueError(
                "path needs {reference} in it once; leave path out where no address has it"
            )


class Timeline(Strict, frozen=True, kw_only=True):
    """What has happened so far, on a crime's page; an entry may have no `text`."""

    each: Selector
    empty: Selector
    title: Readable
    text: Readable
    at: Moment


class Conversation(Strict, frozen=True, kw_only=True):
    """What victim and officer wrote, on a crime's page.

    Of a post, `by_victim` is there when it is the victim's own, and `waits` while the force does
    not have it yet; `name` is the officer's, where the post has one.
    """

    each: Selector
    empty: Selector
    text: Readable
    at: Moment
    name: Readable
    by_victim: Selector
    waits: Selector


class Question(Strict, frozen=True, kw_only=True):
    """Where a victim writes; `instead` is what stands there once nobody may write any more."""

    text: Selector
    send: Selector
    instead: Selector | None = None


class Advice(Strict, frozen=True, kw_only=True):
    """The list of general advice."""

    path: PagePath
    each: Selector
    empty: Selector
    title: Readable
    summary: Readable


class Contact(Strict, frozen=True, kw_only=True):
    """How a victim hears: a box to tick for each channel, and what ends all messages."""

    path: PagePath
    by_text: Selector
    by_email: Selector
    text_address: Readable
    email_address: Readable
    save: Selector
    stop: Selector
    withdraw: Selector


class NotForMe(Strict, frozen=True, kw_only=True):
    """Where anybody says that what comes to a number or mailbox is not for them."""

    path: PagePath
    address: Selector
    go_on: Selector


class Selectors(Strict, frozen=True, kw_only=True):
    """A portal's pages. `statuses` and `kinds` say in patterns what its words mean.

    A portal without two-way messages has no `conversation` and no `question`; one on which nobody
    says that messages are not for them has no `not_for_me`. `kinds` is looked
    through in its order, by an entry's title; without it nothing is judged by the kind of a step.
    With `screenshots`, a folder, the page is kept on which something was not found.
    """

    sign_in: SignIn
    invitation: Invitation
    agreed_word: AgreedWord | None = None
    date_of_birth: DateOfBirth | None = None
    one_time_code: OneTimeCode
    signed_in: SignedIn
    refusal: Refusal
    crimes: Crimes
    crime: Crime
    timeline: Timeline
    conversation: Conversation | None = None
    question: Question | None = None
    advice: Advice
    contact: Contact
    not_for_me: NotForMe | None = None
    statuses: dict[Status, str]
    kinds: dict[str, str] = field(default_factory=dict)
    screenshots: str = ""

    def __post_init__(self) -> None:
        if not (self.agreed_word or self.date_of_birth):
            raise ValueError("give agreed_word or date_of_birth, whichever the portal asks for")
        for status, pattern in self.statuses.items():
            _compiled(f"statuses.{status}", pattern)
        for kind, pattern in self.kinds.items():
            if kind not in EVENT_TYPES and kind != OTHER:
                raise ValueError(
                    f"kinds.{kind} is no event of reference/contract/events.py; "
                    f"name one, or {OTHER!r} for what is no step"
                )
            _compiled(f"kinds.{kind}", pattern)

    def at(self, key: str) -> Readable | Moment:
        """Give what a key like "one_time_code.code" says; raises KeyError for one left out."""
        table, _, name = key.partition(".")
        found = getattr(getattr(self, table), name, None)
        if found is None:
            raise KeyError(key)
        assert isinstance(found, str | Value | Moment)
        return found

    def selector(self, key: str) -> str:
        """Give the selector alone that a key names; raises KeyError for one left out."""
        found = self.at(key)
        return found if isinstance(found, str) else found.selector

    def named(self) -> list[str]:
        """List every key that names a selector."""
        return [
            f"{table}.{name}"
            for table in self.__struct_fields__
            if isinstance(part := getattr(self, table), Strict)
            for name in part.__struct_fields__
            if name != "path" and getattr(part, name) is not None
        ]


def read_selectors(path: Path) -> Selectors:
    """Read and check a selectors file; raises BadInput naming file, key and mend."""
    return checked_toml.read(path, Selectors)


def _compiled(key: str, pattern: str) -> "re.Pattern[str]":
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{key} is not a regular expression: {error}") from None
