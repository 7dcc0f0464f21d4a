"""Plays one story in a world of its own and judges it: what failed, by fingerprint.

A failure is a FAIL of the judge, or an answer of the portal that the contract does not allow.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct, structs

from simulator.clock import WorldClock
from simulator.errors import CannotVerify, PortalUnreachable, SuiteError
from simulator.evidence.records import Record
from simulator.explore.labels import Labels
from simulator.explore.lawful import without_unclaimed
from simulator.explore.playing import Play
from simulator.explore.steps import StartSecondWorker, Step
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.judge.fold import Judgement, judge
from simulator.population.identity import Identity
from simulator.report.causes import generalised
from simulator.streams import Streams
from simulator.verdicts import Finding, Kind
from simulator.world.builder import world_around
from simulator.world.made_up_records import MadeUpRecords

_BEFORE = timedelta(days=1)
#: What the judge says of a message beside what is wrong with it: what it names, and what else was
#: open. That differs from story to story.
_AROUND = re.compile(
    r": (?:its reference is|news due then|no news was due then|what came since then).*",
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


@dataclass(frozen=True)
class Tried:
    """The portal that is explored, with what starts it."""

    target: Target
    order: Order
    secrets: SecretValues

    @property
    def order_is_fixed(self) -> bool:
        """Say whether the portal has the force's own order in every story.

        One in process and one behind a driver in Python take another by themselves; others claim
        to, from their settings or from the file that a program is told.
        """
        access, claims = self.target.access, self.target.claims
        claims_to = bool(access.command or access.program) and "takes_order" in claims.capabilities
        return not (claims_to or access.application or access.driver)

    @property
    def has_workers(self) -> bool:
        """Say whether the suite can start a second worker, and the portal claims to allow it."""
        access, claims = self.target.access, self.target.claims
        return bool(access.application) and "workers" in claims.capabilities

    def as_claimed(self, story: Story) -> Story:
        """Leave out of a story what the portal cannot have: a second worker, unclaimed events."""
        story = without_unclaimed(story, self.target.claims.capabilities)
        if self.has_workers:
            return story
        steps = (each for each in story.steps if not isinstance(each, StartSecondWorker))
        return structs.replace(story, steps=tuple(steps))

    def judged(self, story: Story) -> Judged:
        """Play a story in a fresh world, and judge it.

        A portal that cannot be reached is tried once more, from the beginning: if that happens
        again, the story does it, and the failure is the portal's. Raises PortalUnreachable if it
        does not even start.
        """
        try:
            return self._judged(story, is_last=False)
        except PortalUnreachable:
            return self._judged(story, is_last=True)

    def _judged(self, story: Story, *, is_last: bool) -> Judged:
        order = order_of(story, self.order)
        clock = WorldClock(order.go_live_at(1) - _BEFORE)
        source = MadeUpRecords(story.seed).source
        names = {source, *names_in(story), *(each.name for each in order.forces.values())}
        failures: list[Failure] = []
        with world_around(
            self.target,
            order,
            name="explore",
            clock=clock,
            secrets=self.secrets,
            streams=Streams(0),
            may_restart=_needs_a_file(story),
            in_memory=True,
            source=source,
            phase=story.phase,
        ) as world:
            identity = Identity(order.sign_in.proof, self.secrets.identity)
            play = Play(world, identity, story, self.target.people)
            try:
                play.play()
            except CannotVerify:
                # A driver may still have methods to write: what came until then is judged.
                pass
            except SuiteError as error:
                if isinstance(error, PortalUnreachable) and not is_last:
                    raise
                failures.append(nonsense(error, names, at=clock.now))
            records = tuple(world.evidence.records)
            correlates = "correlates" in world.portal.capabilities
            judged_by = partial(
                judge,
                evidence=records,
                correlates=correlates,
                carries_ids="carries_correlation_id" in world.portal.capabilities,
                end=clock.now,
            )
        failures += failures_in(judged_by(order), names)
        return Judged(
            failures=tuple(failures),
            records=records,
            done=tuple(play.done),
            order=order,
            judged_by=judged_by,
            labels=play.labels,
        )


def _needs_a_file(story: Story) -> bool:
    """Say whether the portal's database must outlive a process, or be shared by two."""
    return any(
        getattr(step, "what", "") == "portal restarted" or isinstance(step, StartSecondWorker)
        for step in story.steps
    )


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
    return frozenset(each for each in _texts(msgspec.to_builtins(story)) if _A_NAME.search(each))


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for field, each in value.items():
            yield from _texts(each, field)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, name)
    elif isinstance(value, str) and name in _MADE_UP:
        yield value.strip()


def _plain(words: str, names: Iterable[str]) -> str:
    """Leave out of a sentence what differs from story to story: names, numbers and quotations."""
    for name in sorted(names, key=len, reverse=True):
        if name in words:
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "#", words)
    return re.sub(r"#(?:[-:/.,]?#)+", "#", generalised(_DAYS.sub("", words)))
