"""From what is to be said to the message gateway, and what became of each message."""
