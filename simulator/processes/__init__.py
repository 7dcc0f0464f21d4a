"""Starts other programs, serves doubles on loopback, and ends everything that it started."""
