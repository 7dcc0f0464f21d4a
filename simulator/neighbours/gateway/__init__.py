"""The message gateway: one inbox, behind a Notify API and a mail server."""
