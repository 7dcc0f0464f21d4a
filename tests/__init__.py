"""Tests mirror the code: tests/simulator/force/test_crimes.py tests simulator/force/crimes.py."""
