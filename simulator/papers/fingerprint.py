"""What a failure is a failure of: the same cause has the same fingerprint in every run and build.

Forty scenarios that fall over one fault are one defect. A cause is the harm, what was expected and
how it was missed, without the names, numbers, channels and quoted words that differ each time.
"""

import hashlib
import re
from collections.abc import Collection, Mapping

from msgspec import Struct, structs

from simulator.inputs.permanent_ids import read_names
from simulator.results.blame import blamed_by, stopped_at_a_step
from simulator.results.values import ScenarioResult
from simulator.verdicts import HARMS, Finding, Harm, Kind, Owner

#: What comes after is a portal's own, and would only make the search for words slow.
_CHARACTERS_MAX = 1_000
_QUOTED = re.compile(r"(?<!\w)(?:'.*?'|\".*?\"|“.*?”|‘.*?’)(?!\w)", re.DOTALL)
_LISTED = re.compile(r"\[[^\]]*\]")
#: Whom the features are about.
_PERSON = re.compile(r"\b(?:Alex|Sam)\b")
_CHANNEL = re.compile(r"\b(?:an? )?(?:text|email)s?(?:(?: and |, )(?:text|email)s?)*\b")
_DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?\b"
)
_ORIGIN = re.compile(r"https?://[^\s/]+")
#: But for an answer's status, which says what went wrong whoever it went wrong for.
_NUMBER = re.compile(r"(?!(?:(?<=answered )|\A)[1-5]\d\d\b)\b[^\s/]*\d[^\s/]*\b")
_HEAD = re.compile(r"[:…\['\"“‘]")


class Cause(Struct, frozen=True, kw_only=True):
    """Why a scenario failed, in general words; `expected` and `observed` are one example of it."""

    harm: Harm
    owner: Owner
    kind: Kind
    avoidable: bool
    fault: str
    manner: str
    expected: str
    observed: str
    requirements: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """`D-` and ten hexadecimal digits: the same wherever the same thing goes wrong.

        It is made of the words in which a fault was said first: to say it better makes no other
        defect, and a register of before still fits.
        """
        names = read_names()
        fault, manner = names.first_words(self.fault), names.first_words(self.manner)
        words = "\x1f".join((self.harm, self.owner, fault, manner))
        return f"D-{hashlib.sha256(words.encode(errors='replace')).hexdigest()[:10]}"


def causes_of(
    scenario: ScenarioResult, harms: Mapping[str, Harm], asked: Collection[str]
) -> list[Cause]:
    """Say what was wrong in a scenario: what the judge found, and the step it stopped at.

    Where the judge found a harm against what the step proves, that is why it stopped. `harms` are
    those the requirements guard against; `asked` are those of them that the run asked for. What
    passed with nothing found, was not run, could not be judged, or is for a person to look at has
    no cause: that is nobody's defect.
    """
    causes = [
        _judged(each, blamed_by(each, scenario, asked))
        for each in scenario.findings
        if each.kind in ("FAIL", "WARNING")
    ]
    explained = {id for each in causes if each.kind == "FAIL" for id in each.requirements}
    if stopped_at_a_step(scenario) and not explained.intersection(scenario.requirements):
        causes.append(_stopped(scenario, harms))
    found: dict[str, Cause] = {}
    for each in causes:
        before = found.get(each.fingerprint, each)
        both = each.requirements | before.requirements
        found[each.fingerprint] = structs.replace(each, requirements=both)
    return list(found.values())


def in_general(words: str) -> str:
    """Leave out of a sentence what is different each time it is said."""
    words = _LISTED.sub("…", _QUOTED.sub("…", words[:_CHARACTERS_MAX]))
    words = _CHANNEL.sub("a channel", _PERSON.sub("a person", words))
    words = _NUMBER.sub("#", _DATE.sub("#", _ORIGIN.sub("", words)))
    return " ".join(words.split())


def _judged(finding: Finding, requirements: Collection[str]) -> Cause:
    return Cause(
        harm=finding.harm,
        owner=finding.owner,
        kind=finding.kind,
        avoidable=finding.avoidable,
        fault=in_general(finding.expected),
        manner=_head(finding.observed),
        expected=finding.expected,
        observed=finding.observed,
        requirements=frozenset(requirements),
    )


def _stopped(scenario: ScenarioResult, harms: Mapping[str, Harm]) -> Cause:
    """Make the cause of a step that was not so; its harm is the worst its requirements guard."""
    guarded = {harms[each] for each in scenario.requirements if each in harms}
    fault, manner = in_general(scenario.expected), _head(scenario.observed)
    if not scenario.expected:
        # The portal broke off the conversation: what it answered matters, not in which step.
        fault, manner = in_general(scenario.reason or scenario.failed_step), ""
    return Cause(
        harm=next((each for each in HARMS if each in guarded), "lost"),
        owner="portal",
        kind="FAIL",
        avoidable=True,
        fault=fault,
        manner=manner,
        expected=scenario.expected or scenario.failed_step,
        observed=scenario.observed or scenario.reason,
        requirements=frozenset(scenario.requirements),
    )


def _head(observed: str) -> str:
    """Keep how something was missed, without what was read or sent, which the portal chooses."""
    return _HEAD.split(in_general(observed))[0].strip()
