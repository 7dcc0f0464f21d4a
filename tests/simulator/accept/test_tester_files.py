"""Rules of what is laid beside an acceptance: known gaps, the contract's clauses, reviews."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from simulator.accept.tester_files import read_beside
from simulator.errors import BadInput
from simulator.inputs.requirements import Requirement
from simulator.results.values import AcceptanceResult, RequirementResult
from simulator.verdicts import Kind
from tests.simulator.accept.test_roll_up import harmed

TODAY = date(2026, 6, 1)
GAP = 'requirement = "ONCE-01"\nreason = "Mended in 2.1"\nuntil = 2026-07-01'
REVIEW = """requirement = "TONE-01"
verdict = "PASS"
reviewer = "A. Reader"
role = "victims' lead"
on = 2026-05-20
note = "Plain and kind"
evidence = ["pages.txt"]"""


def requirement(name: str, *, review: str = "") -> Requirement:
    """Make a requirement, for scenarios or for a person."""
    return Requirement(
        id=name,
        sentence=name,
        source="the test",
        basis="ours",
        level="must",
        phase=1,
        harm="lost",
        review=review,
    )


REQUIREMENTS = [
    requirement("ONCE-01"),
    requirement("MSG-01"),
    requirement("TONE-01", review="read the pages"),
]


def result(**verdicts: Kind) -> AcceptanceResult:
    """Make what came of a run, by the requirement's first letters."""
    given = {each.id: verdicts.get(each.id.partition("-")[0], "PASS") for each in REQUIREMENTS}
    given["TONE-01"] = "OMIT"
    kinds = set(given.values())
    return AcceptanceResult(
        portal="A portal",
        portal_version="2",
        signatory="",
        phase=1,
        order="An order",
        reached="by URL",
        verdict="FAIL" if "FAIL" in kinds else "PASS",
        messages=1,
        requirements=[
            RequirementResult(
                id=each.id,
                sentence=each.sentence,
                source=each.source,
                basis=each.basis,
                level=each.level,
                phase=each.phase,
                verdict=given[each.id],
                scenarios=(),
            )
            for each in REQUIREMENTS
        ],
        scenarios=[],
    )


def beside(
    folder: Path, come: AcceptanceResult, *, gaps: str = "", clauses: str = "", reviews: str = ""
) -> AcceptanceResult:
    """Lay files beside what came of a run; "" leaves one out."""
    paths = {}
    for name, text in (("gaps.toml", gaps), ("clauses.csv", clauses), ("reviews.toml", reviews)):
        paths[name] = folder / name if text else None
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    read = read_beside(
        REQUIREMENTS,
        expected=paths["gaps.toml"],
        contract=paths["clauses.csv"],
        reviews=paths["reviews.toml"],
        today=TODAY,
    )
    return read.applied_to(come)


def row(come: AcceptanceResult, name: str) -> RequirementResult:
    """Find a requirement's row."""
    return next(each for each in come.requirements if each.id == name)


def test_a_known_gap_stays_a_failure_and_the_whole_a_warning(tmp_path: Path) -> None:
    """What is known keeps its verdict and gets its reason; alone it does not fail the run."""
    come = beside(tmp_path, result(ONCE="FAIL"), gaps=f"[[gap]]\n{GAP}")

    assert row(come, "ONCE-01").verdict == "FAIL"
    assert row(come, "ONCE-01").known_gap == "Mended in 2.1 (until 2026-07-01)"
    assert come.verdict == "WARNING"


def test_another_failure_beside_a_known_gap_fails(tmp_path: Path) -> None:
    """A known gap excuses its own requirement only."""
    come = beside(tmp_path, result(ONCE="FAIL", MSG="FAIL"), gaps=f"[[gap]]\n{GAP}")

    assert come.verdict == "FAIL"
    assert row(come, "MSG-01").known_gap == ""


def test_nobody_puts_up_with_a_stranger_who_was_told(tmp_path: Path) -> None:
    """A gap that is known excuses no harm that cannot be taken back, whoever gave a reason."""
    told = harmed("ONCE-01", harm="misdirected", against="ONCE-01")
    come = structs.replace(result(ONCE="FAIL"), scenarios=[told])

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == "FAIL"


def test_a_gap_that_is_none_any_more_fails(tmp_path: Path) -> None:
    """An entry that no longer holds would hide the next fault: the run fails until it goes."""
    come = beside(tmp_path, result(), gaps=f"[[gap]]\n{GAP}")

    assert come.verdict == "FAIL"
    assert come.gaps_closed == ("ONCE-01",)


def test_known_gaps_of_a_run_without_messages_are_no_pass(tmp_path: Path) -> None:
    """Where nothing ever arrived nothing was judged, though each failure is known."""
    come = structs.replace(result(ONCE="FAIL"), messages=0)

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == "INCONCLUSIVE"


