"""Exit criteria: when a phase may leave its test period, and what no waiver or override can do."""

from datetime import date

import msgspec
import pytest
from msgspec import structs

from simulator.papers.contents import Papers, papers_decision
from simulator.papers.register import Disposition, Override, Register, Waiver
from simulator.papers.runs import Run
from simulator.results.values import PagesSampled, ReviewResult, ScenarioResult
from simulator.verdicts import Kind
from tests.simulator.papers.made_up import finding, papers, run, scenario, scenarios

LOST = {"MSG-01": "FAIL"}
REVIEW = ReviewResult(
    verdict="PASS",
    reviewer="A. Reader",
    role="tester",
    on=date(2026, 11, 3),
    note="I looked at its pages",
    evidence=(),
)
SIGNED = {"name": "Dana Okafor", "role": "test manager", "reason": "Until build 9."}


def states(made: Papers) -> list[str]:
    """Give the state of each exit criterion."""
    return [each.state for each in made.exit]


def waivers(made: Papers, expires: date = date(2026, 12, 1)) -> Register:
    """Make a register that waives every open defect."""
    return Register(
        waiver=tuple(
            Waiver(defect=each.id, expires=expires, **SIGNED) for each in made.open_defects
        )
    )


def overrides(requirement: str, original: Kind = "FAIL") -> Register:
    """Make a register that overrides a verdict."""
    return Register(
        override=(Override(requirement=requirement, original=original, verdict="PASS", **SIGNED),)
    )


def one_fails(requirement: str, *, days: int = 0) -> Run:
    """Make a run in which one requirement is not met."""
    return run({requirement: "FAIL"}, days=days)


def test_a_run_in_which_everything_passes_meets_them_all() -> None:
    """Only the signatures are left."""
    made = papers()

    assert states(made) == [*["met"] * 6, "confirm"]
    assert made.verdict == "PASS"


@pytest.mark.parametrize(
    ("seen", "state", "verdict"),
    [
        (PagesSampled(agreed=3), "met", "PASS"),
        (PagesSampled(agreed=3, left="it could hide a repeat"), "not judged", "INCONCLUSIVE"),
        (PagesSampled(), "not judged", "INCONCLUSIVE"),
        (PagesSampled(review=REVIEW), "met by waiver or override", "WARNING"),
    ],
)
def test_what_only_a_driver_has_shown_was_not_judged(
    seen: PagesSampled, state: str, verdict: Kind
) -> None:
    """Its word is no proof (exit code 3), unless a named person looked at the portal."""
    alone = run()
    result = structs.replace(alone.result, driver="tried", sampled=seen)

    made = papers(structs.replace(alone, result=result))

    [criterion] = [each for each in made.exit if "driver" in each.sentence]
    assert (criterion.state, made.verdict) == (state, verdict)


def test_a_must_without_its_review_is_not_judged() -> None:
    """No run judges what needs a person or a browser: the criterion names each, and no should."""
    made = papers(run(is_reviewed=False))
    waiting = {each.id for each in made.run.result.waiting}

    assert {"REV-01", "A11Y-01", "TWO-15"} <= waiting
    assert (made.exit[-1].state, made.verdict) == ("not judged", "INCONCLUSIVE")
    assert all(each in made.exit[-1].shown_by for each in waiting)
    assert "CODE-06" not in made.exit[-1].shown_by
    assert f"against the exit criteria of phase 3: {made.exit[-1].shown_by}" in papers_decision(
        made
    )
    amber = {row.requirement.id for row in made.rows if row.colour == "amber"}
    assert waiting <= amber


def test_a_must_that_failed_is_red_though_it_waits() -> None:
    """What a run saw go wrong is not made amber by a review that is still to come."""
    alone = run(is_reviewed=False)
    rows = [
        structs.replace(each, verdict="FAIL") if each.is_waiting else each
        for each in alone.result.requirements
    ]
    made = papers(structs.replace(alone, result=structs.replace(alone.result, requirements=rows)))

    assert {row.colour for row in made.rows if row.requirement.is_waiting} == {"red"}


