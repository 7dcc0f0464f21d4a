"""The tests that `make quick` chooses are those that a change can reach."""

from tests.reached import ALWAYS, reached_by


def test_a_rule_reaches_its_own_test_and_no_other_room() -> None:
    """What imports it is reached, through others too; what does not is left out."""
    reached = reached_by(["simulator/judge/rules/wrong_sign_ins.py"])

    assert "tests/simulator/judge/rules/test_wrong_sign_ins.py" in reached
    assert "tests/simulator/explore/test_state_forgotten.py" in reached
    assert not any(path.startswith("tests/reference/portal/words") for path in reached)


def test_a_data_file_reaches_the_tests_of_what_reads_it() -> None:
    """A module that names the file counts as changed."""
    reached = reached_by(["reference/contract/readings.toml"])

    assert "tests/reference/contract/test_readings.py" in reached


def test_what_every_test_uses_reaches_every_test() -> None:
    """A `conftest.py` is imported by no test, and changes them all."""
    assert reached_by(["tests/conftest.py"]) == ["tests"]


def test_a_page_reaches_the_house_rules_alone() -> None:
    """Nothing imports or names it."""
    assert reached_by(["nowhere" + "_named.md"]) == [ALWAYS]
