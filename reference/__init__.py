"""The contract every victims' portal must meet, and one portal that meets it."""
