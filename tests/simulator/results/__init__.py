"""Tests of simulator/results."""