def test_a_must_that_a_named_person_waives_or_overrides_is_settled() -> None:
    """The criterion says that it was waived, so the whole is at most a warning."""
    alone = run(is_reviewed=False)
    waiver = structs.replace(REVIEW, verdict="OMIT")
    rows = [
        structs.replace(each, review=waiver) if each.awaits else each
        for each in alone.result.requirements
    ]
    made = papers(structs.replace(alone, result=structs.replace(alone.result, requirements=rows)))

    assert (made.exit[-1].state, made.verdict) == ("met by waiver or override", "WARNING")
    assert "REV-01" in made.exit[-1].shown_by


def test_a_red_must_is_not_met_and_names_itself() -> None:
    """The criterion says which requirement is red, and the next ones which defect is open."""
    made = papers(one_fails("MSG-01"))

    assert made.exit[1].shown_by == "red: MSG-01"
    assert made.exit[3].shown_by == made.open_defects[0].id
    assert made.verdict == "FAIL"
    assert papers_decision(made).startswith("FAIL: ")


def test_the_decision_says_that_people_must_confirm_criteria() -> None:
    """The decision does not say that everything is met while an audit is outstanding."""
    made = papers(run(found=[each for each in scenarios() if not is_for_a_person(each)]))

    assert states(made)[-1] == "confirm"
    assert "meets the exit criteria of phase 3, except those that people" in papers_decision(made)


def is_for_a_person(scenario: ScenarioResult) -> bool:
    """Return whether a requirement needs a person or a browser."""
    return scenario.requirements[0].startswith(("REV-", "A11Y-"))


def test_a_waiver_in_date_lets_a_high_defect_pass_and_never_silently() -> None:
    """The verdict is a WARNING, and each criterion names the waiver."""
    bare = papers(one_fails("MSG-01"))
    made = papers(one_fails("MSG-01"), register=waivers(bare))

    assert made.verdict == "WARNING"
    assert states(made)[1] == states(made)[3] == "met by waiver or override"
    assert "only with waivers or overrides" in papers_decision(made)
    assert "The judge’s verdict is FAIL" in papers_decision(made)


def test_an_expired_waiver_has_no_effect() -> None:
    """The exit report says that it expired."""
    bare = papers(one_fails("MSG-01"))
    made = papers(one_fails("MSG-01"), register=waivers(bare, date(2026, 11, 15)))

    assert made.verdict == "FAIL"
    assert made.without_effect == [f"waiver of {bare.defects[0].id} by Dana Okafor: expired"]


@pytest.mark.parametrize("requirement", ["SAFE-01", "PRIV-01"])
def test_neither_waiver_nor_override_closes_a_critical_defect(requirement: str) -> None:
    """The wrong person was told, or too much was: only a run without the defect closes it."""
    bare = papers(one_fails(requirement))

    for register in (waivers(bare), overrides(requirement)):
        made = papers(one_fails(requirement), register=register)

        assert states(made)[2] == "not met"
        assert made.verdict == "FAIL"


def test_an_override_of_every_red_verdict_covers_a_defect() -> None:
    """The criterion is met by override, which is a WARNING; the judge's verdict is still shown."""
    made = papers(one_fails("MSG-01"), register=overrides("MSG-01"))
    row = next(each for each in made.rows if each.requirement.id == "MSG-01")

    assert made.verdict == "WARNING"
    assert (row.judged, row.in_force, row.colour) == ("FAIL", "PASS", "green")


def test_an_override_of_one_of_two_red_verdicts_covers_nothing() -> None:
    """The same defect still counts against the other requirement."""
    found = [scenario(each, "FAIL", findings=(finding("lost"),)) for each in ("MSG-01", "CASE-01")]
    others = [each for each in scenarios() if each.requirements[0] not in ("MSG-01", "CASE-01")]

    made = papers(run(found=[*found, *others]), register=overrides("MSG-01"))

    assert states(made)[3] == "not met"


