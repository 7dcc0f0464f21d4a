"""Tests of simulator/population."""
