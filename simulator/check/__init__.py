"""Checks of a portal and its surroundings before it is judged."""
