"""A story that was judged: what failed, by fingerprint.

A failure is a FAIL of the judge, or an answer of the portal that the contract does not allow.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from simulator.evidence.records import Record
from simulator.explore.labels import Labels
from simulator.explore.steps import Step
from simulator.explore.story import Story
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from simulator.verdicts import Finding, Kind

#: What the judge says of a message beside what is wrong with it: what it names, and what else was
#: open. That differs from story to story.
_AROUND = re.compile(
    r": (?:its reference is|news due then|no news was due then|what came since then|the others of "
    r"that week|it looks the same).*",
    re.DOTALL,
)
#: The sentence that an answer breaks which the contract does not allow.
_ANSWERS = "contract: portal.openapi.yaml, or what docs/drivers.md asks of a driver"


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
        return cls(
            story=story,
            failure=failure,
            records=judged.records,
            labels=judged.labels,
            failures=judged.failures,
            done=judged.done,
            order=judged.order,
        )


def failures_in(judgement: Judgement, ids: Iterable[str] = ()) -> list[Failure]:
    """List what the judge found that fails the portal, each with its fingerprint."""
    found = zip(judgement.findings, judgement.found_in, strict=True)
    return [failure_of(each, ids, found_in=record) for each, record in found if each.kind == "FAIL"]


def failure_of(
    finding: Finding, ids: Iterable[str] = (), *, found_in: Record | None = None
) -> Failure:
    """Turn a finding of the judge into a failure with its fingerprint, without these ids."""
    expected = _plain(finding.expected, ids)
    observed = _plain(_AROUND.sub("", finding.observed), ids)
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


def nonsense(error: Exception, ids: Iterable[str] = (), *, at: datetime | None = None) -> Failure:
    """Turn an answer that the contract does not allow into a failure with its fingerprint."""
    said = str(error)
    return Failure(
        fingerprint=f"the portal's answer|{_plain(said, ids)}",
        requirement="",
        harm="",
        expected="an answer that the contract allows",
        observed=said,
        rests_on=_ANSWERS,
        at=at,
    )


def _plain(words: str, ids: Iterable[str]) -> str:
    """Leave out of a sentence what differs from story to story: ids, numbers, dates, quotations."""
    for each in ids:
        words = words.replace(each, "#")
    without = re.sub(r"'[^']*'|\"[^\"]*\"", "…", words)
    without = re.sub(
        r"\b(January|February|March|April|May|June|July|August|September|October|November|"
        r"December|text|email)\b",
        "…",
        without,
    )
    without = re.sub(r"\ban …", "a …", without)
    # By URL the name of the run is part of the id of an event.
    without = re.sub(r"\bexplore[0-9]+-", "explore-", without)
    return re.sub(r"[0-9][0-9:.,]*", "#", without)
