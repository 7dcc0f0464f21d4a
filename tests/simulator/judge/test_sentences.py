"""Every expectation of the judge rests on a sentence; without one it fails no portal."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from msgspec import structs

from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.fold import judge
from simulator.judge.rule import Rule
from simulator.judge.rules import RULES
from simulator.verdicts import Finding, exit_code
from tests.each_of import each_of
from tests.simulator.judge.force_story import ROOT
from tests.simulator.judge.story import REQUIREMENT_IDS, Story, one_invited

JUDGE = ROOT / "simulator" / "judge"
NAMED = sorted(
    each.value
    for path in JUDGE.rglob("*.py")
    for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(each, ast.Constant)
    and isinstance(each.value, str)
    and re.fullmatch(r"(order|contract|requirement): [\w.-]+", each.value)
)


@each_of((each,) for each in NAMED)
def test_every_sentence_that_a_rule_names_exists(sentence: str) -> None:
    """A supplier who is failed by it can look it up."""
    assert sentences.is_written_down(sentence)

    kind, _, name = sentence.partition(": ")
    assert kind != "requirement" or name in REQUIREMENT_IDS


def test_rules_name_sentences_of_each_kind() -> None:
    """The test above has something to look at."""
    assert {each.partition(":")[0] for each in NAMED} >= {"order", "contract"}


@pytest.mark.parametrize(
    "why",
    [
        "recorded before the portal went live",
        "offence: Robbery",
        "safeguarding: domestic_abuse",
        "under 18",
        "not recorded as safe to contact",
        "the victim's record is restricted",
        "anything else",
    ],
)
def test_a_victim_is_excluded_by_a_sentence_that_exists(why: str) -> None:
    """The order says whom the portal tells; else the requirement that the message breaks."""
    assert sentences.is_written_down(sentences.about_exclusion(why, "SAFE-02"))


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("offence: Robbery", "order: eligibility.offence_subgroups"),
        ("not recorded as safe to contact", "contract: VictimRecord.safe_to_contact"),
        ("the victim's record is restricted", "requirement: WHO-04"),
        ("anything else", "requirement: SAFE-02"),
    ],
)
def test_the_closest_sentence_is_named(why: str, sentence: str) -> None:
    """A field of the order or of the contract before the requirement."""
    assert sentences.about_exclusion(why, "SAFE-02") == sentence


@pytest.mark.parametrize(
    ("sentence", "exists"),
    [
        ("order: messages.quiet_from", True),
        ("order: triggers.announces", True),
        ("order: forces.website", True),
        ("order: messages", True),
        ("order: messages.quiet", False),
        ("order: quiet_from", False),
        ("order: messages.quiet_from.hour", False),
        ("order: ", False),
        ("contract: ReceivedText", True),
        ("contract: VictimRecord.told_instead.email", True),
        ("contract: Stamp.words", False),
        ("contract: SentText", False),
        ("requirement: MSG-03", True),
        ("requirement: quiet hours", False),
        ("common sense: MSG-03", False),
        ("MSG-03", False),
        ("", False),
    ],
)
def test_only_what_is_written_down_is_a_sentence(sentence: str, *, exists: bool) -> None:
    """A path leads to a field, a name to a type, and a requirement has an id."""
    assert sentences.is_written_down(sentence) == exists


class Unfounded(Rule):
    """A made-up rule: each run is too short."""

    rests_on = "a feeling"

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find a harm in every run."""
        said = ("a longer run", "this one")
        yield failure("noise", "MSG-01", None, *said, at=end, rests_on=self.rests_on)


class Founded(Unfounded):
    """The same, by a field of the order."""

    rests_on = "order: messages.minutes_max"


class Misquoted(Unfounded):
    """The same, by a field that the order does not have."""

    rests_on = "order: messages.hours_max"


def told() -> Story:
    """Tell of a victim who heard all there was to hear."""
    story, _alex, _crime = one_invited()
    assert story.judged().kind == "PASS"
    return story


@pytest.mark.parametrize("rule", [Unfounded, Misquoted])
def test_what_rests_on_no_sentence_is_for_a_person(rule: type[Rule]) -> None:
    """It is a REVIEW, and the run does not fail."""
    story = told()
    judgement = judge(
        story.order, story.records, correlates=True, end=story.now, rules=[*RULES, rule]
    )
    [finding] = judgement.findings

    assert (finding.kind, finding.rests_on, finding.observed) == ("REVIEW", "", "this one")
    assert judgement.kind == "REVIEW"
    assert exit_code(judgement.kind) != exit_code("FAIL")


def test_what_rests_on_a_sentence_fails_the_portal() -> None:
    """The same rule by a sentence is a FAIL, which names it."""
    story = told()
    judgement = judge(
        story.order, story.records, correlates=True, end=story.now, rules=[*RULES, Founded]
    )
    [finding] = judgement.findings

    assert (finding.kind, finding.rests_on) == ("FAIL", "order: messages.minutes_max")
    assert judgement.kind == "FAIL"


@pytest.mark.parametrize("kind", ["WARNING", "REVIEW"])
def test_only_a_fail_changes(kind: str) -> None:
    """A WARNING fails no portal, and a REVIEW is one already."""
    story = told()
    [made] = Unfounded(story.order).close(CaseBook(story.order, correlates=True), story.now)
    finding = structs.replace(made, kind=kind)

    assert sentences.resting_on_a_sentence(finding) is finding
