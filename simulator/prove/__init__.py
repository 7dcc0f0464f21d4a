"""Judging the judge: every broken portal must be caught by the scenario that it names."""
