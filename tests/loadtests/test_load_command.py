"""`portal-suite load` compares, repeats and looks for a knee; the bursts themselves are not run."""

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from loadtests.bursts import read_burst
from loadtests.capacity import Capacity
from loadtests.load_options import LoadOptions
from loadtests.rate_check import check_rate
from simulator.commands import load as command
from simulator.inputs.target import read_target
from simulator.results.load import LoadResult
from tests.loadtests.load_results import held
from tests.loadtests.test_capacity import BROKE, SLOW
from tests.simulator.command_line import portal_suite
from tests.simulator.report.samples import finding

#: All of them together.
pytestmark = pytest.mark.slow(seconds=8)

Capsys = pytest.CaptureFixture[str]
SMOKE = "scenarios/bursts/smoke.toml"


def _keep(folder: Path, *seconds: float) -> None:
    for number, each in enumerate(seconds):
        run = folder / f"run-{number}"
        run.mkdir(parents=True)
        result = held(measures={"update_to_message_p95_seconds": each})
        (run / "load.json").write_bytes(msgspec.json.encode(result))


def test_a_slower_portal_exits_with_1(tmp_path: Path, capsys: Capsys) -> None:
    """The first line says how many measures got worse; the table fits 80 columns."""
    _keep(tmp_path / "before", 1.0, 1.1, 0.9, 1.0)
    _keep(tmp_path / "after", 3.0, 3.1, 2.9, 3.0)
    _keep(tmp_path / "few", 3.0, 3.1)
    worse = portal_suite(
        capsys, "load", "compare", str(tmp_path / "before"), str(tmp_path / "after")
    )
    same = portal_suite(
        capsys, "load", "compare", str(tmp_path / "before"), str(tmp_path / "before")
    )

    few = portal_suite(capsys, "load", "compare", str(tmp_path / "before"), str(tmp_path / "few"))

    assert (worse.code, same.code, few.code) == (1, 0, 3)
    assert few.out.startswith("Cannot tell: 4 runs before, 2 after are too few")
    assert worse.out.startswith("1 of 1 measures got worse beyond doubt")
    assert all(len(line) <= 80 for line in worse.out.splitlines())


def test_a_faster_portal_that_harms_is_no_gain(tmp_path: Path, capsys: Capsys) -> None:
    """Half the time and a lost message exits with 1: fast and wrong fails here too."""
    _keep(tmp_path / "before", 1.0, 1.1, 0.9, 1.0)
    _keep(tmp_path / "after", 0.3, 0.31, 0.29, 0.3)
    path = tmp_path / "after" / "run-0" / "load.json"
    run = msgspec.json.decode(path.read_bytes(), type=LoadResult)
    path.write_bytes(
        msgspec.json.encode(structs.replace(run, failures=[finding(observed="it went wrong")]))
    )
    found = portal_suite(
        capsys, "load", "compare", str(tmp_path / "before"), str(tmp_path / "after")
    )

    assert found.code == 1
    assert "1 of 4 runs after harmed people (0 of 4 before)" in found.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "only-one"), "give two folders"),
        (("compare", "nowhere", "nothing"), "no load.json"),
        ((), "give a burst file"),
        (("--worker", SMOKE), "the master has the burst"),
        (("--worker",), "--master-host and --target"),
        ((SMOKE, "--master"), "--workers how many workers will join"),
        ((SMOKE, "--master", "--workers", "2"), "--listen at which address"),
        ((SMOKE, "--master-host", "192.0.2.10"), "it is for --worker alone"),
        ((SMOKE, "--find-capacity", "--repeats", "3"), "repeats its last run itself"),
        ((SMOKE, "--portal-workers", "2"), "--database postgresql"),
        ((SMOKE, "--journeys", ""), "--journeys: it names none"),
        ((SMOKE, "--journeys", ",", "--find-capacity"), "--journeys: it names none"),
        ((SMOKE, "--journeys", "", "--find-capacity"), "--journeys: it names none"),
        ((SMOKE, "--journeys", "shop"), "--journeys shop"),
        ((SMOKE, "--soak", "60"), "--soak up to 21"),
        ((SMOKE, "--rate-max", "10"), "more than --rate-max 10"),
        ((SMOKE, "--workers", "3"), "users for 2 at most"),
        (("scenarios/bursts/worker-killed.toml",), "--portal-workers 2"),
        ((SMOKE, SMOKE), "one burst at a time"),
        (("no-such-burst.toml",), "no-such-burst.toml"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, capsys: Capsys, words: tuple[str, ...], said: str
) -> None:
    """Misuse exits with 2 and says what to give."""
    wrong = portal_suite(capsys, "load", *words, "--out", str(tmp_path / "out"))

    assert wrong.code == 2
    assert said in wrong.words


