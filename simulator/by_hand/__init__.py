"""Scenarios that a tester does by hand: they key in, look, and say what they saw."""
