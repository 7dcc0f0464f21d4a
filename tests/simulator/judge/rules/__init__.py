"""Tests of simulator/judge/rules."""
