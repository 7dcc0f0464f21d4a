"""What may and must be said when a case ends: the lawful-words oracle, a pure table.

One question: which outcome, who decided, was a suspect interviewed under caution, and how old are
the suspect and the victim? One answer: which review there is, who runs it, how soon to ask for it,
and what would be untrue. The judge and the check of a catalogue read it. A portal has words of its
own and does not import this. `docs/lawful_words.md` prints it, each row with its source.
"""

from collections.abc import Iterator
from itertools import product
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from reference.contract.outcomes import CHARGED, OUTCOMES

Decider: TypeAlias = Literal["police", "CPS", "unknown"]
Age: TypeAlias = Literal["adult", "child", "unknown"]
#: "should" is our advice and fails no portal; "must not" is untrue or unlawful there.
Say: TypeAlias = Literal["must", "should", "may", "must not"]

DECIDERS: tuple[Decider, ...] = ("police", "CPS", "unknown")
INTERVIEWS = (True, False, None)

#: Where each rule stands: a short name, what it is, and its address where it has one.
SOURCES = {
    "police scheme": (
        "Victims' Right to Review, police scheme: a police decision not to prosecute a suspect who"
        " was interviewed under caution; not after an out-of-court disposal, and not where the"
        " victim does not support the case. Cleveland Police and Crime Commissioner,"
        " https://cleveland.pcc.police.uk/how-can-we-help/supporting-victims/victims-right-to-review"
    ),
    "three months": (
        "Victims' Right to Review, police scheme: ask within 3 months; a parent or guardian may ask"
        " for a victim under 18. Wiltshire Police and Crime Commissioner,"
        " https://www.wiltshire-pcc.gov.uk/Victims-and-Witnesses/victims-right-to-review/"
    ),
    "enquiries": (
        "Victims' Right to Review does not cover decisions not to go on with enquiries."
        " Hertfordshire Constabulary,"
        " https://www.contacthertspolice.uk/Ask/CCC/Complaints.aspx?section=12"
    ),
    "CPS scheme": (
        "Victims' Right to Review Scheme of the Crown Prosecution Service: its decision not to"
        " charge; not after an out-of-court disposal. CPS legal guidance, updated 27 May 2021,"
        " https://www.cps.gov.uk/legal-guidance/victims-right-review-scheme"
    ),
    "CPS time": (
        "Victims' Right to Review Scheme of the CPS: ask within 10 working days; up to 3 months"
        " where the law permits. Lighthouse Victim Care,"
        " https://www.lighthousevictimcare.org/what-to-expect/cps-victim-right-to-review/"
    ),
    "outcomes": (
        "Home Office crime outcomes framework: what each outcome means and whose decision it is,"
        " https://www.gov.uk/government/statistics/"
        "crime-outcomes-in-england-and-wales-2023-to-2024/"
        "crime-outcomes-in-england-and-wales-technical-annex"
    ),
    "outcome 21": (
        "Outcome 21: further investigation is not in the public interest, a police decision."
        " Cleveland Police, freedom of information 38-25, https://www.cleveland.police.uk/foi-ai/"
        "cleveland-police/disclosure/2025/january/foi-3825-outcome-21/"
    ),
    "outcome 22": (
        "Outcome 22 needs no admission of guilt. NPCC guidance, as the Youth Justice Legal Centre"
        " tells it, https://yjlc.uk/resources/legal-updates/"
        "npcc-guidance-outcome-22-alternative-out-court-disposal"
    ),
    "restorative justice": (
        "Victims' Code, Right 3: the police tell about restorative justice where the offender is"
        " an adult, the youth offending team where they are under 18. Bedfordshire Police and"
        " Crime Commissioner, https://www.bedfordshire.pcc.police.uk/"
        "the-code-of-practice-for-victims-victims-code-individual-rights-information-"
        "right-3-of-12/"
    ),
    "complaints": (
        "Victims' Code, Right 12: a victim may complain to the body that did not meet a right."
        " Victims' Commissioner, https://victimscommissioner.org.uk/advice/how-to-complain/"
    ),
    "accuracy": (
        "Data Protection Act 2018 s.38: personal data must be accurate, and facts told from"
        " opinions, https://www.legislation.gov.uk/ukpga/2018/12/section/38"
    ),
    "ours": "Ours: no source was found, so it is advice and fails no portal.",
}


class Ending(Struct, frozen=True):
    """How a case ended, as a crime system records it; ages are not in any event."""

    outcome: int
    decided_by: Decider
    interviewed: bool | None
    suspect: Age = "unknown"
    victim: Age = "unknown"


