"""A burst under a cap: the portal gets no more, whoever sends it."""

from collections import Counter
from pathlib import Path

import pytest

from tests.loadtests.broken_portal import WHEN_ASKED
from tests.loadtests.bursts_for_tests import write_burst
from tests.loadtests.whole_bursts import begin, broken_target, finish, result_in

CAP = 20
#: A portal that was busy for a while finds some requests at once.
SPARE = 6


@pytest.mark.proof
@pytest.mark.slow(seconds=25, waits=True)
def test_preparation_receipts_and_users_share_the_cap(tmp_path: Path) -> None:
    """Counted by the portal: invitations taken, receipts and visits, by two workers and by us."""
    burst = write_burst(
        tmp_path,
        crimes=60,
        closures_per_second=5,
        batch_events=5,
        visitors=4,
        visits_per_second=0.5,
        senders=2,
    )
    out, asked = tmp_path / "out", tmp_path / "asked.txt"
    target = broken_target(tmp_path, "notes_when_it_is_asked")
    process = begin(
        *(str(burst), "--out", str(out), "--target", str(target)),
        *("--rate-max", str(CAP), "--workers", "2"),
        **{WHEN_ASKED: str(asked)},
    )
    words = finish(process)
    rows = [line.split() for line in asked.read_text(encoding="utf-8").splitlines()]
    times, kinds = sorted(float(at) for at, _ in rows), Counter(kind for _, kind in rows)

    assert process.returncode in (0, 3), words
    result = result_in(out)
    assert (result.events_accepted, result.ordered.rate_max) == (60, CAP)
    assert 0.3 < result.ordered.receipts_share < 0.8
    assert kinds["delivery-receipts"] > 100
    assert kinds["crime-events"] >= 13
    most = max(sum(begin <= each < begin + 2 for each in times) for begin in times)
    assert most <= 2 * CAP + SPARE
