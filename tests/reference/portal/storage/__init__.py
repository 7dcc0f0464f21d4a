"""Tests of reference/portal/storage."""
