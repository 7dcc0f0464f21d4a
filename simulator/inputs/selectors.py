"""The selectors file: where on a portal's own pages victims read, type and press.

Read from `scenarios/targets/*.selectors.toml` before anything runs. Playwright reads every
`Selector`; docs/pages.md explains each key.
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
#: The kind of an entry that is not an event of the crime system, such as a regular update.
OTHER = "other"


class Value(Strict, frozen=True, kw_only=True):
    """One thing to read: the words of an element, or its `attribute`; group 1 of a `pattern`."""

    selector: Selector
    attribute: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        if self.pattern and _compiled("pattern", self.pattern).groups != 1:
            raise ValueError("pattern needs exactly one group, around the text to read")


class Moment(Strict, frozen=True, kw_only=True):
    """A time to read: as ISO 8601, or as London time in a `format` of Python's strptime."""

    selector: Selector
    attribute: str = ""
    format: str = ""


Readable: TypeAlias = Selector | Value


class SignIn(Strict, frozen=True, kw_only=True):
    """Where a victim who has registered signs in again."""

    path: PagePath
    address: Selector
    go_on: Selector


class Invitation(Strict, frozen=True, kw_only=True):
    """The page of an invitation link; without `go_on` it asks the next question itself."""

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
    """What only pages after sign-in have, and how to sign out."""

    shows: Selector
    sign_out: Selector


class Refusal(Strict, frozen=True, kw_only=True):
    """What a page shows when it refuses. A status of 400 or more is a refusal anyway."""

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
                "path needs {reference} in it once; leave path out if no address contains it"
            )


class Timeline(Strict, frozen=True, kw_only=True):
    """The timeline on a crime's page; an entry may have no `text`."""

    each: Selector
    empty: Selector
    title: Readable
    text: Readable
    at: Moment


class Conversation(Strict, frozen=True, kw_only=True):
    """What victim and officer wrote, on a crime's page.

    A post has `by_victim` if the victim wrote it, and `waits` while the force does not have it yet;
    `name` is the officer's, if the post shows one.
    """

    each: Selector
    empty: Selector
    text: Readable
    at: Moment
    name: Readable
    by_victim: Selector
    waits: Selector


class Question(Strict, frozen=True, kw_only=True):
    """Where a victim writes; `instead` is what the page shows when writing is closed."""

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
    """A victim's channels: a box to tick for each, and the button that ends all messages.

    An older file names `withdraw`, which is no longer read: it ended messages as `stop` does.
    """

    path: PagePath
    by_text: Selector
    by_email: Selector
    text_address: Readable
    email_address: Readable
    save: Selector
    stop: Selector
    withdraw: Selector | None = None


class Withdrawal(Strict, frozen=True, kw_only=True):
    """How a victim asks to talk about no longer supporting the investigation.

    `link` is on the crime's page; `go_on` leads to the page that asks again, where `confirm` is.
    """

    link: Selector
    go_on: Selector
    confirm: Selector


class NotForMe(Strict, frozen=True, kw_only=True):
    """Where a stranger says that messages to a number or mailbox are not for them.

    `confirm` is what to press on the page that the link in a message leads to.
    """

    path: PagePath
    address: Selector
    go_on: Selector
    confirm: Selector | None = None


class Selectors(Strict, frozen=True, kw_only=True):
    """A portal's pages. `statuses` and `kinds` are patterns that say what its words mean.

    A portal without two-way messages has no `conversation` and no `question`; one without a page
    for strangers has no `not_for_me`; one that does not claim `withdraw_support` has no
    `withdrawal`. The first of `kinds` that fits an entry's title is its kind;
    without `kinds`, entries have none and are not judged by it. `screenshots` is a folder for
    pictures of pages on which something was not found.
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
    withdrawal: Withdrawal | None = None
    statuses: dict[Status, str]
    kinds: dict[str, str] = field(default_factory=dict)
    screenshots: str = ""

    def __post_init__(self) -> None:
        if not (self.agreed_word or self.date_of_birth):
            raise ValueError("give agreed_word or date_of_birth, the one that the portal asks for")
        for status, pattern in self.statuses.items():
            _compiled(f"statuses.{status}", pattern)
        for kind, pattern in self.kinds.items():
            if kind not in EVENT_TYPES and kind != OTHER:
                raise ValueError(
                    f"kinds.{kind} is not an event of reference/contract/events.py; "
                    f"name one, or {OTHER!r} for an entry that is not an event"
                )
            _compiled(f"kinds.{kind}", pattern)

    def at(self, key: str) -> Readable | Moment:
        """Return the value of a key like "one_time_code.code"; raises KeyError if it has none."""
        table, _, name = key.partition(".")
        found = getattr(getattr(self, table), name, None)
        if found is None:
            raise KeyError(key)
        assert isinstance(found, str | Value | Moment)
        return found

    def selector(self, key: str) -> str:
        """Return the selector of a key; raises KeyError if it is left out."""
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
    """Read and check a selectors file; raises BadInput naming file, key and how to fix it."""
    return checked_toml.read(path, Selectors)


def _compiled(key: str, pattern: str) -> "re.Pattern[str]":
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{key} is not a regular expression: {error}") from None
