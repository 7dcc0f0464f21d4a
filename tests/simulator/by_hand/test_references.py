"""Two sets of references: each replaces the other as a whole, and once."""

from simulator.by_hand.references import References


def test_a_reference_is_replaced_as_a_whole() -> None:
    """With references 10 and 100, one is not part of the other, nor of a time or code."""
    references = References()
    references.add("43260000001", "CR/26/10")
    references.add("43260000002", "CR/26/100")
    references.add("43260000003", "12")

    said = references.in_ours("CR/26/100, then CR/26/10: code 123456 at 12.")

    assert said == "43260000002, then 43260000001: code 123456 at 43260000003."
    assert references.in_theirs(said) == "CR/26/100, then CR/26/10: code 123456 at 12."


def test_without_references_words_stay_as_they_are() -> None:
    """Before anything is keyed in, nothing is replaced."""
    assert References().in_ours("CR/26/10") == "CR/26/10"
