"""The doubles of all neighbours in one process, for a portal that a team runs itself."""