@pytest.mark.parametrize("verdict", ["OMIT", "SKIP", "REVIEW"])
def test_what_was_not_judged_closes_no_gap(tmp_path: Path, verdict: Kind) -> None:
    """A gap of a later phase, or one that could not be verified today, is a gap still."""
    come = beside(tmp_path, result(ONCE=verdict), gaps=f"[[gap]]\n{GAP}")

    assert come.gaps_closed == ()


@pytest.mark.parametrize("verdict", ["INCONCLUSIVE", "SKIP", "ERROR"])
def test_known_gaps_make_nothing_judged(tmp_path: Path, verdict: Kind) -> None:
    """A run that could not judge does not become one that could."""
    come = structs.replace(result(ONCE="FAIL", MSG=verdict), verdict=verdict)

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == verdict


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        (GAP.replace("ONCE-01", "NONE-01"), "requirement is 'NONE-01', which there is not"),
        (GAP.replace("2026-07-01", "2026-05-31"), "was put up with until 2026-05-31"),
        (f"{GAP}\n[[gap]]\n{GAP}", "named twice"),
        (GAP.replace("Mended in 2.1", ""), "reason"),
    ],
)
def test_a_gap_has_a_requirement_a_reason_and_an_end(tmp_path: Path, gaps: str, said: str) -> None:
    """A gap is put up with for a reason and for a time, and the sentence names what is wrong."""
    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), gaps=f"[[gap]]\n{gaps}")


def test_clauses_stand_beside_the_requirements_that_show_them(tmp_path: Path) -> None:
    """A clause may need several requirements, and a requirement show several clauses."""
    clauses = "clause,priority,requirement\n4.1,Must,ONCE-01\n4.2,,ONCE-01\n4.1,Must,MSG-01\n"

    come = beside(tmp_path, result(), clauses=clauses)

    assert [(each.id, each.priority) for each in row(come, "ONCE-01").clauses] == [
        ("4.1", "Must"),
        ("4.2", ""),
    ]
    assert [each.id for each in row(come, "MSG-01").clauses] == ["4.1"]


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ("id,priority,requirement\n", "line 1: begin with clause,priority,requirement"),
        ("clause,priority,requirement\n4.1,Must,NONE-01\n", "line 2: requirement is 'NONE-01'"),
        ("clause,priority,requirement\n\n4.1,ONCE-01\n", "line 3: "),
        ('clause,priority,requirement\n"4.1', "is no CSV"),
    ],
)
def test_a_contract_map_that_is_wrong_names_its_line(
    tmp_path: Path, clauses: str, said: str
) -> None:
    """A clause that would be left out unseen is refused, with the line it stands in."""
    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), clauses=clauses)


def test_a_person_judges_what_only_a_person_can(tmp_path: Path) -> None:
    """What they say is the verdict, with their name and the very file they looked at."""
    (tmp_path / "pages.txt").write_text("what was looked at")

    come = beside(tmp_path, result(), reviews=f"[[review]]\n{REVIEW}")

    review = row(come, "TONE-01").review
    assert review is not None
    assert (row(come, "TONE-01").verdict, review.reviewer) == ("PASS", "A. Reader")
    assert review.evidence[0].sha256 == hashlib.sha256(b"what was looked at").hexdigest()
    assert come.verdict == "PASS"


def test_what_a_person_refuses_fails_the_whole(tmp_path: Path) -> None:
    """A reviewer's no is a no."""
    (tmp_path / "pages.txt").touch()
    refused = REVIEW.replace('"PASS"', '"FAIL"')

    assert beside(tmp_path, result(), reviews=f"[[review]]\n{refused}").verdict == "FAIL"


def test_where_nobody_has_looked_the_whole_waits(tmp_path: Path) -> None:
    """With reviews asked for, one that is missing is REVIEW: never passed unseen."""
    come = beside(tmp_path, result(), reviews="review = []")

    assert row(come, "TONE-01").verdict == "REVIEW"
    assert come.verdict == "REVIEW"


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (REVIEW.replace("TONE-01", "ONCE-01"), "not for a person to judge; these are: TONE-01"),
        (REVIEW.replace("pages.txt", "none.txt"), "evidence 'none.txt': No such file"),
        (REVIEW.replace('["pages.txt"]', "[]"), "evidence"),
        (REVIEW.replace("A. Reader", ""), "reviewer"),
        (f"{REVIEW}\n[[review]]\n{REVIEW}", "named twice"),
    ],
)
def test_a_review_names_who_looked_and_at_what(tmp_path: Path, review: str, said: str) -> None:
    """Without a name, a requirement for people, and evidence that is there, it is no review."""
    (tmp_path / "pages.txt").touch()

    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), reviews=f"[[review]]\n{review}")