class Lawful(Struct, frozen=True, kw_only=True):
    """What may and must be said of one ending, and by which of `SOURCES`."""

    police_review: Say = "must not"
    cps_review: Say = "must not"
    cps_time: Say = "must not"  # how soon to ask the CPS
    explained_or_complaint: Say = "may"  # a supervisor explains, or the victim complains
    guilt: Say = "must not"  # that somebody admitted it, or was found guilty
    ended: Say = "may"  # that the case is closed
    review_asked_by: str = "the victim"
    restorative_justice_from: str = "the police, or the youth offending team"
    why: str
    sources: tuple[str, ...]


class Row(Struct, frozen=True):
    """One line of the table: the endings it is for, and the answer but for ages."""

    outcomes: tuple[int, ...]
    deciders: tuple[Decider, ...]
    interviews: tuple[bool | None, ...]
    lawful: Lawful


def lawful_words(ending: Ending) -> Lawful:
    """Find what may and must be said; raises LookupError for an outcome that there is not."""
    for row in ROWS:
        if (
            ending.outcome in row.outcomes
            and ending.decided_by in row.deciders
            and ending.interviewed in row.interviews
        ):
            return _by_age(row.lawful, ending)
    raise LookupError(f"no such ending: {ending}")


def every_ending() -> Iterator[Ending]:
    """List all endings but for ages: each outcome, by whom, interviewed or not."""
    for outcome, decided_by, interviewed in product(OUTCOMES, DECIDERS, INTERVIEWS):
        yield Ending(outcome, decided_by, interviewed)


def _by_age(lawful: Lawful, ending: Ending) -> Lawful:
    """Say who asks for a review where the victim is a child, and who offers restorative justice."""
    asked_by, offered_by = lawful.review_asked_by, lawful.restorative_justice_from
    if ending.victim == "child":
        asked_by = "a parent or guardian, for a victim under 18"
    suspect = _AGE_BY_OUTCOME.get(ending.outcome, ending.suspect)
    if suspect != "unknown":
        offered_by = "the police" if suspect == "adult" else "the youth offending team"
    return structs.replace(lawful, review_asked_by=asked_by, restorative_justice_from=offered_by)


# Outcome 2 is for young people, outcome 3 for adults: a record that says otherwise is wrong.
_AGE_BY_OUTCOME: dict[int, Age] = {2: "child", 3: "adult"}

_ANYBODY, _EVER = DECIDERS, INTERVIEWS
_POLICE: tuple[Decider, ...] = ("police",)
_CPS: tuple[Decider, ...] = ("CPS",)
_UNKNOWN: tuple[Decider, ...] = ("unknown",)
_NOT_CPS: tuple[Decider, ...] = ("police", "unknown")
_YES: tuple[bool | None, ...] = (True,)
_NOT_RECORDED_AS_INTERVIEWED: tuple[bool | None, ...] = (False, None)

