"""A loss of power: FULL keeps every event that was accepted, and the others do not."""

import pytest

from loadtests import power_cuts
from loadtests.power_cuts import (
    CUTS_MAX,
    LEVELS,
    Accepted,
    Recording,
    Survival,
    main,
    record,
    survive,
    verdict_of,
)
from reference.portal.storage.sqlite_database import SqliteDatabase
from simulator.verdicts import Kind


@pytest.fixture(scope="module")
def recording() -> Recording:
    """The reference takes twelve events."""
    return record(12)


def test_the_portal_s_own_sql_is_recorded(recording: Recording) -> None:
    """Each event and what is to be sent of it are written before the answer 202."""
    answers = [at for at, each in enumerate(recording) if isinstance(each, Accepted)]
    last = [str(each) for each in recording[answers[-2] : answers[-1]]]

    assert len(answers) == 12
    for table in ("event_seen", "outbox"):
        assert any(each.startswith(f"INSERT INTO {table}") for each in last)
    assert last[-1] == "COMMIT"


def test_only_full_keeps_what_was_accepted(recording: Recording) -> None:
    """The same cuts lose events with OFF and with NORMAL: the proof can see a loss."""
    off, normal, full = (survive(recording, each, cuts=30, seed=1) for each in LEVELS)

    assert full.holds
    assert full.syncs >= 12
    assert (off.losing, normal.losing) > (0, 0)
    assert normal.damaged == 0
    assert verdict_of([off, normal, full]) == "PASS"


@pytest.mark.parametrize(
    ("lost", "damaged", "shown", "verdict"),
    [(0, 0, 1, "PASS"), (1, 0, 1, "FAIL"), (0, 1, 1, "FAIL"), (0, 0, 0, "INCONCLUSIVE")],
)
def test_full_that_loses_fails_and_cuts_that_show_nothing_judge_nothing(
    lost: int, damaged: int, shown: int, verdict: Kind
) -> None:
    """A lost event and a damaged file are failures; without a loss by OFF there is no proof."""
    survivals = [
        Survival(
            synchronous=level,
            syncs=1,
            cuts=9,
            losing=lost if level == "FULL" else shown,
            lost_max=1,
            damaged=damaged if level == "FULL" else 0,
        )
        for level in LEVELS
    ]

    assert verdict_of(survivals) == verdict


def test_the_command_has_a_line_for_each_setting(
    capsys: pytest.CaptureFixture[str], recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what each lost, and that FULL lost nothing."""
    monkeypatch.setattr(power_cuts, "record", lambda _events: recording)

    assert main(["--events", "12", "--cuts", "6"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert [each.partition(":")[0] for each in said[1:4]] == [f"synchronous={it}" for it in LEVELS]
    assert "6 cuts: 0 lost accepted events (at most 0), 0 left a damaged database" in said[3]
    assert said[4] == "FULL keeps what OFF and NORMAL lose: PASS"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--events", "1"], "--events is 1"), (["--cuts", str(CUTS_MAX + 1)], "to 10,000")],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Misuse ends with exit code 2 before anything is started."""
    assert main(arguments) == 2

    assert says in capsys.readouterr().err


def test_the_tables_are_recorded_whatever_was_made_before() -> None:
    """A portal made before leaves an empty database to copy from, which has no statements."""
    SqliteDatabase(":memory:")
    statements = [each for each in record(1) if isinstance(each, str)]

    assert any("CREATE TABLE" in each for each in statements)
    assert not any(each.startswith("ATTACH") for each in statements)
