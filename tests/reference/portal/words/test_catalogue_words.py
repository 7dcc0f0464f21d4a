"""What a victim reads: true, kind, safe, and as the order has it."""

import re
import tomllib
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from reference.catalogue_check.triggers import ADVISED
from reference.contract.events import ClosingOutcome, Milestone
from reference.contract.outcomes import CHARGED
from reference.portal.rules.outcomes import may_offer_review
from reference.portal.words import catalogue
from reference.portal.words.advice import load_advice
from reference.portal.words.wording import AUDIENCES, TemplateWords
from tests.each_of import each_of
from tests.reference.catalogue_check.spoiled_words import READ

ORDER: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[4] / "scenarios/orders/two-forces.toml").read_text(encoding="utf-8")
)
WORDS = catalogue.load()
CLOSURES = get_args(ClosingOutcome)
REVIEWABLE = [
    each
    for each in CLOSURES
    if may_offer_review(decided_by="police", interviewed=True, outcome=each)
]
SHOWN = [each for each in READ.template if each.text]
# Right 6 has these told within days, and sooner to those with enhanced rights.
OF_THE_CODE = [
    *("not_investigated", "suspect_arrested", "suspect_interviewed", "suspect_released"),
    *("suspect_on_bail", "suspect_under_investigation", "bail_changed"),
]


def said(trigger: str, detail: Any = "", variant: str = "", audience: str = "everyone") -> str:
    """Read title and text as one."""
    entry = WORDS.entry(trigger, detail=str(detail), variant=variant, audience=audience)
    return " ".join(entry.render())


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_charge_is_never_called_an_end(audience: str) -> None:
    """After a charge the victim reads who informs them from here, and nothing of closing."""
    words = [
        said("OutcomeRecorded", CHARGED, audience=audience),
        said("question_received", variant="court", audience=audience),
    ]

    for each in words:
        assert "Witness Care Unit" in each
        assert "closed" not in each.casefold()


def test_the_force_claims_no_duty_of_the_courts() -> None:
    """Of hearings the Witness Care Unit tells; the portal never says that it will."""
    hearing = said("MilestoneReached", "hearing_listed")

    assert "Witness Care Unit" in hearing
    assert not re.search(r"we (will )?(tell|let you know)", hearing.casefold())


@each_of(product(CLOSURES, AUDIENCES))
def test_every_ending_says_that_the_case_is_closed(outcome: int, audience: str) -> None:
    """Each outcome that closes a case says so, without review, blame or the suspect."""
    words = said("CrimeClosed", outcome, audience=audience)

    assert "closed" in words
    for word in ("suspect", "you withdrew", "you did not", "refused", "unfortunately"):
        assert word not in words.casefold()
    assert ("review" in words) == (outcome == 9)


@each_of(product(CLOSURES, AUDIENCES))
def test_the_right_to_review_is_offered_where_the_police_scheme_applies(
    outcome: int, audience: str
) -> None:
    """Review wording is for the outcomes of the police scheme, for both audiences, and no other."""
    words = said("CrimeClosed", outcome, "review", audience)

    assert ("Victims' Right to Review" in words) == (outcome in REVIEWABLE)
    if outcome in REVIEWABLE:
        assert "within three months" in words
        assert "Crown Prosecution Service" not in words


def test_a_prosecutors_decision_is_called_one() -> None:
    """It names who decided and can look again, and offers nothing that is the police's."""
    for outcome in (9, 11, 12, 13, 15, 17):
        words = said("CrimeClosed", outcome, "cps")

        assert "The Crown Prosecution Service has decided" in words
        assert "within 10 working days" in words
        assert "ask us" not in words


@pytest.mark.parametrize("outcome", [5, 13, 14, 16, 18, 21])
def test_hard_endings_are_softer_for_those_with_enhanced_rights(outcome: int) -> None:
    """They have words of their own, which offer support, safety or a person to talk to."""
    standard = said("CrimeClosed", outcome, audience="standard")
    enhanced = said("CrimeClosed", outcome, audience="enhanced")

    assert standard != enhanced
    assert re.search(r"support|safe|help", enhanced.casefold())


@pytest.mark.parametrize("milestone", get_args(Milestone))
def test_what_the_code_has_told_has_words_for_enhanced_rights(milestone: str) -> None:
    """Those milestones, and no other, are told in words that ask about safety."""
    standard = said("MilestoneReached", milestone, audience="standard")
    enhanced = said("MilestoneReached", milestone, audience="enhanced")

    assert (standard != enhanced) == (milestone in OF_THE_CODE)
    if milestone in OF_THE_CODE:
        assert "999" in enhanced


