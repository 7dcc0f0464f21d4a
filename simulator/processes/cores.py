"""How many processes to run at once: as many as cores that this one may use."""

import os


def cores() -> int:
    """Count the cores that this process may use; `taskset` and some containers leave it fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
