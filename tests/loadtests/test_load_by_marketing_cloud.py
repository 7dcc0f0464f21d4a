"""A portal that sends by Marketing Cloud is loaded and judged as one that sends by Notify."""

import shutil
from pathlib import Path

import msgspec
import pytest
from playwright._impl._driver import compute_driver_executable

from simulator.evidence.files import Line
from simulator.evidence.records import MessageAccepted, ReceiptSent
from simulator.results.load import LoadResult
from tests.simulator.command_line import portal_suite_apart
from tests.simulator.real_files import ROOT, spoiled

BURST = ROOT / "scenarios" / "bursts" / "smoke.toml"
TARGET = ROOT / "scenarios" / "targets" / "third-portal-marketing-cloud.toml"
NODE = shutil.which("node") or str(compute_driver_executable()[0])


@pytest.mark.slow(seconds=15, waits=True)
def test_every_message_that_is_due_comes_once(tmp_path: Path) -> None:
    """All came by Marketing Cloud; the portal asked for failures alone, and is told of none."""
    target = spoiled(
        tmp_path,
        TARGET,
        ("orders/two-forces", "orders/burst"),
        ('"test_clock", ', ""),
        ('"restarts", ', ""),
        ('command = ["node",', f'command = ["{NODE}",'),
    )
    burst = spoiled(
        tmp_path,
        BURST,
        ("value = 400", "value = 40"),
        ("scenarios/targets/reference-for-load.toml", str(target)),
    )
    out = tmp_path / "out"

    said = portal_suite_apart("load", burst, "--out", out)

    assert said.code == 0, said.words
    result = msgspec.json.decode((out / "load.json").read_bytes(), type=LoadResult)
    assert result.failures == []
    assert 0 < result.messages == result.obligations
    lines = (out / "evidence.ndjson").read_bytes().splitlines()
    records = [msgspec.json.decode(each, type=Line).record for each in lines]
    sent = [each for each in records if isinstance(each, MessageAccepted)]
    assert {each.sender for each in sent} == {"60777"}
    assert not any(isinstance(each, ReceiptSent) for each in records)
