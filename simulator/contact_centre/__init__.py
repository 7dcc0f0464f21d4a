"""The force's 101 and 999 lines: staffing, calls, the queue, and the service level."""
