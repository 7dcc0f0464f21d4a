"""Writes each failing story with its evidence, and describes the defect that it shows.

After `run.py` has shortened the stories: what fails in one way, or for one cause, is told once.
"""

import shlex
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from simulator.clock import wall_now
from simulator.evidence.files import write_evidence
from simulator.evidence.retelling import retold
from simulator.explore.failure_evidence import shown_by
from simulator.explore.feature_text import feature_text
from simulator.explore.judged_story import FailingStory, Failure
from simulator.explore.one_cause import OneCause, by_cause, kind_alone_differs
from simulator.explore.story import Story, write_story
from simulator.files.whole_files import whole_file
from simulator.inputs.order_text import order_text
from simulator.inputs.requirements import read_requirements
from simulator.results.exploration import AlsoSeen, Defect

EVIDENCE_SUFFIX, ORDER_SUFFIX = ".evidence.ndjson", ".order.toml"


def defects_of(
    failing: Iterable[tuple[FailingStory, Sequence[int]]], *, folder: Path, path: Path
) -> tuple[Defect, ...]:
    """Write each failing story and its evidence; describe what they show.

    With each story come the numbers of all that failed in the same way. Failures of one cause are
    one defect.
    """
    return tuple(
        _defect_of(each, file=folder / f"{place:02d}.json", path=path)
        for place, each in enumerate(by_cause(failing), start=1)
    )


def replay_command(target: Path, story: Path) -> str:
    """Give the command that plays a story again, as a shell reads it."""
    return shlex.join(["portal-suite", "explore", "--target", str(target), "--replay", str(story)])


def _defect_of(cause: OneCause, *, file: Path, path: Path) -> Defect:
    each, numbers = cause.failing, cause.numbers
    story, failure = each.story, each.failure
    evidence_name = _write(each, file)
    # The steps name people so; two may have one name on record, or a very long one.
    names = {person.record.person_id: person.label for person in story.people}
    feature = _write_feature(each, file, path)
    return Defect(
        **_said(failure, numbers, file),
        requirement_words=_requirement_words().get(failure.requirement, ""),
        at=failure.at,
        person=_person(failure, story),
        shown_by=shown_by(failure, each.records, names=names),
        timeline=retold(each.records, file=evidence_name, names=names, until=failure.at),
        evidence=evidence_name,
        cut_short=each.cut_short,
        verdict=failure.kind,
        first=numbers[0],
        steps=len(story.steps),
        feature=feature,
        also=tuple(
            _also_seen(
                under,
                its,
                file=file.with_stem(f"{file.stem}-{place}"),
                path=path,
                differs=kind_alone_differs(each, under),
            )
            for place, (under, its) in enumerate(cause.under, start=2)
        ),
    )


def _also_seen(
    each: FailingStory, numbers: Sequence[int], *, file: Path, path: Path, differs: str
) -> AlsoSeen:
    _write(each, file)
    _write_feature(each, file, path)
    return AlsoSeen(**_said(each.failure, numbers, file), differs=differs)


def _said(failure: Failure, numbers: Sequence[int], file: Path) -> dict[str, Any]:
    return {
        "fingerprint": failure.fingerprint,
        "requirement": failure.requirement,
        "harm": failure.harm,
        "expected": failure.expected,
        "observed": failure.observed,
        "rests_on": failure.rests_on,
        "finding": failure.finding,
        "stories": len(numbers),
        "file": f"{file.parent.name}/{file.name}",
    }


def _write_feature(each: FailingStory, file: Path, path: Path) -> str:
    replay = replay_command(path, file)
    feature = feature_text(each.story, each.failure, replay=replay, labels=each.labels)
    file.with_suffix(".feature").write_text(feature, encoding="utf-8")
    return feature


def _write(each: FailingStory, file: Path) -> str:
    evidence = file.with_suffix(EVIDENCE_SUFFIX)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_story(file, each.story)
    if each.order is not None:
        file.with_suffix(ORDER_SUFFIX).write_text(order_text(each.order), encoding="utf-8")
    with whole_file(evidence) as stream:
        write_evidence(stream, each.records, process="explore", wall=wall_now())
    return f"{file.parent.name}/{evidence.name}"


def _person(failure: Failure, story: Story) -> str:
    """Name the person whom a failure is about as the steps do, with what is on record of them.

    "" for nobody of the story.
    """
    person_id = failure.finding.person_id if failure.finding else ""
    person = next((each for each in story.people if each.record.person_id == person_id), None)
    if person is None:
        return person_id
    name = f"{person.record.given_name} {person.record.family_name}".strip()
    return f"{person.label}, recorded as {name or 'nobody by name'} ({person_id})"


@cache
def _requirement_words() -> dict[str, str]:
    return {each.id: f"{each.id} ({each.level}): {each.sentence}" for each in read_requirements()}
