"""What a command prints: verdicts in words, whole at any width, and markup shown as text."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from simulator.report import amounts, terminal
from simulator.report.terminal_acceptance import show_acceptance
from simulator.results.values import HarmCount, SeemingPhase
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples

SHOWS: dict[str, Callable[..., None]] = {
    "rehearsal": terminal.show_rehearsal,
    "acceptance": show_acceptance,
    "proof": terminal.show_proof,
    "load": terminal.show_load,
}


def _shown(
    kind: str, result: Any, *, width: int = 100, is_terminal: bool = False, **how: bool
) -> str:
    if kind == "rehearsal":
        how = {"verbose": True, **how}
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=is_terminal,
        color_system="truecolor" if is_terminal else None,
    )
    SHOWS[kind](result, console, **how)
    return file.getvalue()


def _sample(kind: str) -> str:
    return _shown(kind, getattr(samples, kind)())


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", SHOWS)
def test_no_terminal_gets_plain_text_of_a_hundred_columns(kind: str) -> None:
    """No escape is written, and only a command to copy is wider."""
    lines = _sample(kind).splitlines()

    assert not [line for line in lines if "\x1b" in line]
    assert not [line for line in lines if len(line) > 100 and "portal-suite" not in line]


@pytest.mark.parametrize("kind", SHOWS)
def test_hostile_text_is_shown_as_it_is(kind: str) -> None:
    """Terminal escapes and markup have no effect, even on a terminal."""
    poisoned = samples.poisoned(getattr(samples, kind)())
    if kind == "rehearsal":  # whose narrow headings break the text up
        poisoned = msgspec.structs.replace(poisoned, periods=[], lines=[], published=[])
    plain = _shown(kind, poisoned, width=5_000)
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", _shown(kind, poisoned, width=5_000, is_terminal=True))

    assert plain.count("[bold]not bold[/bold]") == plain.count("<script>") > 1
    assert r"\x1b[31mred\x1b[0m \x00 \u202egnp.exe \ufffe \ud800" in plain
    assert coloured == plain


def test_the_name_of_a_period_is_no_markup() -> None:
    """A heading is shown as it is written and whole, even with a very long word."""
    short, long = (
        msgspec.structs.replace(samples.periods()[0], name=name)
        for name in ("[b]x[/b]", "Familiarisation")
    )
    text = _shown("rehearsal", samples.rehearsal(periods=[short, long]))

    assert "[b]x[/b]" in text
    assert "…" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_verdict_is_a_word(kind: Kind) -> None:
    """Each verdict is printed as its word, with the ids, in the long table and in the decision."""
    result = samples.acceptance(
        verdict=kind,
        scenarios=[],
        requirements=[each for each in samples.acceptance().requirements if each.verdict == kind],
    )
    text = _shown("acceptance", result)
    whole = _shown("acceptance", result, verbose=True)

    assert kind in ("PASS", "OMIT") or re.search(rf"^{kind}: REQ-\d", text, re.MULTILINE)
    assert re.search(rf"^ REQ-\d .* {kind} *$", whole, re.MULTILINE)
    assert re.search(rf"^{kind}: in phase 2, Acme <Portal> 2.1", text, re.MULTILINE)


@pytest.mark.parametrize("verbose", [False, True])
def test_a_rehearsal_opens_with_what_decided_it(verbose: bool) -> None:  # noqa: FBT001
    """First the verdict, then what the portal does to calls, harm and money; the run comes last."""
    said = _words(_shown("rehearsal", samples.rehearsal(), verbose=verbose))
    in_sentences = (
        "Calls to 101 in 12 weeks (Phase 3): Hampshire 1,000 fewer of 100,000,",
        "In this run 60% would (assumed); by its end 50% of those whom an invitation reached had,",
    )
    places = [
        said.index(each)
        for each in (
            "Rehearsal: Two forces FAIL: Reference portal does not meet the order.",
            "Phase 3: the portal takes 0.50% off calls to 101.",
            "Calls to 101 fewer: Hampshire 1,000 800 1,200",
            "Calls to 101 fewer: Thames Valley -300 -700 100",
            "People wrongly told 280 210 480",
            "Harms by the portal since go-live 0 0 60",
            *(in_sentences if verbose else ()),
            "Harms, worst first",
            "Seed 7; order: Two forces; portal: Reference portal. Followed through the portal: 1",
        )
    ]

    assert places == sorted(places)
    assert places[0] == 0
    assert verbose or not any(each in said for each in in_sentences)


def test_a_rehearsal_is_one_screen() -> None:
    """A failed one is 50 lines of 80 columns; tables and notes are in the report, or verbose."""
    brief = _shown("rehearsal", samples.rehearsal(), width=80, verbose=False)
    whole = _shown("rehearsal", samples.rehearsal(), width=80)

    assert len(brief.splitlines()) <= 50
    assert "add --verbose" in brief
    for held_back in ("Messages and questions", "Calls, at full volume", "\nNotes\n"):
        assert held_back not in brief
        assert held_back in whole


def test_a_rehearsal_that_failed_shows_its_worst_failure_and_counts_the_others() -> None:
    """A reader sees one failure in full and is told how many other sorts there are."""
    findings = [samples.finding(), *(samples.finding(harm="late") for _ in range(3))]
    brief = _shown("rehearsal", samples.rehearsal(failures=findings), verbose=False)

    assert brief.count("Observed") == 1
    assert "FAIL misdirected (the portal), 21 times, the first:" in brief
    assert "For 1 other sort of failure, every table and the notes:" in brief


def test_seven_periods_stand_side_by_side() -> None:
    """At 100 columns a rollout of three phases needs each table once."""
    text = _sample("rehearsal")

    for caption in ("Messages and questions", "What went wrong", "Calls, at full volume"):
        assert text.count(caption) == 1
    assert re.search(r"101 abandoned with +11\.87%( +– +11\.87%){3}", text)


@given(width=st.integers(30, 200))
@settings(max_examples=20, deadline=None)
def test_no_period_is_lost_at_any_width(width: int) -> None:
    """At any width, all seven periods have their numbers and no text is cut."""
    text = _shown("rehearsal", samples.rehearsal(), width=width)
    crimes = [amounts.count(each.crimes) for each in samples.periods()]

    assert sorted(each for each in re.split(r"\s+", text) if each in crimes) == sorted(crimes)
    assert "…" not in text


def test_test_periods_are_marked() -> None:
    """The column of a test period says that testers use the portal; the note says who they are."""
    text = _sample("rehearsal")

    assert re.search(r"Portal +not yet( +testers +live){3}", text)
    assert "the crimes that synthetic testers put in each week" in _words(text)


def test_harms_are_in_their_order_with_their_owners() -> None:
    """Misdirected comes first, the portal's before another owner's."""
    text = _sample("rehearsal")
    table = text[text.index("Harms, worst first") :]

    assert [_words(line) for line in table.splitlines()[4:8]] == [
        "misdirected the portal FAIL yes 21",
        "misdirected the force's contact data WARNING no 61",
        "lost the integration WARNING yes 2",
        "late the portal FAIL yes 9",
    ]


def test_similar_failures_are_printed_once() -> None:
    """One of each group is printed, with the number found, not the number that the result holds."""
    findings = [*(samples.finding() for _ in range(20)), samples.finding(harm="late")]
    counts = [
        HarmCount(kind="FAIL", harm="late", owner="portal", avoidable=True, count=1),
        HarmCount(kind="FAIL", harm="misdirected", owner="portal", avoidable=True, count=1_200),
        HarmCount(kind="FAIL", harm="misdirected", owner="portal", avoidable=False, count=34),
        HarmCount(kind="WARNING", harm="misdirected", owner="gateway", avoidable=True, count=9),
    ]
    text = _shown("rehearsal", samples.rehearsal(failures=findings, harms=counts))

    assert "FAIL misdirected (the portal), 1,234 times, the first:" in text
    assert "FAIL late (the portal), once:" in text
    assert "Rests on     order: contact.people_per_address_max" in text
    assert text.count("Observed") == 2


def test_each_requirement_that_was_not_met_has_an_example() -> None:
    """One harm against two requirements is counted once, and shown once for each."""
    findings = [samples.finding(requirement=each) for each in ("SAFE-02", "SAFE-01", "SAFE-02")]
    text = _shown("rehearsal", samples.rehearsal(failures=findings))

    assert text.count("FAIL misdirected (the portal), 21 times, the first against each") == 1
    assert re.findall(r"Requirement +(SAFE-\d\d)", text) == ["SAFE-01", "SAFE-02"]


def test_a_failure_has_all_that_is_needed_to_fix_it() -> None:
    """Expected, observed, why it matters, requirement, scenario, and a command to copy."""
    text = _sample("acceptance")
    failure = text[text.index("FAIL 1.") : text.index("FAIL 2.")]

    assert failure.startswith("FAIL 1. misdirected (the portal), in 1 scenario")
    assert "Expected        nothing to a number two victims share" in failure
    assert "Observed        <script>" in failure
    assert "Why it matters  Someone other than the victim was told" in failure
    assert "Requirement     REQ-2" in failure
    assert "Shown by        Scenario 2 <FAIL>" in failure
    assert "    portal-suite accept --target acme.toml --only 'Scenario 2 <FAIL>'\n" in failure


def test_the_decision_comes_first_and_each_defect_once() -> None:
    """Forty scenarios that show one defect make one entry; `verbose` prints each of them."""
    scenarios = [samples.scenario("FAIL", n, findings=(samples.finding(),)) for n in range(1, 41)]
    result = samples.acceptance(scenarios=scenarios, verdict="FAIL")
    text = _shown("acceptance", result)
    whole = _shown("acceptance", result, verbose=True)

    assert text.splitlines()[3].startswith("FAIL: in phase 2")
    assert len(re.findall(r"^FAIL \d+\.", text, re.MULTILINE)) == 1
    assert "in 40 scenarios" in text
    assert len(re.findall(r"^FAIL \d+\. Scenario", whole, re.MULTILINE)) == 39


def test_a_portal_that_fails_nearly_everything_is_two_screens() -> None:
    """One cause in 439 scenarios, three more, and 200 requirements: two screens of 50 lines."""
    text = _shown("acceptance", samples.acceptance_of_a_portal_that_fails_nearly_everything())

    assert len(re.findall(r"^FAIL \d+\.", text, re.MULTILINE)) == 4
    assert "LONG-16\n" in text
    assert "LONG-28 and 172 more" in _words(text)
    assert len(text.splitlines()) <= 100


def test_a_command_is_never_broken() -> None:
    """A command is one line on the narrowest screen."""
    text = _shown("acceptance", samples.acceptance(), width=40)

    assert "    portal-suite accept --target acme.toml --only 'Scenario 2 <FAIL>'\n" in text


def test_what_was_not_tested_is_listed_with_why() -> None:
    """SKIP blocks a pass, OMIT does not; if everything was tested, the report says so.

    A run of one scenario never says so.
    """
    text = _words(_sample("acceptance"))
    long = _words(_shown("acceptance", samples.acceptance(), verbose=True))
    nothing_left = samples.acceptance(scenarios=[], requirements=[], verdict="INCONCLUSIVE")
    of_one_name = msgspec.structs.replace(nothing_left, only="S-041")

    assert "because of SKIP (blocks a pass) 1 REQ-7 SKIP" in text
    assert "because of OMIT (does not block) 1 REQ-4 OMIT" in text
    assert "Scenario 7 <SKIP> REQ-7 SKIP because of SKIP (blocks a pass)" in long
    failed = _words(_shown("acceptance", samples.acceptance(verdict="FAIL")))
    assert "because of SKIP (blocks a pass) 1 REQ-7 SKIP" in failed
    assert "because of OMIT" not in failed
    assert "Not tested besides, which does not block a pass: 2" in failed
    everything = "Everything that this phase asks for was tested."
    assert everything in _shown("acceptance", nothing_left)
    assert everything not in _shown("acceptance", of_one_name)


def test_a_broken_portal_that_was_not_caught_is_printed_in_full() -> None:
    """It is printed with the reason, and the decision names it."""
    text = _sample("proof")

    assert "NOT CAUGHT sleeps\n" in text
    shown = _words(text[text.index("NOT CAUGHT") : text.index("Caught, by requirement")])
    assert "What is wrong with it sends nothing at night, ever" in shown
    assert "Must be caught by Told once, whatever is delivered twice" in shown
    assert "Why it was not caught the scenario passed" in shown
    assert "(not caught: sleeps)" in text


def test_a_proof_is_one_screen_however_many_portals_are_broken() -> None:
    """Portals that were caught are counted by area; their names are on the page only."""
    row = samples.proof().rows[0]
    rows = [
        msgspec.structs.replace(
            row,
            name=f"a_broken_portal_with_a_long_name_{number}",
            requirement=f"{area}-{number:02d}",
            also_failed=tuple(f"Another scenario {each}" for each in range(65)),
        )
        for area in ("MSG", "AUTH")
        for number in range(40)
    ]
    lost = msgspec.structs.replace(rows[-1], caught=False)
    text = _shown("proof", samples.proof(rows=[*rows[:-1], lost]), width=80)

    assert [_words(line) for line in text.splitlines() if re.match(r" (AUTH|MSG) ", line)] == [
        "AUTH 40 39",
        "MSG 40 40",
    ]
    assert len(text.splitlines()) < 40
    assert f"NOT CAUGHT {lost.name}\n" in text
    assert "Another scenario" not in text
    assert "report.html and proof.json" in text


def test_what_failed_the_reference_is_printed() -> None:
    """The terminal names each scenario that failed the reference."""
    result = samples.proof(reference_failed=("Told once",), reference_verdict="FAIL")

    assert "- Told once" in _shown("proof", result)


def test_a_burst_is_one_line_of_times() -> None:
    """p50, p95, p99, p99.9 and the longest; and below, each limit with what is allowed."""
    assert re.search(r"0\.41 s +31\.50 s +44\.12 s +– +61\.00 s", _sample("load"))
    assert re.search(r"must: update to message, p95 +31\.50 s +30\.00 s +FAIL", _sample("load"))


def test_a_portal_in_another_phase_gets_one_headline() -> None:
    """It stands right after the decision; what the phase explains is a line each, not a block."""
    late = (samples.finding(harm="late", expected="a text in time", observed="an hour late"),)
    scenarios = [samples.scenario("FAIL", number, findings=late) for number in range(1, 109)]
    seems = SeemingPhase(
        phase=2,
        explained=tuple(each.name for each in scenarios),
        failed=108,
        live_in_run=date(2036, 7, 24),
        live_by_order=date(2026, 7, 27),
    )
    result = samples.acceptance(scenarios=scenarios, seems_in=seems, phase=1)
    words = _words(_shown("acceptance", result, width=80))

    headline = words.index("Your portal seems to be in phase 2, and this run is in phase 1.")
    assert "explains 108 of the 108 scenarios that failed" in words
    assert "goes live on 24 July 2036, and not on 27 July 2026" in words
    assert headline < words.index("Defects that the other phase explains")
    assert "Why it matters" not in words
    assert "Why it matters" in _shown("acceptance", result, width=80, verbose=True)
