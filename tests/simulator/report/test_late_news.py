"""What was told late is named, with why it is no failure or that it is one."""

from simulator.report.late_news import late_sentences
from simulator.results.values import CodeCount
from tests.simulator.report import samples
from tests.simulator.report.life_sample import life, told_late


def test_each_crime_is_named_with_its_times_and_the_reason() -> None:
    """The times are London's."""
    [late] = late_sentences(samples.rehearsal())

    assert late == (
        "Crime closed, crime 43260000017 (live portal): due by 31 July 2026 00:00 London time, "
        "told on 7 August 2026 08:40 London time. No failure of the portal: the force had recorded "
        "no address that can be used."
    )


def test_a_failure_is_called_one_and_what_is_not_listed_is_counted() -> None:
    """News that was never told has no second time."""
    late = told_late(told_at=None, is_failure=True, reason="it is one of the harms by the portal")
    code = CodeCount(news=90, late_by_portal=2, late_by_contact_data=2)
    found = late_sentences(
        samples.rehearsal(life=life(samples.START, 2, told_late=[late]), victims_code=code)
    )

    assert "London time, not told. A failure: it is one of the harms by the portal." in found[0]
    assert found[1] == "And 3 others."


def test_a_result_from_before_names_nothing() -> None:
    """It knew no crimes."""
    code = CodeCount(news=90, late_by_portal=2)

    assert late_sentences(samples.rehearsal(life=None, victims_code=code)) == []
