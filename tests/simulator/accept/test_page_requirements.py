"""Rules of the results of pages: judged over a run, and never passed where none was met."""

from msgspec import structs

from simulator.accept.page_requirements import FEATURE, NOT_LOOKED_AT, page_results
from simulator.accept.roll_up import roll_up
from simulator.files.paths import ROOT
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import read_target
from tests.simulator.judge.test_accessibility import checked

OF_PAGES = [each for each in read_requirements() if each.of_pages]
COMMAND = "portal-suite accept --target target.toml --phase 3"
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-pages.toml")
BY_URL = read_target(ROOT / "scenarios" / "targets" / "reference-by-url.toml")


def test_good_pages_pass_by_what_was_met() -> None:
    """A pass names the pages that it rests on."""
    results = page_results(read_requirements(), [checked("/"), checked()], command=COMMAND)

    assert [each.requirements for each in results] == [(each.id,) for each in OF_PAGES]
    assert {each.verdict for each in results} == {"PASS"}
    assert {each.feature for each in results} == {FEATURE}
    assert {each.steps for each in results} == {("Given the pages that were met: /, /crimes",)}


def test_a_barrier_fails_its_requirement_alone() -> None:
    """What is wrong is said with its page; the others pass."""
    results = page_results(OF_PAGES, [checked(violations={"label": 1})], command=COMMAND)

    assert [each.verdict for each in results] == ["FAIL", "PASS", "PASS"]
    assert results[0].observed == "/crimes: label"
    assert results[0].command == COMMAND


def test_many_barriers_are_counted() -> None:
    """The first are told, the rest counted: the evidence has every one."""
    rules = {f"rule-{number}": 1 for number in range(7)}
    result = page_results(OF_PAGES, [checked(violations=rules)], command=COMMAND)[0]

    assert result.observed.startswith("/crimes: rule-0; ")
    assert result.observed.endswith("/crimes: rule-4; and 2 more")


def test_where_no_page_was_met_nothing_is_passed() -> None:
    """A browser that met nothing could not judge."""
    results = page_results(OF_PAGES, [], command=COMMAND)

    assert {each.verdict for each in results} == {"SKIP"}
    assert {each.reason for each in results} == {"no page was met"}


def test_without_a_browser_the_requirements_are_left_out_visibly() -> None:
    """A portal tried by its interfaces shows no page: said of each, and it blocks nothing.

    One whose pages were to be looked at and were not blocks a pass.
    """
    rows = roll_up(BY_URL, OF_PAGES, [], phase=1, messages=1).requirements

    assert {(each.verdict, each.reason) for each in rows} == {("OMIT", NOT_LOOKED_AT)}

    rows = roll_up(TARGET, OF_PAGES, [], phase=1, messages=1).requirements

    assert {each.verdict for each in rows} == {"SKIP"}


def test_a_barrier_fails_the_whole() -> None:
    """The law asks for it: a portal with barriers does not conform, whatever else it does."""
    results = page_results(OF_PAGES, [checked(wider=5)], command=COMMAND)
    rolled = roll_up(TARGET, OF_PAGES, results, phase=1, messages=1)

    assert rolled.verdict == "FAIL"
    assert rolled.reached == "by its pages, in a browser"

    should = [structs.replace(each, level="should") for each in OF_PAGES]

    assert roll_up(TARGET, should, results, phase=1, messages=1).verdict == "WARNING"