ROWS: tuple[Row, ...] = (
    Row(
        (CHARGED,),
        _ANYBODY,
        _EVER,
        Lawful(
            ended="must not",
            why="A charge is no decision against a prosecution. The case is with the court, and"
            " nobody has been found guilty.",
            sources=("police scheme", "CPS scheme", "accuracy"),
        ),
    ),
    Row(
        (2, 3, 8),
        _ANYBODY,
        _EVER,
        Lawful(
            guilt="may",
            why="An out-of-court disposal that needs an admission; both schemes leave it out.",
            sources=("police scheme", "CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (6,),
        _ANYBODY,
        _EVER,
        Lawful(
            why="An out-of-court disposal; a penalty notice is no admission and no conviction.",
            sources=("police scheme", "CPS scheme", "outcomes", "accuracy"),
        ),
    ),
    Row(
        (7,),
        _ANYBODY,
        _EVER,
        Lawful(
            guilt="may",
            why="An out-of-court disposal that needs an admission.",
            sources=("police scheme", "CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (4,),
        _NOT_CPS,
        _EVER,
        Lawful(
            guilt="may",
            why="Somebody admitted it to a court, which takes it into account: nobody decided"
            " against a prosecution.",
            sources=("police scheme", "outcomes"),
        ),
    ),
    Row(
        (4,),
        _CPS,
        _EVER,
        Lawful(
            guilt="may",
            cps_review="may",
            cps_time="may",
            why="The record says that the CPS decided; its own scheme says whether that counts.",
            sources=("CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (5, 11, 12, 13, 17, 22),
        _POLICE,
        _YES,
        Lawful(
            police_review="may",
            why="A police decision about a suspect who was interviewed. The schemes neither name"
            " nor leave out this ending: each force decides.",
            sources=("police scheme", "three months", "outcome 22"),
        ),
    ),
    Row(
        (5, 13, 22),
        _POLICE,
        _NOT_RECORDED_AS_INTERVIEWED,
        Lawful(
            why="No interview under caution is recorded, so the police scheme does not apply.",
            sources=("police scheme",),
        ),
    ),
    Row(
        (10, 11, 12, 15, 17),
        _POLICE,
        _NOT_RECORDED_AS_INTERVIEWED,
        Lawful(
            explained_or_complaint="should",
            why="No interview under caution is recorded, so the police scheme does not apply. A"
            " supervisor can explain the decision, and the victim can complain.",
            sources=("police scheme", "complaints", "ours"),
        ),
    ),
    Row(
        (5, 22),
        _CPS,
        _EVER,
        Lawful(
            cps_review="may",
            cps_time="may",
            why="The record says that the CPS decided; its own scheme says whether that counts.",
            sources=("CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (11, 12, 13, 17),
        _CPS,
        _EVER,
        Lawful(
            cps_review="should",
            cps_time="should",
            why="A CPS decision not to charge. That it counts is our reading of the scheme.",
            sources=("CPS scheme", "CPS time", "ours"),
        ),
    ),
    Row(
        (10, 15),
        _POLICE,
        _YES,
        Lawful(
            police_review="must",
            why="The police decided against a charge, and a suspect was interviewed under caution.",
            sources=("police scheme", "three months"),
        ),
    ),
    Row(
        (9, 15),
        _CPS,
        _EVER,
        Lawful(
            cps_review="must",
            cps_time="should",
            why="The CPS decided not to charge. Only the CPS can review that, not the police.",
            sources=("CPS scheme", "CPS time"),
        ),
    ),
    Row(
        (10,),
        _CPS,
        _EVER,
        Lawful(
            cps_review="may",
            cps_time="may",
            why="The record contradicts itself: outcome 10 is a police decision. The police offer"
            " no review of a decision that is recorded as the CPS's.",
            sources=("CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (9,),
        _POLICE,
        _YES,
        Lawful(
            police_review="may",
            cps_review="may",
            cps_time="may",
            why="The record contradicts itself: outcome 9 is a CPS decision. Either route is an"
            " honest reading.",
            sources=("police scheme", "CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (9,),
        _POLICE,
        _NOT_RECORDED_AS_INTERVIEWED,
        Lawful(
            cps_review="may",
            cps_time="may",
            why="Outcome 9 is a CPS decision by its definition; no interview is recorded.",
            sources=("police scheme", "CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (9,),
        _UNKNOWN,
        _EVER,
        Lawful(
            cps_review="may",
            cps_time="may",
            why="Nobody recorded who decided, and outcome 9 is a CPS decision by its definition.",
            sources=("CPS scheme", "outcomes"),
        ),
    ),
    Row(
        (5, 10, 11, 12, 13, 15, 17, 22),
        _UNKNOWN,
        _EVER,
        Lawful(
            why='Nobody recorded who decided: no route can be promised. "If the police decided…"'
            " promises none, and may be said.",
            sources=("police scheme", "CPS scheme"),
        ),
    ),
    Row(
        (14, 16),
        _NOT_CPS,
        _EVER,
        Lawful(
            why="The victim does not support a prosecution, so the police scheme does not apply.",
            sources=("police scheme",),
        ),
    ),
    Row(
        (14, 16),
        _CPS,
        _EVER,
        Lawful(
            cps_review="may",
            cps_time="may",
            why="The record says that the CPS decided; its own scheme says whether that counts.",
            sources=("police scheme", "CPS scheme"),
        ),
    ),
    Row(
        (18,),
        _ANYBODY,
        _EVER,
        Lawful(
            why="Nobody was identified, so nobody decided against a prosecution.",
            sources=("police scheme", "outcomes"),
        ),
    ),
    Row(
        (20,),
        _ANYBODY,
        _EVER,
        Lawful(
            why="Another body now decides; the police decided against no prosecution.",
            sources=("police scheme", "outcomes"),
        ),
    ),
    Row(
        (21,),
        _ANYBODY,
        _EVER,
        Lawful(
            explained_or_complaint="should",
            why="A police decision to end enquiries, not one against a prosecution. A supervisor"
            " can explain it, and the victim can complain.",
            sources=("enquiries", "outcome 21", "complaints", "ours"),
        ),
    ),
)
