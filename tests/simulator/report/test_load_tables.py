"""What a burst took, and what nobody saw to its end, is said in sentences."""

from msgspec import structs

from simulator.report.load_tables import label, surroundings, times
from simulator.results.load import CoresSecond
from tests.simulator.report.samples import load


def _said(**changes: object) -> str:
    return " ".join(surroundings(load(**changes)))


def test_the_busiest_seconds_are_told_with_other_work() -> None:
    """The part that took most stands first; a run from before they were kept says nothing."""
    busiest = CoresSecond(second=12.4, used={"database": 0.4, "portal": 1.2}, others=0.25)
    machine = structs.replace(load().machine, busiest=busiest)

    said = "In the busiest seconds, from 12 on: portal 1.20, database 0.40, other work 0.25."
    assert said in _said(machine=machine)
    assert "busiest" not in _said()


def test_what_an_update_took_is_of_portal_and_database() -> None:
    """Nine tenths of a core for ten seconds are 9 s, for 9,990 updates."""
    machine = structs.replace(load().machine, watched_seconds=10.0)

    assert "took 0.9 ms of a core for each update" in _said(machine=machine)
    assert "of a core" not in _said()


def test_stops_and_pages_are_told_where_there_were_any() -> None:
    """How many met one on the way, and how many pages had not their time."""
    ordered = structs.replace(
        load().ordered, stops=3000, updates_met_a_stop=2, pages_watched=12, pages_cut_off=1
    )

    assert "3,000 texts said STOP; 2 updates met one on the way" in _said(ordered=ordered)
    assert "Of 12 watched pages 1 had not its time" in _said(ordered=ordered)
    assert "STOP" not in _said()
    assert "watched page" not in _said()


def test_how_a_cap_was_shared_out_is_told() -> None:
    """Who had which part of it, and how many requests it held back; nothing without a cap."""
    ordered = structs.replace(
        load().ordered, rate_max=20.0, receipts_share=0.55, workers=2, held_back=1
    )
    said = _said(ordered=ordered)

    assert "The portal got at most 20 requests a second. Preparation and receipts had all" in said
    assert "in it receipts had 55.00%, and 2 workers the rest. 1 request waited over a" in said
    assert "The portal got at most" not in _said()


def test_each_step_has_a_name_and_its_longest_time() -> None:
    """Also the question and the STOP; a step that was not measured has no row."""
    measures = {**load().measures, "asked_max_seconds": 2.0, "stop_taken_p50_seconds": 0.5}
    rows = {each.label: each.cells for each in times(load(measures=measures))}

    assert rows["visit to question taken"][3] == "2.00 s"
    assert rows["STOP to taken"][0] == "0.50 s"
    assert label("stops_not_taken_share") == "STOPs that were never taken"
    assert "visit to question taken" not in {each.label for each in times(load())}
