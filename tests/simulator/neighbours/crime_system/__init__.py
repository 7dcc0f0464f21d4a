"""Tests of the crime system, a file for each of its modules."""
