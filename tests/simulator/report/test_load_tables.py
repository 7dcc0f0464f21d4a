"""What a burst took, and what nobody saw to its end, is said in sentences."""

from msgspec import structs

from simulator.report.load_tables import counts, label, looked, missed, surroundings, times
from simulator.results.load import CoresSecond, SloOutcome
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
    """How many met one on the way, and how many pages had not had their time."""
    ordered = structs.replace(
        load().ordered, stops=3000, updates_met_a_stop=2, pages_watched=12, pages_cut_off=1
    )

    assert "3,000 texts said STOP; 2 updates met one on the way" in _said(ordered=ordered)
    assert "Of 12 watched pages 1 had not had their time" in _said(ordered=ordered)
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

    assert rows["visit to question taken"][4] == "2.00 s"
    assert rows["STOP to answered"][0] == "0.50 s"
    assert label("stops_not_taken_share") == "STOPs that were never taken"
    assert "visit to question taken" not in {each.label for each in times(load())}


def test_slow_rates_have_a_decimal_and_no_lateness_is_not_told() -> None:
    """6 of 7 could be one missing in fifteen; 0.00 s late is not late."""
    ordered = structs.replace(
        load().ordered,
        updates_per_second_sent=6.44,
        updates_per_second_ordered=10.0,
        late_p99_seconds=0.004,
    )
    said = _said(ordered=ordered)

    assert "Sent: 6.4 updates a second of 10 ordered; 2,000 of 2,003 visits. " in said
    assert "1 in 100 begun 0.04 s late or more" in _said()


def test_what_was_not_ordered_is_not_counted() -> None:
    """A burst of visits alone has no updates, and one without visits has none of those."""
    visits_only = load(events_scheduled=0, events_accepted=0, messages=0, obligations=0, seconds=0)
    without = structs.replace(
        load().ordered, visits_ordered=0, visits_not_made=0, late_p99_seconds=0.0
    )

    assert counts(visits_only) == "2,000 visits, 3 failed, 3 more found nobody free."
    assert surroundings(visits_only)[0].startswith("Sent: 2,000 of 2,003 visits; 1 in 100")
    assert "Sent: 99 updates a second of 100 ordered. " in _said(ordered=without)
    assert "nobody free" not in counts(load(ordered=without))
    assert "Sent: " not in _said(ordered=without, events_scheduled=0)


def test_how_long_the_run_looked_for_repeats_stands_beside_the_counts() -> None:
    """Five seconds, or none because time was up; a run from before it was kept says nothing."""
    five, none = (load(looked_for_repeats_seconds=each) for each in (5.0, 0.0))

    assert "14,330 due (looked for what comes twice: 5 s); 2,000 visits" in counts(five)
    assert "(looked for what comes twice: not at all, as time was up); " in counts(none)
    assert "twice" not in counts(load())
    assert looked(load()) == "–"


def test_a_measure_that_missed_two_limits_is_named_once_with_the_commonest_reason() -> None:
    """The must and the should of failed visits are one miss; other measures have no reason."""
    [late] = load().slos
    failed = [
        SloOutcome(
            measure="failed_visits_share",
            level=level,  # type: ignore[arg-type]
            most=0.01,
            measured=0.6,
            verdict=verdict,  # type: ignore[arg-type]
            why="a test",
        )
        for level, verdict in (("must", "FAIL"), ("should", "WARNING"))
    ]
    result = load(slos=[late, *failed], visits_failed_by="POST /api/sign-in answered 500")

    assert missed(result) == (
        "Missed: update to message, p95; "
        "visits that failed (most often: POST /api/sign-in answered 500)."
    )
    assert missed(load(slos=failed)) == "Missed: visits that failed."
    assert missed(load(slos=[structs.replace(late, verdict="PASS")])) == ""
