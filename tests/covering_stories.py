"""Finds the fewest kept stories that together decide every edge that any of them decides.

`accept` plays these first. `python -m tests.covering_stories` writes them anew, after a new kept
story or a new edge: by phase, the story with the most new edges first.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from joblib import Parallel, delayed
from msgspec import structs

from simulator.accept.edge_stories import COVERING, KEPT_STORIES
from simulator.explore.decided_edges import decided_edges
from simulator.explore.edges import Edge, met_by
from simulator.explore.story import read_story
from simulator.explore.tried import tried_of
from simulator.files.paths import ROOT
from simulator.processes.cores import cores

_PHASES = (1, 2, 3)


def covering(decided: Mapping[str, frozenset[Edge]]) -> list[tuple[str, int]]:
    """Choose stories until no other decides a new edge; give each with how many are new."""
    chosen, left = list[tuple[str, int]](), frozenset[Edge]().union(*decided.values())
    while left:
        best = max(sorted(decided), key=lambda name: len(decided[name] & left))
        chosen.append((best, len(decided[best] & left)))
        left -= decided[best]
    return chosen


def decided_in(file: Path) -> tuple[int, frozenset[Edge]]:
    """Play a kept story on the reference; return its phase, and the edges that it decides."""
    tried, story = tried_of(ROOT / "scenarios" / "targets" / "reference.toml"), read_story(file)
    judged = tried.judged(story)
    done = structs.replace(story, steps=judged.done)
    return story.phase, decided_edges(met_by(done, tried.order), done, judged, tried.order)


def main() -> None:
    """Write the list."""
    files = sorted(KEPT_STORIES.glob("*.json"))
    found = Parallel(n_jobs=cores(), batch_size=4)(delayed(decided_in)(file) for file in files)
    with COVERING.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("phase", "story", "new_edges"))
        for phase in _PHASES:
            decided = {
                file.stem: edges
                for file, (of_story, edges) in zip(files, found, strict=True)
                if of_story == phase
            }
            rows.writerows((phase, story, new) for story, new in covering(decided))


if __name__ == "__main__":
    main()
