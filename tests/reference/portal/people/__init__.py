"""Tests of reference/portal/people."""
