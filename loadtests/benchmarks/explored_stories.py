"""How many whole stories a second a core draws, plays and judges, on the reference in this process.

By the processor's time, without shortening. The same evidence is judged once more, to say which
share of a story is the judge's; and it is asked at which edges of each fifth story the judge
decided, to say how many times as long that takes as to judge it.
"""

from collections.abc import Iterator

from msgspec import structs

from simulator.clock import processor_seconds
from simulator.explore.decided_edges import decided_edges
from simulator.explore.edges import met_by
from simulator.explore.story_drawing import draw_story
from simulator.explore.tried import tried_of
from simulator.files.paths import ROOT

_TARGET = ROOT / "scenarios" / "targets" / "reference.toml"
_PHASES = (1, 2, 3)
STORIES = 60
#: About one of so many stories it is asked at which edges the judge decided.
_ASKED = 5


def measure(*, stories: int = STORIES) -> Iterator[str]:
    """Play so many stories of each phase; return one line for each number."""
    tried = tried_of(_TARGET)
    tried.judged(draw_story(tried.order, phase=1, seed=2, number=0))  # what is made once
    steps, judging, asked, deciding = 0, 0.0, 0.0, 0.0
    begun = processor_seconds()
    for phase in _PHASES:
        for number in range(stories):
            story = draw_story(tried.order, phase=phase, seed=1, number=number)
            judged = tried.judged(story)
            steps += len(story.steps)
            before = processor_seconds()
            assert judged.order is not None
            assert judged.judged_by is not None
            judged.judged_by(judged.order)
            once = processor_seconds() - before
            judging += once
            if number % _ASKED == 0:
                done = structs.replace(story, steps=judged.done)
                edges = met_by(done, tried.order)
                before = processor_seconds()
                decided_edges(edges, done, judged, tried.order)
                deciding += processor_seconds() - before
                asked += once
    whole = processor_seconds() - begun - judging - deciding
    yield f"rate explored_stories {len(_PHASES) * stories / whole:.1f} stories/CPU second"
    yield f"rate explored_steps {steps / whole:.0f} steps/CPU second"
    yield f"ratio explored_judging {judging / whole:.2f}"
    yield f"ratio explored_deciding {deciding / asked:.1f}"
