"""Tests of runs in which a tester keys in, with testers who follow a script."""
