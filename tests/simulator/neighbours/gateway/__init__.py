"""Tests of the gateway, a file for each of its modules."""
