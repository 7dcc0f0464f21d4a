"""What an exploration says: the answer first, each defect once, and what was met."""

from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from msgspec import structs
from rich.console import Console

from simulator.report.decisions import (
    coverage_decision,
    exploration_decision,
    explored_decision,
)
from simulator.report.html import coverage_html, exploration_html
from simulator.report.junit import exploration_junit
from simulator.report.step_words import STEP_WORDS
from simulator.report.terminal import show_exploration, show_explored_portals
from simulator.results.exploration import ExploredPortals, ReplayJudged
from tests.simulator.report import samples
from tests.simulator.report.page import read_xml

FOUND = ExploredPortals(
    seconds_max=20,
    seed=1,
    broken=308,
    caught=280,
    seconds_median=1.25,
    needs_a_step=("B-024 believes_any_sender",),
    needs_the_judge=("B-009 answers_every_text",),
    false_alarms=0,
    verdict="PASS",
)


def said(show: object, result: object) -> str:
    """Print on a terminal of 80 columns."""
    out = StringIO()
    show(result, Console(file=out, width=80))  # type: ignore[operator]
    return out.getvalue()


def test_the_decision_says_what_was_found_and_played() -> None:
    """The verdict comes first."""
    assert exploration_decision(samples.exploration()) == (
        "FAIL: 1 defect found in 1,200 stories, 18,340 steps, in 61.50 s."
    )


def test_the_page_has_the_whole_of_a_long_story() -> None:
    """Line by line: a text of any other kind is cut after 2,000 characters."""
    [defect] = samples.exploration().defects
    lines = [f"    And step {number} of a long story is played" for number in range(200)]
    result = samples.exploration(defects=(structs.replace(defect, feature="\n".join(lines)),))

    page = exploration_html(result)

    assert all(each in page for each in lines)


def test_other_ways_in_which_a_defect_shows_are_named_under_it() -> None:
    """One defect is counted, and every report has what else was expected, and the story of it."""
    [defect] = samples.exploration().defects
    result = samples.exploration(
        defects=(structs.replace(defect, also=(samples.also_seen(),)),),
    )

    assert exploration_decision(result).startswith("FAIL: 1 defect found")
    named = "JOUR-02 noise: expected at most 5 messages a week by text; observed this is number 6"
    on_terminal = " ".join(said(show_exploration, result).split())
    for report in (on_terminal, exploration_html(result), exploration_junit(result).decode()):
        assert named in report
        assert "(4 stories: stories/01-2.json)" in report
    assert "Also seen as" not in exploration_html(samples.exploration())


def test_the_same_with_another_event_stands_under_one_heading_and_is_kept() -> None:
    """One defect in the decision; its words and its story in every report, and its own case."""
    [defect] = samples.exploration().defects
    other = samples.also_seen(differs="CrimeAllocated", rests_on="contract: happened_at")
    result = samples.exploration(defects=(structs.replace(defect, also=(other,)),))

    assert exploration_decision(result).startswith("FAIL: 1 defect found")
    named = "CrimeAllocated: observed this is number 6 (4 stories: stories/01-2.json)"
    on_terminal = " ".join(said(show_exploration, result).split())
    junit = exploration_junit(result)
    for report in (on_terminal, exploration_html(result), junit.decode()):
        assert "Also with" in report
        assert named in report
        assert "Also seen as" not in report
    cases = {each.attrib["name"]: each for each in read_xml(junit).iter("testcase")}
    own = cases[other.expected].find("failure")
    assert own is not None
    assert "Story to play again: stories/01-2.json" in (own.text or "")
    assert "Rests on: contract: happened_at" in (own.text or "")


def test_a_pass_does_not_claim_too_much() -> None:
    """Stories that were not played may still fail."""
    decision = exploration_decision(samples.exploration(defects=(), verdict="PASS"))
    assert decision.startswith("PASS: no story failed")
    assert "may still fail" in decision


def test_without_a_message_there_is_no_verdict() -> None:
    """A portal that sends nothing was not judged."""
    hollow = samples.exploration(defects=(), messages=0, verdict="INCONCLUSIVE")
    assert exploration_decision(hollow).startswith("INCONCLUSIVE: the portal sent no message")


def test_where_no_story_was_played_the_portal_is_not_blamed() -> None:
    """It had no time to send anything."""
    stopped = samples.exploration(
        defects=(), stories=0, messages=0, verdict="INCONCLUSIVE", stopped="Ctrl-C after 0 stories"
    )
    assert exploration_decision(stopped).startswith("INCONCLUSIVE: no story was played to its end.")


def test_failures_that_are_not_shown_are_counted() -> None:
    """A list that is cut says so."""
    assert " Not shown: 3 other kinds of failure." in exploration_decision(
        samples.exploration(not_shown=3)
    )
    assert "Not shown" not in exploration_decision(samples.exploration())


