"""The results of pages: judged over a run, and never passed if no page was visited."""

from msgspec import structs

from simulator.accept.page_results import FEATURE, NOT_CHECKED_IN_BROWSER, results_of_pages
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.files.paths import ROOT
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import read_target
from tests.simulator.judge.test_accessibility import checked

OF_PAGES = [each for each in read_requirements() if each.of_pages]
OF_EVERY_PAGE = [each for each in OF_PAGES if each.phase == 1]
WARNS = "Call 999 in danger. This is not monitored. It is kept, and a court may see it."
COMMAND = "portal-suite accept --target target.toml --phase 3"
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-pages.toml")
BY_URL = read_target(ROOT / "scenarios" / "targets" / "reference-by-url.toml")


def test_good_pages_pass_with_their_paths() -> None:
    """A pass names the pages visited."""
    pages = [checked("/", beside_writing=WARNS), checked(beside_writing=WARNS)]
    results = results_of_pages(read_requirements(), pages, command=COMMAND)

    assert [each.requirements for each in results] == [(each.id,) for each in OF_PAGES]
    assert {each.verdict for each in results} == {"PASS"}
    assert {each.feature for each in results} == {FEATURE}
    assert {each.steps for each in results} == {("Given the pages visited: /, /crimes",)}


def test_a_barrier_fails_its_requirement_alone() -> None:
    """The barrier is named with its page; the other requirements pass."""
    results = results_of_pages(OF_EVERY_PAGE, [checked(violations={"label": 1})], command=COMMAND)

    assert [each.verdict for each in results] == ["FAIL", "PASS", "PASS", "PASS"]
    assert results[0].observed == "/crimes: label"
    assert results[0].command == COMMAND


def test_many_barriers_are_counted() -> None:
    """The first are listed and the rest counted; the evidence has every one."""
    rules = {f"rule-{number}": 1 for number in range(7)}
    result = results_of_pages(OF_PAGES, [checked(violations=rules)], command=COMMAND)[0]

    assert result.observed.startswith("/crimes: rule-0; ")
    assert result.observed.endswith("/crimes: rule-4; and 2 more")


def test_without_a_page_nothing_passes() -> None:
    """A browser without pages could not judge."""
    results = results_of_pages(OF_PAGES, [], command=COMMAND)

    assert {each.verdict for each in results} == {"SKIP"}
    assert {each.reason for each in results} == {"no page was visited"}


def test_a_page_where_nobody_looked_for_an_exit_passes_nothing() -> None:
    """Evidence of an earlier suite has neither exits nor titles."""
    results = results_of_pages(OF_EVERY_PAGE, [checked(exits=None, title=None)], command=COMMAND)
    said = {each.requirements[0]: (each.verdict, each.reason) for each in results}

    assert said["SAFE-08"] == ("SKIP", "none was looked at for this")
    assert said["A11Y-01"] == ("PASS", "")


def test_without_a_browser_the_requirements_are_left_out_visibly() -> None:
    """A portal tested by its interfaces shows no page; each requirement says so and blocks nothing.

    One whose pages were to be looked at and were not blocks a pass.
    """
    rows = acceptance_result(BY_URL, OF_EVERY_PAGE, [], phase=1, messages=1).requirements

    assert {(each.verdict, each.reason) for each in rows} == {("OMIT", NOT_CHECKED_IN_BROWSER)}

    rows = acceptance_result(TARGET, OF_EVERY_PAGE, [], phase=1, messages=1).requirements

    assert {each.verdict for each in rows} == {"SKIP"}


def test_a_barrier_fails_the_whole() -> None:
    """The law requires it: a portal with barriers does not conform."""
    results = results_of_pages(OF_PAGES, [checked(wider=5)], command=COMMAND)
    rolled = acceptance_result(TARGET, OF_PAGES, results, phase=1, messages=1)

    assert rolled.verdict == "FAIL"
    assert rolled.reached == "by its pages, in a browser"

    should = [structs.replace(each, level="should") for each in OF_PAGES]

    assert acceptance_result(TARGET, should, results, phase=1, messages=1).verdict == "WARNING"


def test_a_page_of_a_later_phase_is_judged_where_it_was_visited() -> None:
    """Before a victim can write there is nothing to warn of, and nothing is said of it."""
    later = [each for each in OF_PAGES if each.phase == 3]

    assert results_of_pages(later, [checked()], command=COMMAND) == []

    [found] = results_of_pages(later, [checked(beside_writing="Write here")], command=COMMAND)

    assert (found.requirements, found.verdict) == (("TWO-15",), "FAIL")
