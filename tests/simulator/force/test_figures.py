"""The published figures: their totals, and the errors for mistakes in them."""

import shutil
from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.force.figures import FIGURES, Figures, load_figures


@pytest.fixture(scope="module")
def figures() -> Figures:
    """Give the published figures."""
    return load_figures()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the figures, to change."""
    for name in ("offences.csv", "outcomes.csv", "quarters.csv"):
        shutil.copy(FIGURES / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(("force", "total"), [("hampshire", 154_879), ("thames_valley", 172_209)])
def test_year_is_the_published_one(figures: Figures, force: str, total: int) -> None:
    """Offences, outcomes and quarters each add up to the force's published year."""
    for rows in (figures.offences, figures.outcomes, figures.quarters):
        assert total == sum(each.count for each in rows if each.force == force)


def test_groups_agree(figures: Figures) -> None:
    """Each group at each force has as many outcomes, open ones among them, as offences."""
    for force, group in {(each.force, each.group) for each in figures.outcomes}:
        offences, outcomes = (
            sum(each.count for each in rows if (each.force, each.group) == (force, group))
            for rows in (figures.offences, figures.outcomes)
        )

        assert offences == outcomes


def test_a_day_is_a_share_of_its_quarter(figures: Figures) -> None:
    """A day of June is a 91st of April to June."""
    assert figures.per_day("hampshire", 6) == 39_164 / 91
    assert figures.per_day("hampshire", 6) == figures.per_day("hampshire", 4)
    assert figures.per_day("hampshire", 7) != figures.per_day("hampshire", 6)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("offences.csv", "life,76", "life,many", "offences.csv:2: count is 'many'"),
        ("offences.csv", "life,76", "life,-1", "offences.csv:2: count is '-1'"),
        ("offences.csv", "life,76", "life", "offences.csv:2: count is None"),
        ("offences.csv", "force,group", "force,kind", "make them 'force,group,subgroup"),
        ("outcomes.csv", "arson,0,164", "arson,19,164", "outcomes.csv:2: outcome is 19"),
        ("outcomes.csv", "hampshire,Robbery", "hampshire,Robberies", "no outcomes for Robbery"),
        ("quarters.csv", "hampshire,4,", "hampshire,5,", "quarters.csv:2: first_month is '5'"),
        ("quarters.csv", "hampshire,4,", "hampshire,7,", "give each of"),
    ],
)
def test_mistakes_name_line_and_value(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    """A mistake in a file of figures is one sentence that says where it is."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(BadInput) as error:
        load_figures(folder=folder)

    assert said in str(error.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    """A missing file is named, without a traceback."""
    (folder / "quarters.csv").unlink()

    with pytest.raises(BadInput, match=r"quarters\.csv: No such file"):
        load_figures(folder=folder)