def test_a_reason_that_is_a_question_has_one_end() -> None:
    """Each of these is put into a sentence of its own."""
    asked = samples.exploration(stopped="is it running?")
    assert exploration_decision(asked).endswith("is it running?")
    stopped = samples.exploration(stopped="the days are over")
    assert exploration_decision(stopped).endswith("the days are over.")


def test_a_story_that_was_not_replayed_is_no_pass() -> None:
    """The answer says so on every page; a build server sees an error."""
    result = samples.exploration(
        defects=(), verdict="INCONCLUSIVE", not_replayed="it passed with other people"
    )
    sentence = "not replayed: it passed with other people."
    assert exploration_decision(result) == f"INCONCLUSIVE: {sentence}"
    assert f"INCONCLUSIVE: {sentence}" in said(show_exploration, result)
    assert sentence in exploration_html(result)
    assert b"it passed with other people" in exploration_junit(result)


def test_a_replay_does_not_ask_for_another_seed() -> None:
    """It was about one story, which the report names."""
    result = samples.exploration(defects=(), verdict="PASS", stories=1, replayed="mine.json")
    assert exploration_decision(result).startswith("PASS: the story does not fail: 1 story, ")
    for each in (said(show_exploration, result), exploration_html(result)):
        assert "mine.json" in each
        assert "another seed" not in each


def test_a_replay_that_passes_says_what_was_judged() -> None:
    """The steps that were not done, what was seen, and the rules that had something to look at."""
    judged = ReplayJudged(
        steps=12, answers={"crimes": 2, "timeline": 1}, rules=("locked out", "page contents")
    )
    passed = samples.exploration(
        defects=(),
        verdict="PASS",
        stories=1,
        steps=9,
        messages=3,
        replayed="mine.json",
        replay_judged=judged,
    )
    assert exploration_decision(passed).endswith(
        "Not done: 3 of its 12 steps. Judged: 3 messages, crimes (2), timeline (1); by 2 rules: "
        "locked out, page contents."
    )
    assert "Not done" not in exploration_decision(structs.replace(passed, steps=12))


def test_a_run_that_stopped_early_says_why() -> None:
    """With or without a defect, and where nothing more could be judged."""
    why = "no number is left for new people"
    passed = samples.exploration(defects=(), verdict="PASS", stopped=why)
    assert f"It stopped early: {why}. Other stories may" in exploration_decision(passed)
    failed = samples.exploration(stopped=why)
    assert exploration_decision(failed).endswith(f"It stopped early: {why}.")
    gone = samples.exploration(defects=(), verdict="INCONCLUSIVE", stopped=why)
    assert exploration_decision(gone).startswith("INCONCLUSIVE: no story failed in 1,200 stories")
    assert exploration_decision(gone).endswith(f"It stopped early: {why}.")


def test_an_edge_that_cannot_be_reached_is_not_asked_for() -> None:
    """It is listed with its reason, and counts for no share."""
    edges = samples.exploration().edges
    reached = [each for each in edges if each.stories]
    (other,) = (each for each in edges if not each.stories)
    other = structs.replace(other, unreachable="the portal's clock is past it")
    result = samples.exploration(edges=(*reached, other))
    assert coverage_decision(result) == (
        "1 of 2 edges were met and judged (50.00%). 1 other edge cannot be reached. Of the portal "
        "this says nothing: its verdict is FAIL, in report.html."
    )
    page = coverage_html(result)
    assert "<td>cannot be met</td><td>the portal&#39;s clock is past it</td>" in page
    assert "<td>never met</td>" not in page
    assert "Not reachable: 1." in said(show_exploration, result)


def test_edges_count_only_where_something_was_judged() -> None:
    """Met in a story in which nothing was judged is not enough."""
    assert coverage_decision(samples.exploration()).startswith(
        "1 of 3 edges were met and judged (33.33%). Of the portal this says nothing"
    )
    page = coverage_html(samples.exploration())
    assert "met and judged" in page
    assert "met, not judged" in page
    assert "never met" in page


def test_the_terminal_shows_each_defect() -> None:
    """In 80 columns, with what is next."""
    shown = said(show_exploration, samples.exploration())
    assert "1. ONCE-01 duplicated" in shown
    assert "coverage.html" in shown


def test_the_page_has_each_defect() -> None:
    """With its requirement, its harm and its story."""
    page = exploration_html(samples.exploration())
    assert "one message for each piece of news" in page
    assert "Found by exploring" in page


def test_every_report_names_the_message_and_the_sentence_that_it_breaks() -> None:
    """Page, build server and terminal show the same facts of a defect."""
    result = samples.exploration()
    shown = [
        exploration_html(result),
        exploration_junit(result).decode(),
        " ".join(said(show_exploration, result).split()),
    ]
    for each in shown:
        for words in (
            "text to 07700900123",
            "1 June 2026 13:30",
            "Sam Ellwood (P0000001)",
            "requirement: ONCE-01",
            "ONCE-01 (must): Each piece of news comes once.",
            "steps: the time was up",
            "stories/01.evidence.ndjson",
            "Sam was shown (crimes): Bicycle theft",
        ):
            assert words in each


