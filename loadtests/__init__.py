"""Load tests: a burst of updates against a portal by URL, judged by the same judge."""
