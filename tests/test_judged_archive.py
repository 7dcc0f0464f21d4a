"""The archive of evidence: today's judge finds in it what it found."""

from itertools import islice

from msgspec import structs

from tests.judged_archive import differences, read_archive

_EVERY = 30


def test_some_of_the_archive_is_judged_as_it_was() -> None:
    """Whatever the seed of Python's hashes; `make proof` judges all of it."""
    runs = [*islice(read_archive(), 0, None, _EVERY)]

    assert [line for run in runs for line in differences(run, run.again())] == []
    assert sum(len(found) for run in runs for found in run.findings.values()) > len(runs) / 2


def test_a_difference_names_run_scenario_and_finding() -> None:
    """A finding that is lost, and one that is new."""
    run = next(run for run in read_archive() if any(run.findings.values()))
    name, (first, *others) = next(each for each in run.findings.items() if each[1])
    without = structs.replace(run, findings=run.findings | {name: tuple(others)})

    (lost,) = differences(run, without.findings)
    (new,) = differences(without, run.findings)
    assert lost.startswith(f"- {run.name}, {name}: {first.kind} {first.requirement}: ")
    assert new == lost.replace("-", "+", 1)
