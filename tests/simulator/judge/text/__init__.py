"""Tests of simulator/judge/text."""
