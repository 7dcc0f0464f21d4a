"""Scenarios that a tester runs by hand: the tester keys in, looks, and says what they saw."""
