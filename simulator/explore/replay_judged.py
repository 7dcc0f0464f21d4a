"""Says what was judged of a story that was played again: a pass says nothing of the rest."""

from collections import Counter
from collections.abc import Sequence

from simulator.evidence.records import Record, Seen
from simulator.explore.judged_story import Judged
from simulator.explore.story import Story
from simulator.judge.rules import RULES
from simulator.results.exploration import ReplayJudged


def replay_judged(story: Story, judged: Judged) -> ReplayJudged:
    """Count the answers that were seen, and name the rules that had something to look at."""
    answers = Counter(each.where for each in judged.records if isinstance(each, Seen))
    return ReplayJudged(
        steps=len(story.steps),
        answers=dict(sorted(answers.items())),
        rules=_rules_that_looked(judged.records),
    )


def _rules_that_looked(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(
        sorted(
            rule.__module__.rpartition(".")[2].replace("_", " ")
            for rule in RULES
            if any(isinstance(each, rule.hears) for each in records)
        )
    )
