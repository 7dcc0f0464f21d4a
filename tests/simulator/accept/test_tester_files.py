"""The tester's files: known gaps, contract clauses and reviews."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from simulator.accept.manual_reviews import DRIVER, with_reviews
from simulator.accept.tester_files import read_tester_files, with_stored_decisions
from simulator.errors import BadInput
from simulator.inputs.requirements import Requirement
from simulator.results.values import AcceptanceResult, RequirementResult, ScenarioResult
from simulator.verdicts import Kind
from tests.simulator.accept.test_requirement_verdicts import harmed

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
    """Make the result of a run, by the requirement's first letters."""
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
                awaits="a person" if each.review else "",
            )
            for each in REQUIREMENTS
        ],
        scenarios=[],
    )


def beside(
    folder: Path, come: AcceptanceResult, *, gaps: str = "", clauses: str = "", reviews: str = ""
) -> AcceptanceResult:
    """Apply tester files to a result; "" leaves one out."""
    paths = {}
    for name, text in (("gaps.toml", gaps), ("clauses.csv", clauses), ("reviews.toml", reviews)):
        paths[name] = folder / name if text else None
        if text:
            (folder / name).write_text(text, encoding="utf-8")
    read = read_tester_files(
        REQUIREMENTS,
        expected=paths["gaps.toml"],
        contract=paths["clauses.csv"],
        reviews=paths["reviews.toml"],
        today=TODAY,
    )
    return read.apply(come)


def row(come: AcceptanceResult, name: str) -> RequirementResult:
    """Find a requirement's row."""
    return next(each for each in come.requirements if each.id == name)


def test_a_known_gap_stays_a_failure_and_the_whole_a_warning(tmp_path: Path) -> None:
    """A known gap keeps its verdict and gets its reason; alone it does not fail the run."""
    come = beside(tmp_path, result(ONCE="FAIL"), gaps=f"[[gap]]\n{GAP}")

    assert row(come, "ONCE-01").verdict == "FAIL"
    assert row(come, "ONCE-01").known_gap == "Mended in 2.1 (until 2026-07-01)"
    assert come.verdict == "WARNING"


def test_another_failure_beside_a_known_gap_fails(tmp_path: Path) -> None:
    """A known gap excuses its own requirement only."""
    come = beside(tmp_path, result(ONCE="FAIL", MSG="FAIL"), gaps=f"[[gap]]\n{GAP}")

    assert come.verdict == "FAIL"
    assert row(come, "MSG-01").known_gap == ""


def test_a_critical_harm_is_never_a_known_gap(tmp_path: Path) -> None:
    """No reason excuses a harm that cannot be taken back."""
    told = harmed("ONCE-01", harm="misdirected", against="ONCE-01")
    come = structs.replace(result(ONCE="FAIL"), scenarios=[told])

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == "FAIL"


@pytest.mark.parametrize("verdict", ["FAIL", "REVIEW"])
def test_what_breaks_no_requirement_is_no_known_gap(tmp_path: Path, verdict: Kind) -> None:
    """A driver that answers for its portal, or alone has seen it, is not put right by a gap."""
    driver = ScenarioResult(
        name="The driver", feature="The driver", phase=1, requirements=(), verdict=verdict
    )
    come = structs.replace(result(ONCE="FAIL"), scenarios=[driver])

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == verdict


def test_a_must_that_nobody_claims_is_no_pass_beside_a_known_gap(tmp_path: Path) -> None:
    """The failure is known; what was not asked is still not shown."""
    come = result(ONCE="FAIL", MSG="OMIT")
    rows = [
        structs.replace(each, awaits="a claim") if each.id == "MSG-01" else each
        for each in come.requirements
    ]

    known = beside(tmp_path, structs.replace(come, requirements=rows), gaps=f"[[gap]]\n{GAP}")

    assert known.verdict == "SKIP"


