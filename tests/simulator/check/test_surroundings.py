"""Rules of what lies around a portal: whose clock, whose secrets, and whom a message reaches."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec import structs

from simulator.check.rows import Rows
from simulator.check.surroundings import check_clock, check_secrets, note_recipients
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import Target, read_target, rehearsal_secrets
from tests.simulator.drivers.strange_portals import SECRETS
from tests.simulator.real_files import TARGET

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def told(look: Callable[[Rows], None]) -> tuple[str, str]:
    """Give verdict and words of the one row that comes of looking."""
    rows = Rows()
    look(rows)
    [row] = rows.rows
    return row.verdict, row.seen


def elsewhere() -> Target:
    """Give the target of a portal that somebody else runs."""
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
        ("yesterday", "FAIL", "which is no time"),
        ("", "SKIP", "the portal gives no Date"),
    ],
)
def test_the_clocks_are_compared(date: str, verdict: str, words: str) -> None:
    """Beyond what Notify forgives the clocks are wrong; without a Date nobody can say."""
    assert told(lambda rows: check_clock(rows, date, NOW))[0] == verdict
    assert words in told(lambda rows: check_clock(rows, date, NOW))[1]


def test_a_portal_of_others_has_secrets_of_its_own() -> None:
    """What stands in the suite for everybody to read guards nothing; each is named."""
    known = rehearsal_secrets()
    half = structs.replace(SECRETS, gateway=known.gateway, identity=known.identity)

    verdict, words = told(lambda rows: check_secrets(rows, elsewhere(), half))

    assert verdict == "FAIL"
    assert words.startswith("PORTAL_GATEWAY_KEY, PORTAL_IDENTITY_KEY: as in the suite")
    assert not [each for each in structs.asdict(known).values() if each in words]
    assert told(lambda rows: check_secrets(rows, elsewhere(), SECRETS))[0] == "PASS"


def test_a_portal_of_the_run_may_have_the_suites_secrets() -> None:
    """It lives on this machine as long as the run, and nobody else can reach it."""
    target = read_target(TARGET)

    assert told(lambda rows: check_secrets(rows, target, rehearsal_secrets()))[0] == "OMIT"


def test_who_vouches_is_told() -> None:
    """With test handsets the table says how many there are, and who says that they are testers'."""
    handsets = Handsets(
        vouched_by="Dana Okafor", mobiles=("07700 900100",), mailboxes=("@tests.police.uk",)
    )
    access = structs.replace(elsewhere().access, handsets=handsets)
    target = structs.replace(elsewhere(), access=access)

    verdict, words = told(lambda rows: note_recipients(rows, target))

    assert verdict == "PASS"
    assert words == (
        "1 test handsets and @tests.police.uk, which Dana Okafor says only testers hold"
    )
    assert "nobody's" in told(lambda rows: note_recipients(rows, read_target(TARGET)))[1]


def test_the_target_file_is_read(tmp_path: Path) -> None:
    """Handsets stand in the target file, under access."""
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