def test_an_override_for_another_verdict_has_no_effect() -> None:
    """It was made for a SKIP. The run now fails, and the failure counts."""
    made = papers(one_fails("MSG-01"), register=overrides("MSG-01", "SKIP"))

    assert made.verdict == "FAIL"
    assert made.without_effect == [
        "override of MSG-01 by Dana Okafor: made for SKIP, but the verdict of this run is FAIL"
    ]


@pytest.mark.parametrize("verdict", ["SKIP", "INCONCLUSIVE", "ERROR", "REVIEW"])
def test_a_requirement_that_was_not_judged_is_not_met(verdict: Kind) -> None:
    """Could not verify is never passed, and never failed."""
    made = papers(run({"MSG-01": verdict}))

    assert states(made)[0] == "not judged"
    assert made.verdict == "INCONCLUSIVE"
    assert made.exit[0].shown_by == "not judged: MSG-01"


def test_a_requirement_that_a_person_judged_is_met_by_override() -> None:
    """A requirement that a tester judged by hand counts, with the tester's name."""
    made = papers(run({"MSG-01": "SKIP"}), register=overrides("MSG-01", "SKIP"))

    assert (made.verdict, made.exit[0].shown_by) == ("WARNING", "judged by a person: MSG-01")


def test_a_run_of_a_few_scenarios_meets_nothing() -> None:
    """A run with --only has not judged the rest, so it cannot end a phase."""
    made = papers(run(found=[scenario("MSG-01")]))
    result = made.run.result
    few = [each for each in result.requirements if each.id == "MSG-01"]

    partial = msgspec.structs.replace(
        made.run, result=msgspec.structs.replace(result, requirements=few)
    )

    assert papers(partial).verdict == "INCONCLUSIVE"
    assert "CASE-01" in papers(partial).exit[0].shown_by


def test_a_run_in_which_nothing_arrived_proves_nothing() -> None:
    """If no message arrived, no pass counts."""
    made = papers(run(messages=0))

    assert (made.verdict, made.exit[0].shown_by) == ("INCONCLUSIVE", "no message arrived")
    assert made.entry[2].state == "not met"


def test_an_open_dispute_prevents_exit() -> None:
    """A dispute prevents exit even with a waiver; an accepted defect does not."""
    bare = papers(one_fails("MSG-01"))
    id = bare.open_defects[0].id

    def with_disposition(disposition: str) -> Papers:
        decided = Disposition(id=id, disposition=disposition, by="Lee", reason="No.")  # type: ignore[arg-type]
        register = Register(defect=(decided,), waiver=waivers(bare).waiver)
        return papers(one_fails("MSG-01"), register=register)

    assert with_disposition("disputed").exit[4].state == "not met"
    assert with_disposition("accepted").exit[4].state == "met"


def test_a_fixed_defect_must_be_retested() -> None:
    """A later run without its scenarios does not let a phase end."""
    left_out = [each for each in scenarios() if each.requirements != ("JOUR-01",)]
    made = papers(one_fails("JOUR-01"), run(found=left_out, version="1.1", days=1))

    assert made.exit[5].state == "not met"


def test_a_should_that_fails_is_amber_and_does_not_prevent_exit() -> None:
    """Only a must is red."""
    made = papers(one_fails("JOUR-01"))
    milder = [
        msgspec.structs.replace(each, level="should", verdict="WARNING")
        if each.id == "JOUR-01"
        else each
        for each in made.run.result.requirements
    ]
    again = msgspec.structs.replace(
        made.run, result=msgspec.structs.replace(made.run.result, requirements=milder)
    )
    row = next(each for each in papers(again).rows if each.requirement.id == "JOUR-01")

    assert row.colour == "amber"
    assert papers(again).exit[1].state == "met"


def test_people_confirm_the_entry_criteria_that_no_file_shows() -> None:
    """A person confirms that no real person can be reached; the signatory is read from the file."""
    entry = papers().entry

    assert [each.state for each in entry] == ["met", "met", "met", *["confirm"] * 4]
    assert "Phase 2 has left its test period" in entry[-1].sentence
