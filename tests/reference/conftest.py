"""Hypothesis for these tests: no example is judged by how long it took, for machines are shared."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
