"""The defects that were thought up from the docs: each can still be put into its portal."""

from collections import Counter

import pytest

from simulator.files.paths import ROOT
from tests.portal_defects import PORTALS, Edit, Findings, PortalDefect, changed, read_defects

DEFECTS = read_defects()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.id)
def test_every_edit_finds_its_place(defect: PortalDefect) -> None:
    """What an edit replaces is in the portal once, so that the defect is the one described."""
    for edit in defect.edit:
        text = (ROOT / PORTALS[defect.portal] / edit.file).read_text(encoding="utf-8")
        assert changed(text, edit) != text


def test_there_are_124_and_each_breaks_its_own_sentence() -> None:
    """Four lists, with an id each and the sentence it breaks; ten of a kind in the last two."""
    assert len(DEFECTS) == 124
    assert len({each.id for each in DEFECTS}) == 124
    for bar in ("third-bar-", "third-second-bar-"):
        kinds = Counter(each.title for each in DEFECTS if each.id.startswith(bar))
        assert kinds == {"simple": 10, "special value": 10, "second time": 10}
    assert {each.portal for each in DEFECTS} == {"second", "third"}
    assert all(each.sentence and each.breaks and each.does for each in DEFECTS)


def test_an_edit_without_a_place_is_refused() -> None:
    """Neither a missing text nor one that is there twice is changed."""
    for text in ("b", "a a"):
        with pytest.raises(ValueError, match=f"there {text.count('a')} times"):
            changed(text, Edit("portal.py", "a", "c"))


def test_what_fails_without_the_defect_does_not_count() -> None:
    """Only scenarios and stories that the portal passes without the defect have found it."""
    known = Findings(("S-001",), ("MSG-01|lost",))

    assert Findings(("S-001",), ("MSG-01|lost",)).beyond(known).by == "neither"
    assert Findings(("S-001", "S-002"), ()).beyond(known).by == "accept"
    assert Findings((), ("MSG-02|late",)).beyond(known).by == "explore"