def test_the_knee_is_printed_first(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order's knee, then that of comfort, what gave out above each, each run, and as JSON."""

    def run(_burst: Path, *, scale: float, **_: object) -> LoadResult:
        return held() if scale <= 5 else SLOW if scale <= 20 else BROKE

    monkeypatch.setattr(command, "run_burst", run)
    found = portal_suite(capsys, "load", SMOKE, "--find-capacity", "--out", str(tmp_path))
    kept = msgspec.json.decode((tmp_path / "capacity.json").read_bytes(), type=Capacity)
    first, above, second, *_ = found.out.splitlines()

    assert found.code == 0
    assert first.startswith("Tells everyone in time up to 1")
    assert first.endswith(" times “smoke”, twice.")
    assert "update to message, max" in above
    assert second.startswith("In comfort up to 4")
    assert kept.decides.is_confirmed
    assert kept.is_whole


def test_a_search_stays_under_the_cap(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No scale is tried that the burst itself would refuse."""
    tried: list[float] = []

    def run(_burst: Path, *, scale: float, **_: object) -> LoadResult:
        tried.append(scale)
        return held()

    monkeypatch.setattr(command, "run_burst", run)
    capped = ("--find-capacity", "--rate-max", "300", "--scale", "0.5")
    found = portal_suite(capsys, "load", SMOKE, *capped, "--out", str(tmp_path))
    smoke = read_burst(Path(SMOKE))
    target = read_target(Path(smoke.target))

    assert found.code == 0
    assert max(tried) > 1
    for scale in tried:
        check_rate(smoke, target, LoadOptions(scale=scale, rate_max=300.0), Path(SMOKE))


def test_a_search_that_is_cut_off_says_what_is_known(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C the runs so far are printed and kept, and nothing is called confirmed."""

    def run(_burst: Path, *, scale: float, **_: object) -> LoadResult:
        if scale > 2:
            raise KeyboardInterrupt
        return held()

    monkeypatch.setattr(command, "run_burst", run)
    found = portal_suite(capsys, "load", SMOKE, "--find-capacity", "--out", str(tmp_path))
    kept = msgspec.json.decode((tmp_path / "capacity.json").read_bytes(), type=Capacity)

    assert found.code == 3
    assert found.out.startswith("Cut off after 2 runs; by then:\nTells everyone in time up to 2")
    assert "(not confirmed by a second run)" in found.out
    assert (len(kept.trials), kept.is_whole) == (2, False)


def test_a_portal_that_holds_nothing_exits_with_1(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no knee to report."""
    monkeypatch.setattr(command, "run_burst", lambda *_, **__: BROKE)
    found = portal_suite(capsys, "load", SMOKE, "--find-capacity", "--out", str(tmp_path))

    assert found.code == 1
    assert found.out.startswith("Does not tell everyone in time")


def test_repeats_are_kept_one_by_one(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run has a folder of its own; the worst verdict decides."""
    results = iter([held(), BROKE, held()])
    monkeypatch.setattr(command, "run_burst", lambda *_, **__: next(results))
    found = portal_suite(capsys, "load", SMOKE, "--repeats", "3", "--out", str(tmp_path))

    assert found.code == 1
    assert [each.name for each in sorted(tmp_path.glob("run-*"))] == ["run-01", "run-02", "run-03"]
    assert "portal-suite load compare" in found.out
