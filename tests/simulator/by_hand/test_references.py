"""Rules of two sets of references: each is put in place of the other as a whole, and once."""

from simulator.by_hand.references import References


def test_a_reference_is_replaced_as_a_whole() -> None:
    """A crime system may count 10, 100: one is no part of the other, nor of a time or code."""
    references = References()
    references.keyed_in("43260000001", "CR/26/10")
    references.keyed_in("43260000002", "CR/26/100")
    references.keyed_in("43260000003", "12")

    said = references.in_ours("CR/26/100, then CR/26/10: code 123456 at 12.")

    assert said == "43260000002, then 43260000001: code 123456 at 43260000003."
    assert references.in_theirs(said) == "CR/26/100, then CR/26/10: code 123456 at 12."


def test_without_references_words_stay_as_they_are() -> None:
    """Nothing is replaced before anything was keyed in."""
    assert References().in_ours("CR/26/10") == "CR/26/10"
