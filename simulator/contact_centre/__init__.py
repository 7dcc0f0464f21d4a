"""The force's 101 and 999 lines: staffing, calls, the queue, and its service level."""
