"""Tests of the simulator, a file for each of its modules."""
