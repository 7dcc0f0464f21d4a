"""The systems around a portal, as servers and records: message gateway and crime system."""
