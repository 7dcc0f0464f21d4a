"""The surroundings of a portal: the clock, the secrets, and who a message can reach."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec import structs

from simulator.check.surroundings import check_clock, check_secrets, note_recipients
from simulator.check.table import CheckTable
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import Target, read_target, rehearsal_secrets
from tests.simulator.drivers.strange_portals import SECRETS
from tests.simulator.real_files import TARGET

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def told(look: Callable[[CheckTable], None]) -> tuple[str, str]:
    """Return the verdict and words of the one row."""
    rows = CheckTable()
    look(rows)
    [row] = rows.rows
    return row.verdict, row.seen


def elsewhere() -> Target:
    """Return the target of a portal that somebody else runs."""
    target = read_target(TARGET)
    access = structs.replace(target.access, application="", portal_url="https://portal.example")
    return structs.replace(target, access=access)


@pytest.mark.parametrize(
    ("date", "verdict", "words"),
    [
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), "PASS", "within 30 s"),
        (format_datetime(NOW - timedelta(seconds=31), usegmt=True), "FAIL", "31 s behind ours"),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), "FAIL", "3,600 s ahead of ours"),
        ("Mon, 01 Jun 2026 10:00:00 +0100", "PASS", "within 30 s"),
        ("Mon, 01 Jun 2026 09:00:00", "PASS", "within 30 s"),
        ("yesterday", "FAIL", "not a time"),
        ("", "SKIP", "the portal sends no Date"),
    ],
)
def test_the_clocks_are_compared(date: str, verdict: str, words: str) -> None:
    """A difference beyond Notify's limit fails; without a Date it is SKIP."""
    assert told(lambda rows: check_clock(rows, date, NOW))[0] == verdict
    assert words in told(lambda rows: check_clock(rows, date, NOW))[1]


def test_a_portal_of_others_has_secrets_of_its_own() -> None:
    """Secrets published in the suite protect nothing; each is named."""
    known = rehearsal_secrets()
    half = structs.replace(SECRETS, gateway=known.gateway, identity=known.identity)

    verdict, words = told(lambda rows: check_secrets(rows, elsewhere(), half))

    assert verdict == "FAIL"
    assert words.startswith("PORTAL_GATEWAY_KEY, PORTAL_IDENTITY_KEY: as in the suite")
    assert not [each for each in structs.asdict(known).values() if each in words]
    assert told(lambda rows: check_secrets(rows, elsewhere(), SECRETS))[0] == "PASS"


def test_a_portal_of_the_run_may_have_the_suites_secrets() -> None:
    """It runs on this machine only during the run, and nobody else can reach it."""
    target = read_target(TARGET)

    assert told(lambda rows: check_secrets(rows, target, rehearsal_secrets()))[0] == "OMIT"


def test_the_table_says_who_vouches_for_handsets() -> None:
    """With test handsets the table gives their number, and who vouches for them."""
    handsets = Handsets(
        vouched_by="Dana Okafor", mobiles=("07700 900100",), mailboxes=("@tests.police.uk",)
    )
    access = structs.replace(elsewhere().access, handsets=handsets)
    target = structs.replace(elsewhere(), access=access)

    verdict, words = told(lambda rows: note_recipients(rows, target))

    assert verdict == "PASS"
    assert words == (
        "1 test handsets and @tests.police.uk, which only testers hold, says Dana Okafor"
    )
    assert "no real person's" in told(lambda rows: note_recipients(rows, read_target(TARGET)))[1]


def test_the_target_file_is_read(tmp_path: Path) -> None:
    """Handsets are in the target file, under access."""
    text = TARGET.read_text(encoding="utf-8").replace(
        'application = "reference.portal.app:create_app"', 'portal_url = "https://portal.example"'
    )
    path = tmp_path / "target.toml"
    path.write_text(
        f'{text}\n[access.handsets]\nvouched_by = "Dana"\nmobiles = ["07700 900100"]\n',
        encoding="utf-8",
    )

    handsets = read_target(path).access.handsets

    assert handsets is not None
    assert handsets.numbers() == ["07700900100"]