def test_a_closed_gap_fails(tmp_path: Path) -> None:
    """Its entry would hide the next fault, so the run fails until it is removed."""
    come = beside(tmp_path, result(), gaps=f"[[gap]]\n{GAP}")

    assert come.verdict == "FAIL"
    assert come.gaps_closed == ("ONCE-01",)


def test_known_gaps_of_a_run_without_messages_are_no_pass(tmp_path: Path) -> None:
    """If nothing arrived, nothing was judged, even if each failure is known."""
    come = structs.replace(result(ONCE="FAIL"), messages=0)

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == "INCONCLUSIVE"


@pytest.mark.parametrize("verdict", ["OMIT", "SKIP", "REVIEW"])
def test_what_was_not_judged_closes_no_gap(tmp_path: Path, verdict: Kind) -> None:
    """A gap of a later phase, or one that could not be verified, stays open."""
    come = beside(tmp_path, result(ONCE=verdict), gaps=f"[[gap]]\n{GAP}")

    assert come.gaps_closed == ()


@pytest.mark.parametrize("verdict", ["INCONCLUSIVE", "SKIP", "ERROR"])
def test_known_gaps_do_not_make_a_run_judged(tmp_path: Path, verdict: Kind) -> None:
    """A run that could not judge stays so."""
    come = structs.replace(result(ONCE="FAIL", MSG=verdict), verdict=verdict)

    assert beside(tmp_path, come, gaps=f"[[gap]]\n{GAP}").verdict == verdict


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        (GAP.replace("ONCE-01", "NONE-01"), "there is no requirement 'NONE-01'"),
        (GAP.replace("2026-07-01", "2026-05-31"), "was accepted until 2026-05-31"),
        (f"{GAP}\n[[gap]]\n{GAP}", "named twice"),
        (GAP.replace("Mended in 2.1", ""), "reason"),
    ],
)
def test_a_gap_has_a_requirement_a_reason_and_an_end(tmp_path: Path, gaps: str, said: str) -> None:
    """A gap is accepted with a reason and until a day, and the sentence names the mistake."""
    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), gaps=f"[[gap]]\n{gaps}")


def test_requirements_list_their_clauses(tmp_path: Path) -> None:
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
        (
            "clause,priority,requirement\n4.1,Must,NONE-01\n",
            "line 2: there is no",
        ),
        ("clause,priority,requirement\n\n4.1,ONCE-01\n", "line 3: "),
        ('clause,priority,requirement\n"4.1', "not a CSV"),
    ],
)
def test_a_contract_map_that_is_wrong_names_its_line(
    tmp_path: Path, clauses: str, said: str
) -> None:
    """A clause that would be lost is refused, with its line."""
    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), clauses=clauses)


def test_a_person_judges_what_only_a_person_can(tmp_path: Path) -> None:
    """The review is the verdict, with the reviewer's name and the SHA-256 of the evidence."""
    (tmp_path / "pages.txt").write_text("what was looked at")

    come = beside(tmp_path, result(), reviews=f"[[review]]\n{REVIEW}")

    review = row(come, "TONE-01").review
    assert review is not None
    assert (row(come, "TONE-01").verdict, review.reviewer) == ("PASS", "A. Reader")
    assert review.evidence[0].sha256 == hashlib.sha256(b"what was looked at").hexdigest()
    assert come.verdict == "PASS"


def test_a_person_may_look_at_a_portal_that_only_its_driver_has_seen(tmp_path: Path) -> None:
    """That is no requirement: it has a word of its own in the file, and no row of the result."""
    (tmp_path / "pages.txt").touch()
    file = tmp_path / "reviews.toml"
    file.write_text(f"[[review]]\n{REVIEW.replace('TONE-01', DRIVER)}", encoding="utf-8")
    read = read_tester_files(REQUIREMENTS, expected=None, contract=None, reviews=file, today=TODAY)

    assert read.driver_review is not None
    assert read.driver_review.reviewer == "A. Reader"
    assert row(read.apply(result()), "TONE-01").verdict == "REVIEW"


