"""Tests of simulator/force."""
