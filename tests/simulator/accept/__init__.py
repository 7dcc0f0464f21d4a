"""Tests of simulator/accept."""
