"""Tests of the drivers, a file for each module."""
