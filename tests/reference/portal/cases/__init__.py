"""Tests of reference/portal/cases."""