def test_a_failed_review_fails_the_whole(tmp_path: Path) -> None:
    """A reviewer's FAIL is a FAIL."""
    (tmp_path / "pages.txt").touch()
    refused = REVIEW.replace('"PASS"', '"FAIL"')

    assert beside(tmp_path, result(), reviews=f"[[review]]\n{refused}").verdict == "FAIL"


def test_a_missing_review_is_review(tmp_path: Path) -> None:
    """If reviews are given, a missing one is REVIEW, never a pass."""
    come = beside(tmp_path, result(), reviews="review = []")

    assert row(come, "TONE-01").verdict == "REVIEW"
    assert come.verdict == "REVIEW"


WAIVER = """
[[review]]
requirement = ["TONE-01"]
verdict = "waived"
reviewer = "S. Iqbal"
role = "programme lead"
on = 2026-06-01
note = "It comes with build 9."
"""


def test_a_waiver_by_name_is_no_review(tmp_path: Path) -> None:
    """The must stays unasked, and says who goes on without it; nothing waits any more."""
    come = beside(tmp_path, result(), reviews=WAIVER)
    waived = row(come, "TONE-01")

    assert result().waiting
    assert (come.waiting, come.verdict) == ([], "PASS")
    assert (waived.verdict, waived.is_waived) == ("OMIT", True)
    assert waived.reason == "waived by S. Iqbal, programme lead: It comes with build 9."
    assert with_stored_decisions(result(), come).requirements == come.requirements


def test_a_strict_verdict_is_worked_out_again_as_strict() -> None:
    """A pack that works a strict run out again finds the same must waiting."""
    strict = structs.replace(result(), is_strict=True, verdict="REVIEW")
    again = with_stored_decisions(result(), strict)

    assert again.waiting
    assert (again.is_strict, again.verdict) == (True, "REVIEW")


@pytest.mark.parametrize(
    ("reviews", "said"),
    [
        (WAIVER.replace("TONE-01", "MSG-01"), "review: 'MSG-01' is not a requirement for a person"),
        (WAIVER.replace('["TONE-01"]', '["TONE-01", "TONE-01"]'), "TONE-01 is named twice"),
        (WAIVER.replace("S. Iqbal", ""), "reviewer"),
        (WAIVER.replace("waived", "PASS"), "evidence is empty; name what was looked at"),
    ],
)
def test_a_waiver_that_would_do_nothing_is_refused(tmp_path: Path, reviews: str, said: str) -> None:
    """What a run judges cannot be waived, nor a thing twice, nor by nobody."""
    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), reviews=reviews)


def test_what_a_force_may_wish_for_needs_no_review() -> None:
    """A `could` that nobody has reviewed is left as it is, and lowers no verdict."""
    wish = structs.replace(requirement("WISH-01", review="look for it"), level="could")
    come = result()
    unseen = structs.replace(row(come, "TONE-01"), id="WISH-01", level="could")
    come = structs.replace(come, requirements=[row(come, "ONCE-01"), unseen])

    reviewed = with_reviews(come, {}, [*REQUIREMENTS, wish])

    assert (row(reviewed, "WISH-01").verdict, reviewed.verdict) == ("OMIT", "PASS")


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (
            REVIEW.replace("TONE-01", "ONCE-01"),
            "give one of DRIVER, TONE-01",
        ),
        (REVIEW.replace("pages.txt", "none.txt"), "evidence 'none.txt': No such file"),
        (REVIEW.replace('["pages.txt"]', "[]"), "evidence"),
        (REVIEW.replace("A. Reader", ""), "reviewer"),
        (f"{REVIEW}\n[[review]]\n{REVIEW}", "named twice"),
    ],
)
def test_a_review_needs_reviewer_and_evidence(tmp_path: Path, review: str, said: str) -> None:
    """A review needs a name, a requirement for people, and existing evidence."""
    (tmp_path / "pages.txt").touch()

    with pytest.raises(BadInput, match=said):
        beside(tmp_path, result(), reviews=f"[[review]]\n{review}")
