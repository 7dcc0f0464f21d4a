"""Tests of the load tests. Locust is only ever run as a process of its own."""
