"""The cause of a failure: one cause has one fingerprint in every run and build.

Forty scenarios that fail because of one fault are one defect. A cause is the harm, what was
expected and how it was missed, without the names, numbers, channels and quotations that vary.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct, structs

from simulator.inputs.permanent_ids import read_names
from simulator.report.amounts import moment
from simulator.results.attribution import failed_at_own_step, requirements_broken
from simulator.results.values import ScenarioResult
from simulator.verdicts import HARMS, Finding, Harm, Kind, Owner

#: What follows is the portal's own text, which would only slow the search for words.
_CHARACTERS_MAX = 1_000
_QUOTED = re.compile(r"(?<!\w)(?:'.*?'|\".*?\"|“.*?”|‘.*?’)(?!\w)", re.DOTALL)
_LISTED = re.compile(r"\[[^\]]*\]")
#: The people in the features.
_PERSON = re.compile(r"\b(?:Alex|Sam)\b")
_CHANNEL = re.compile(r"\b(?:an? )?(?:text|email)s?(?:(?: and |, )(?:text|email)s?)*\b")
_DATE = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?: \d{4})?\b"
)
#: A label that times did not have at first: the same fault is the same defect.
_ZONE = re.compile(r" London time\b")
_ORIGIN = re.compile(r"https?://[^\s/]+")
#: An answer's status is kept: it says what went wrong.
_NUMBER = re.compile(r"(?!(?:(?<=answered )|\A)[1-5]\d\d\b)\b[^\s/]*\d[^\s/]*\b")
_HEAD = re.compile(r"[:…\['\"“‘]")


class Cause(Struct, frozen=True, kw_only=True):
    """Why a scenario failed, in general words. `expected` and `observed` are one example."""

    harm: Harm
    owner: Owner
    kind: Kind
    avoidable: bool
    fault: str
    manner: str
    expected: str
    observed: str
    requirements: frozenset[str]
    #: The readings that may play a part in the example, as `Finding.readings_named` has them.
    readings: str = ""
    #: When, to whom and in which crime the example was: "" for one that a step found.
    where: str = ""
    #: Whether a step of a scenario found it, and not the judge.
    is_of_step: bool = False

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
    """List what was wrong in a scenario: the judge's findings, and the step at which it failed.

    If the judge found a harm against a requirement that the step proves, that is the cause of the
    step's failure too. `harms` gives the harm that each requirement guards against, and `asked` the
    requirements of the run. A scenario that passed without findings, did not run, could not be
    judged or waits for a person has no cause, because it is not a defect.
    """
    causes = [
        _cause_of_finding(each, requirements_broken(each, scenario, asked))
        for each in scenario.findings
        if each.kind in ("FAIL", "WARNING")
    ]
    explained = {id for each in causes if each.kind == "FAIL" for id in each.requirements}
    if failed_at_own_step(scenario) and not explained.intersection(scenario.requirements):
        causes.append(_cause_of_step(scenario, harms))
    found: dict[str, Cause] = {}
    for each in causes:
        before = found.get(each.fingerprint, each)
        both = each.requirements | before.requirements
        found[each.fingerprint] = structs.replace(each, requirements=both)
    return list(found.values())


def explained_steps(
    causes: Mapping[str, Cause], shown: Mapping[str, Collection[Any]]
) -> dict[str, str]:
    """Find the failed steps that one defect may explain: it is in each scenario that shows them.

    Both by fingerprint; `shown` has the scenarios. Of several such defects it is the one that most
    scenarios show.
    """
    defects = [e for e in causes if not causes[e].is_of_step and causes[e].kind == "FAIL"]
    found: dict[str, str] = {}
    for each, cause in causes.items():
        explains = [defect for defect in defects if set(shown[each]) <= set(shown[defect])]
        if cause.is_of_step and explains:
            found[each] = max(explains, key=lambda defect: len(shown[defect]))
    return found


def generalised(words: str) -> str:
    """Replace the parts of a sentence that vary from run to run."""
    words = _ZONE.sub("", _LISTED.sub("…", _QUOTED.sub("…", words[:_CHARACTERS_MAX])))
    words = _CHANNEL.sub("a channel", _PERSON.sub("a person", words))
    words = _NUMBER.sub("#", _DATE.sub("#", _ORIGIN.sub("", words)))
    return " ".join(words.split())


def _cause_of_finding(finding: Finding, requirements: Collection[str]) -> Cause:
    return Cause(
        harm=finding.harm,
        owner=finding.owner,
        kind=finding.kind,
        avoidable=finding.avoidable,
        fault=generalised(finding.expected),
        manner=_head(finding.observed),
        expected=finding.expected,
        observed=finding.observed,
        requirements=frozenset(requirements),
        readings=finding.readings_named,
        where=_where(finding),
    )


def _where(finding: Finding) -> str:
    of = {"person": finding.person_id, "crime": finding.crime_reference}
    named = (f"{what} {id}" for what, id in of.items() if id)
    return ", ".join((moment(finding.at), *named))


def _cause_of_step(scenario: ScenarioResult, harms: Mapping[str, Harm]) -> Cause:
    """Make the cause of a failed step; its harm is the worst its requirements guard against."""
    guarded = {harms[each] for each in scenario.requirements if each in harms}
    fault, manner = generalised(scenario.expected), _head(scenario.observed)
    if not scenario.expected:
        # The portal broke off: what it answered matters, not the step.
        fault, manner = generalised(scenario.reason or scenario.failed_step), ""
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
        is_of_step=True,
    )


def _head(observed: str) -> str:
    """Keep how something was missed, without the text that the portal sent or showed."""
    return _HEAD.split(generalised(observed))[0].strip()
