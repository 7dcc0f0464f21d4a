"""Which records of persons may be merged, and taken apart: the last merger first."""

from simulator.explore.joined_records import JoinedRecords
from simulator.explore.steps import MergePersons, UnmergePersons


def merged(person: str, survivor: str) -> MergePersons:
    """Merge one record into another."""
    return MergePersons(crime="1", event="e1", person=person, survivor=survivor)


def parted(person: str) -> UnmergePersons:
    """Take the merger of a record back."""
    return UnmergePersons(crime="1", event="e2", person=person)


def test_the_survivor_reads_by_every_record_that_was_merged_into_theirs() -> None:
    """Through more than one merger, until the last is taken back."""
    joined = JoinedRecords()
    joined.take(merged("Lex", "Alex"), 1)
    joined.take(merged("Alex", "Sam"), 2)

    assert joined.read_by("Sam") == {"Sam", "Alex", "Lex"}
    assert joined.read_by("Lex") == {"Lex"}

    joined.take(parted("Alex"), 3)

    assert joined.read_by("Sam") == {"Sam"}
    assert joined.turned_at_seconds == {"Lex": 1, "Alex": 3}


def test_a_record_is_merged_once_and_never_round_in_a_circle() -> None:
    """Nor into itself."""
    joined = JoinedRecords()

    assert joined.may_join(merged("Lex", "Alex"))
    assert not joined.may_join(merged("Lex", "Lex"))

    joined.take(merged("Lex", "Alex"), 1)

    assert not joined.may_join(merged("Lex", "Sam"))
    assert not joined.may_join(merged("Alex", "Lex"))
    assert joined.may_join(merged("Alex", "Sam"))


def test_the_last_merger_is_taken_back_first() -> None:
    """Mergers of other people do not matter, and what was never merged is not taken back."""
    joined = JoinedRecords()
    joined.take(merged("Lex", "Alex"), 1)

    assert joined.may_part(parted("Lex"))
    assert not joined.may_part(parted("Alex"))

    joined.take(merged("Ada", "Sam"), 2)

    assert joined.may_part(parted("Lex"))

    joined.take(merged("Max", "Alex"), 3)

    assert not joined.may_part(parted("Lex"))
    assert joined.may_part(parted("Max"))
