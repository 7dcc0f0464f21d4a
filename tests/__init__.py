"""Tests mirror the code: tests/simulator/test_people.py is for simulator/people.py."""
