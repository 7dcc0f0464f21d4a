"""Tests of the load tests. Locust always runs in a process of its own."""
