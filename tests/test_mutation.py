"""The report on what the features miss: a survivor is explained by its line, or by nothing."""

import pytest

from tests.mutation import Change, Survivor, explanations, read_survivors, table_of

NAME = "reference.portal.rules.quiet_hours.x_send_at__mutmut_8"
CHANGE = Change(
    name=NAME,
    where="policy.send_at",
    line="spans = starts > ends",
    becomes="spans = starts >= ends",
)


@pytest.mark.parametrize(
    ("line", "becomes", "is_explained"),
    [
        ("spans = starts > ends", "", True),
        ("spans = starts > ends", "spans = starts >= ends", True),
        ("spans = starts > ends", "spans = starts < ends", False),
        ("return now", "", False),
    ],
)
def test_a_survivor_is_explained_by_its_line(
    line: str, becomes: str, *, is_explained: bool
) -> None:
    """An entry holds for every change of its line, or for the one that it names; for no other."""
    entry = Survivor(
        where="policy.send_at", line=line, becomes=becomes, verdict="equivalent", why="they differ"
    )

    assert (NAME in explanations([entry], [CHANGE])) is is_explained


def test_what_nobody_explained_counts_as_missed() -> None:
    """Only what is explained away does not lower the share that was caught."""
    found = {NAME: "survived", NAME.replace("_8", "_9"): "killed"}
    entry = Survivor(where="", line="", verdict="equivalent", why="")

    assert "1 of 2 (50%)" in str(table_of(found, {}).caption)
    assert "1 of 1 (100%)" in str(table_of(found, {NAME: entry}).caption)


def test_every_explanation_says_why() -> None:
    """An entry without a reason is none."""
    assert [each.where for each in read_survivors() if len(each.why.split()) < 3] == []
