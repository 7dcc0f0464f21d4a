"""Tests of reference/operations."""
