"""Tests of reference/portal/web."""
