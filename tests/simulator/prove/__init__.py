"""Tests of simulator/prove."""
