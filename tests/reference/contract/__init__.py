"""Tests of the contract that every portal meets."""
