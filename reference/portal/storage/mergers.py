"""What came to a crime by a merger is marked, so that a merger can be taken back.

The column `came_by` names the crimes it came from, the last merger first.
"""

#: In SQL: what came by a merger. Its parameters: the length of `merger_of`, and `merger_of`.
CAME_BY = "substr(came_by, 1, ?) = ?"


def merger_of(reference: str) -> str:
    """Give what stands in `came_by` for one merger: a reference has no line end."""
    return f"{reference}\n"
