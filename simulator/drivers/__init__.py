"""The only way to any portal: one small protocol, and the drivers that implement it."""
