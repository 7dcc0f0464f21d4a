"""A story that was judged: what failed, by fingerprint.

A failure is a FAIL of the judge, or an answer of the portal that the contract does not allow.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from simulator.evidence.records import Record
from simulator.explore.labels import Labels
from simulator.explore.steps import Step
from simulator.explore.story import Story, texts_in
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from simulator.report.causes import generalised
from simulator.verdicts import Finding, Kind

#: What the judge says of a message beside what is wrong with it: what it names, and what else was
#: open. That differs from story to story.
_AROUND = re.compile(
    r": (?:its reference is|news due then|no news was due then|what came since then|the others of "
    r"that week|it looks the same).*",
    re.DOTALL,
)
#: What stands before a date or a time, in some of them.
_DAYS = re.compile(r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?|[0-9]+ days?,) (?=[0-9])")
#: The fields of a story whose values are made up.
_MADE_UP = frozenset(
    {"person_id", "given_name", "family_name", "organisation_name", "name", "collar_number"}
    | {"team", "place", "area", "to_force", "to_body", "to_body_contact", "offence"}
)
#: One letter may be anything.
_A_NAME = re.compile(r"\w\W*\w")
#: The sentence that an answer breaks which the contract does not allow.
_ANSWERS = "contract: portal.openapi.yaml, or what docs/drivers.md asks of a driver"


#: What a story that failed keeps of how it was judged.
_OF_BOTH = ("records", "labels", "failures", "done", "order")


class Failure(Struct, frozen=True, kw_only=True):
    """One thing that went wrong in a story. Failures of one defect have one fingerprint.

    `rests_on` names the sentence that it breaks. `found_in` is the message, page or answer in which
    it was found; None if something should have come and did not. `at` is when it was found.
    """

    fingerprint: str
    requirement: str
    harm: str
    expected: str
    observed: str
    finding: Finding | None = None
    rests_on: str = ""
    found_in: Record | None = None
    at: datetime | None = None
    #: FAIL, or REVIEW where it can only be suspected.
    kind: Kind = "FAIL"


class Judged(Struct, frozen=True, kw_only=True):
    """A story that was played: its failures, worst first by the judge, and its evidence.

    `done` are the steps that were really done, in their order. `labels` says what those of the
    story stood for. `order` is what it was judged by, and `judged_by` judges the same evidence by
    another; None if nothing was judged.
    """

    failures: tuple[Failure, ...]
    records: tuple[Record, ...]
    done: tuple[Step, ...]
    labels: Labels = Labels()
    order: Order | None = None
    judged_by: Callable[[Order], Judgement] | None = None

    def failing(self, story: Story, fingerprint: str) -> "FailingStory | None":
        """Give the story with its first failure of this fingerprint, if it has that."""
        found = (each for each in self.failures if each.fingerprint == fingerprint)
        failure = next(found, None)
        return None if failure is None else FailingStory.of(story, failure, self)


class FailingStory(Struct, frozen=True, kw_only=True):
    """A story with its failure and its evidence.

    `cut_short` says why it may not be the shortest ("" if it is). `failures` are all that it had
    when it was played, `done` the steps that were really done, and `order` what it was judged by.
    """

    story: Story
    failure: Failure
    records: tuple[Record, ...]
    cut_short: str = ""
    labels: Labels = Labels()
    failures: tuple[Failure, ...] = ()
    done: tuple[Step, ...] = ()
    order: Order | None = None

    @classmethod
    def of(cls, story: Story, failure: Failure, judged: Judged) -> "FailingStory":
        """Give a story with one of the failures that it had when it was played."""
        own = {each: getattr(judged, each) for each in _OF_BOTH}
        return cls(story=story, failure=failure, **own)


def failures_in(judgement: Judgement, names: Iterable[str] = ()) -> list[Failure]:
    """List what the judge found that fails the portal, each with its fingerprint."""
    found = zip(judgement.findings, judgement.found_in, strict=True)
    failing = ((each, record) for each, record in found if each.kind == "FAIL")
    return [failure_of(each, names, found_in=record) for each, record in failing]


def failure_of(
    finding: Finding, names: Iterable[str] = (), *, found_in: Record | None = None
) -> Failure:
    """Turn a finding of the judge into a failure with its fingerprint, without these names."""
    expected = _plain(finding.expected, names)
    observed = _plain(_AROUND.sub("", finding.observed), names)
    return Failure(
        fingerprint="|".join((finding.requirement, finding.harm, expected, observed)),
        requirement=finding.requirement,
        harm=finding.harm,
        expected=finding.expected,
        observed=finding.observed,
        finding=finding,
        rests_on=finding.rests_on,
        found_in=found_in,
        at=finding.at,
    )


def nonsense(error: Exception, names: Iterable[str] = (), *, at: datetime | None = None) -> Failure:
    """Turn an answer that the contract does not allow into a failure with its fingerprint."""
    said = str(error)
    return Failure(
        fingerprint=f"the portal's answer|{_plain(said, names)}",
        requirement="",
        harm="",
        expected="an answer that the contract allows",
        observed=said,
        rests_on=_ANSWERS,
        at=at,
    )


def names_in(story: Story) -> frozenset[str]:
    """List the names and other words that a story has made up: of people, officers, places, ids."""
    texts = texts_in(msgspec.to_builtins(story))
    made_up = (text.strip() for field, text in texts if field in _MADE_UP)
    return frozenset(name for name in made_up if _A_NAME.search(name))


def _plain(words: str, names: Iterable[str]) -> str:
    """Leave out of a sentence what differs from story to story: names, numbers and quotations."""
    for name in sorted(names, key=len, reverse=True):
        if name in words:
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "#", words)
    return re.sub(r"#(?:[-:/.,]?#)+", "#", generalised(_DAYS.sub("", words)))
