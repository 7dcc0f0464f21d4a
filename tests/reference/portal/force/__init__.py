"""Tests of reference/portal/force."""
