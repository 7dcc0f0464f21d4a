"""Tests of reference/portal/messages."""
