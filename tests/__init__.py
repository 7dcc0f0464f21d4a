"""Tests mirror the code: tests/simulator/force/test_walk.py is for simulator/force/walk.py."""
