"""Rules of `each_of`: every case is looked at, and each that fails is named with its reason."""

import pytest

from tests.each_of import each_of


def test_every_case_is_looked_at_and_each_that_fails_is_named() -> None:
    """Also when the first fails, and whatever it raises."""
    seen = []

    @each_of([(1, "one"), (2, "two"), (3, "three")])
    def test_is_even(number: int, word: str) -> None:
        """Look at a number."""
        seen.append(word)
        if number == 3:
            raise LookupError("no three")
        assert number % 2 == 0, "odd"

    with pytest.raises(AssertionError) as caught:
        test_is_even()

    assert seen == ["one", "two", "three"]
    lines = str(caught.value).splitlines()
    assert lines[0] == "2 of 3 fail:"
    assert any(line.startswith("1, 'one': odd") for line in lines)
    assert "3, 'three': no three" in lines
    assert isinstance(caught.value.__cause__, AssertionError)


def test_a_check_that_expects_an_error_fails_without_one() -> None:
    """What `pytest.raises` says is a failure like any other."""

    @each_of({"quiet": (0,), "loud": (1,)})
    def test_divides(by: int) -> None:
        """Divide."""
        with pytest.raises(ZeroDivisionError):
            assert 1 / by

    with pytest.raises(AssertionError, match=r"^1 of 2 fail:\nloud: DID NOT RAISE"):
        test_divides()


def test_no_case_is_a_failure() -> None:
    """A check that looks at nothing proves nothing."""

    @each_of([])
    def test_nothing(number: int) -> None:
        """Look at nothing."""

    with pytest.raises(AssertionError, match="no case"):
        test_nothing()


def test_it_keeps_its_name_and_passes_when_all_do() -> None:
    """It is found, named and left out as any other test."""

    @each_of([(2,), (4,)])
    def test_is_even(number: int) -> None:
        """Look at a number."""
        assert number % 2 == 0

    test_is_even()
    assert (test_is_even.__name__, test_is_even.__doc__) == ("test_is_even", "Look at a number.")
