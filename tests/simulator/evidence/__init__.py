"""Tests of simulator/evidence."""
