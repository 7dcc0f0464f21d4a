"""The benchmark of exploring plays whole stories and judges each once more."""

from loadtests.benchmarks.explored_stories import measure


def test_every_number_has_a_line() -> None:
    """Stories and steps a second, the judge's share of them, and what asking it again costs."""
    stories, steps, judging, deciding = measure(stories=1)

    assert stories.split()[:2] == ["rate", "explored_stories"]
    assert float(stories.split()[2]) > 0
    assert steps.split()[:2] == ["rate", "explored_steps"]
    assert judging.split()[:2] == ["ratio", "explored_judging"]
    assert 0 < float(judging.split()[2]) < 1
    assert deciding.split()[:2] == ["ratio", "explored_deciding"]
    assert float(deciding.split()[2]) > 0
