"""Tests of crowds."""
