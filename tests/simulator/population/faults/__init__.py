"""Tests of the faults in what a force writes down."""
