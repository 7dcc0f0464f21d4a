"""Tests of simulator/neighbours."""
