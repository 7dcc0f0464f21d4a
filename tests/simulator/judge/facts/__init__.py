"""Tests of simulator/judge/facts."""