@pytest.mark.parametrize("milestone", get_args(Milestone))
def test_a_milestone_says_no_more_than_that_it_was_passed(milestone: str) -> None:
    """Who it was, what was found and what it means for the case are not in it."""
    for audience in AUDIENCES:
        words = said("MilestoneReached", milestone, audience=audience).casefold()

        assert not re.search(r"\b(he|she|him|her|man|woman|boy|girl|male|female)\b", words)
        assert not re.search(r"\b(guilty|proves|match|dna|fingerprint|confess)", words)


def test_nobody_learns_a_suspects_age_or_health() -> None:
    """Outcomes 11 and 12 read the same, and 13 names neither death nor illness."""
    for variant in ("", "review"):
        assert said("CrimeClosed", 11, variant) == said("CrimeClosed", 12, variant)
        for audience in AUDIENCES:
            words = said("CrimeClosed", 13, variant, audience).casefold()
            assert not re.search(r"\b(ill|illness|died|dead|death)\b", words)


def test_nobody_learns_why_an_officer_is_away() -> None:
    """An officer's illness or leave is private; who looks after the case is not."""
    for case in (("away", "until"), ("away", ""), ("left", "")):
        entry = WORDS.entry("OfficerUnavailable", detail=case[0], variant=case[1])
        _, text = entry.render(officer="PC Kim Shaw", team="Oxford team", until="3 June 2026")

        assert text.startswith("PC Kim Shaw")
        assert "Oxford team looks after" in text
        assert ("3 June 2026" in text) == (case[1] == "until")
        assert not re.search(r"sick|ill\b|leave|holiday|dismiss|resign", text)


@each_of({each.id: (each,) for each in SHOWN})
def test_names_that_may_be_blank_begin_their_sentence(template: TemplateWords) -> None:
    """'Your officer' and 'One of our teams' have a capital letter, so that they come first."""
    for name in ("officer", "team", "force", "to_force"):
        for found in re.finditer(rf"\{{{name}\}}", template.text.replace("\n", " ")):
            before = template.text.replace("\n", " ")[: found.start()].rstrip()
            assert not before or before[-1] in ".!?"


@each_of({each.id: (each,) for each in SHOWN})
def test_a_page_has_whole_sentences(template: TemplateWords) -> None:
    """A text ends as a sentence does, without double spaces; a title has no mark at its end."""
    title, text = WORDS.entry(*_first_case(template)[:1], **_asked(template)).render()

    assert text[-1] in ".!?"
    assert title[-1] not in ".!?"
    assert "  " not in text
    assert "\n" not in title + text


def test_words_stand_for_the_phase_and_message_of_the_order() -> None:
    """What the order announces is announced so; what it does not, is only shown."""
    ordered = {each["event"]: each for each in ORDER["triggers"]}
    events = [each for each in READ.template if each.trigger[0].isupper()]
    for template in events:
        order = ordered.get(template.trigger)
        if template.trigger == "IncidentReported":
            # No order announces it: a crime system sends it to a portal that claims it.
            assert template.message == "acknowledgement"
        elif order is None:
            assert template.message == "", template.id
        elif template.trigger == "CrimeRecorded":
            assert (order["announces"], template.message) == ("invitation", "update")
            assert template.phase == order["phase"]
        else:
            assert template.message == order["announces"], template.id
            assert template.phase == order["phase"], template.id


def test_advice_is_announced_for_every_offence_that_is_followed() -> None:
    """Each offence of the order has words of its own, and a page of advice that is there."""
    eligible = set(ORDER["eligibility"]["offence_subgroups"])

    assert set(ADVISED) == eligible
    assert ORDER["journey"]["advice_for"].keys() <= eligible
    for slug in ORDER["journey"]["advice_for"].values():
        assert load_advice().article(slug) is not None


def test_advice_never_says_whose_fault_it_was_but_not_theirs() -> None:
    """Advice on locks can sound like blame, so that it says first that it is not."""
    for subgroup in ("", *ADVISED):
        _, text = WORDS.entry("advice", detail=subgroup).render()
        assert text.startswith("What happened was not your fault")


def _first_case(template: TemplateWords) -> tuple[str, str, str, str]:
    return template.cases[0]


def _asked(template: TemplateWords) -> dict[str, str]:
    _, detail, variant, audience = template.cases[0]
    return {"detail": detail, "variant": variant, "audience": audience}
