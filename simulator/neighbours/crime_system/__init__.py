"""The force's own crime system: its records, and the interface by which a portal writes to them."""
