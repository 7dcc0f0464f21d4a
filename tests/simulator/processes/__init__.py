"""Tests of simulator/processes."""
