"""Tests of the contract and of the reference portal."""
