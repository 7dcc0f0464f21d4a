"""The planner's model as SimPy processes comes to the same: only the time it takes differs."""

from loadtests.benchmarks.process_per_entity import both, measure


def test_both_come_to_the_same() -> None:
    """The same messages, visits, questions and calls, in either way of keeping time."""
    ours, theirs, _seconds = both(5, 0.05)

    assert len(ours.sent.at) > 500
    assert sorted(ours.sent.at) == sorted(theirs.sent.at)
    assert (ours.registered, ours.visits) == (theirs.registered, theirs.visits)
    assert len(ours.questions) == len(theirs.questions)
    assert ours.tasks == theirs.tasks
    assert (ours.rang == theirs.rang).all()


def test_the_ratio_is_printed() -> None:
    """With how many messages differ, which says whether it may be believed."""
    lines = list(measure(3, 0.02))

    assert lines[0].startswith("ratio planned_model_over_processes ")
    assert lines[1].startswith("rate planned_model_messages_differing 0.0000% of ")