@pytest.mark.parametrize(
    ("verdict", "defects", "failures", "errors"),
    [("FAIL", None, 1, 0), ("PASS", (), 0, 0), ("INCONCLUSIVE", (), 0, 1)],
)
def test_a_build_server_sees_what_failed(
    verdict: str, defects: tuple[()] | None, failures: int, errors: int
) -> None:
    """A defect is a failed test; what could not be judged is an error, never a pass."""
    changes = {} if defects is None else {"defects": defects}
    root = read_xml(exploration_junit(samples.exploration(verdict=verdict, **changes)))
    assert isinstance(root, ET.Element)
    assert root.attrib["failures"] == str(failures)
    assert root.attrib["errors"] == str(errors)


def test_a_build_server_reads_one_story_and_several() -> None:
    """One of a thing is not written as several."""
    one = samples.exploration(defects=(), stories=1, messages=1, verdict="INCONCLUSIVE")
    two = samples.exploration(defects=(), stories=2, messages=2, verdict="INCONCLUSIVE")

    assert "1 story, 1 message" in exploration_junit(one).decode()
    assert "2 stories, 2 messages" in exploration_junit(two).decode()


def test_the_share_of_broken_portals_is_told_with_its_median() -> None:
    """And those not found, by what they wait for."""
    assert explored_decision(FOUND) == (
        "PASS: 280 of 308 broken portals found by exploring alone (90.91%), after 1.25 s at the "
        "median; no story failed the reference; played and not found: 1."
    )
    shown = said(show_explored_portals, FOUND)
    assert "B-024 believes_any_sender" in shown
    assert "B-009 answers_every_text" in shown


def test_steps_are_counted_by_kind_in_words() -> None:
    """No name of a class is shown."""
    result = samples.exploration()
    shown = " ".join(said(show_exploration, result).split())
    words = "a stranger signs in from an address of their own"
    assert f"Steps played: time passes 5,000; {words} 400." in shown
    page = exploration_html(result)
    assert f'<th scope="row">{words}</th>' in page
    assert "SignInFrom" not in page


def test_the_terminal_names_the_steps_that_were_played_most() -> None:
    """And how many other kinds there were: the page has them."""
    kinds = dict(zip(STEP_WORDS, range(1, 21), strict=False))

    shown = " ".join(said(show_exploration, samples.exploration(step_kinds=kinds)).split())

    most = max(kinds, key=lambda each: kinds[each])
    assert f"Steps played: {STEP_WORDS[most]} 20; " in shown
    assert "; and 12 other kinds." in shown


def test_a_replay_has_no_share_of_edges() -> None:
    """One story meets few of them, which says nothing of the portal."""
    result = samples.exploration(defects=(), verdict="PASS", stories=1, replayed="mine.json")
    for each in (said(show_exploration, result), exploration_html(result)):
        assert "met and judged" not in each.lower()
    assert "Edges met: 2 of 3; met and judged: 1 (33.33%)" in said(
        show_exploration, samples.exploration()
    )


LONG_LINES = (
    "Feature: Found by exploring\n"
    "  # portal-suite explore --target our.toml --replay out/exploration/stories/01.json --out b\n"
    f"    And Sam writes on crime 1: {'one more word ' * 20}\n"
)


def test_a_report_fits_a_terminal() -> None:
    """80 columns, without a word that is cut."""
    [defect] = samples.exploration().defects
    told = f"Mon 01 Jun 13:30:00  Sam was shown (crimes): {'Bicycle theft again ' * 6}"
    long = structs.replace(defect, feature=LONG_LINES, timeline=(told,))

    shown = said(show_exploration, samples.exploration(defects=(long,)))

    lines = [each.rstrip() for each in shown.splitlines()]
    assert not [each for each in lines if len(each) > 80]
    told_again = [each for each in lines if "theft" in each and "[" not in each]
    assert all(each.startswith(("    Mon 01 Jun 13:30:00  ", " " * 25)) for each in told_again)


def test_the_terminal_names_the_file_of_each_story() -> None:
    """Each defect fits a screen, whatever its story: six stories are eight hundred lines."""
    [defect] = samples.exploration().defects
    long = structs.replace(defect, feature=LONG_LINES * 100)
    others = [structs.replace(defect, file=f"stories/0{number}.json") for number in (2, 3)]

    shown = said(show_exploration, samples.exploration(defects=(long, *others)))

    assert "Feature: Found by exploring" not in shown
    for number in (1, 2, 3):
        assert f"To read: stories/0{number}.feature, or report.html." in shown
    assert len(shown.splitlines()) < 3 * 40
