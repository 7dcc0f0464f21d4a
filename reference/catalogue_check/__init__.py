"""Whether the portal's words keep their rules: coverage, reading age, and the printed table."""
