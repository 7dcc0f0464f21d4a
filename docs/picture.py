"""Draw the README's picture from a rehearsal: `make picture`."""

import sys
from pathlib import Path

import msgspec

from simulator.report.period_tables import go_lives
from simulator.report.plots import update_calls_by_week_png
from simulator.results.values import RehearsalResult

if __name__ == "__main__":
    rehearsal, picture = map(Path, sys.argv[1:])
    result = msgspec.json.decode(rehearsal.read_bytes(), type=RehearsalResult)
    update_calls_by_week_png(result.weeks, go_lives(result.periods), picture)
