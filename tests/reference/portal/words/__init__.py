"""Tests of reference/portal/words."""
