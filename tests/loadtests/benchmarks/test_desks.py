"""The benchmark of the desk measures ours and SimPy's on the same calls, with the same answers."""

from pathlib import Path

from loadtests.benchmarks.desks import measure


def test_every_number_has_a_line(tmp_path: Path) -> None:
    """Ours, SimPy's, and a line where the environment of Ciw cannot be made."""
    (tmp_path / "ciw").write_text("a file, so that no environment can be made here")
    calls, abandoned, ratio, skilled, skilled_ratio, ciw = measure(calls=2_000, others=tmp_path)

    assert calls.split()[:2] == ["rate", "desk_calls"]
    assert abandoned.split()[:2] == ["rate", "desk_abandoned"]
    assert ratio.split()[:2] == ["ratio", "desk_to_simpy"]
    assert float(ratio.split()[2]) > 0
    assert skilled.split()[:2] == ["rate", "skilled_desk_calls"]
    assert skilled_ratio.split()[:2] == ["ratio", "skilled_desk_to_simpy"]
    assert ciw.startswith("not measured desk_to_ciw")
