"""What is asked of a portal, and of everything between it and us, before it is judged."""
