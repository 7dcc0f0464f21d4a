"""Tests of simulator/inputs."""
