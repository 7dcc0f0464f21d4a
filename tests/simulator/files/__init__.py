"""Tests of simulator/files."""
