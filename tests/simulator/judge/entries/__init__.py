"""Tests of simulator/judge/entries."""
