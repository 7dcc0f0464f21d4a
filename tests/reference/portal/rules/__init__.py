"""Tests of reference/portal/rules."""
