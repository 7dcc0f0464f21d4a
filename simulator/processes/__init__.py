"""Starting other programs, serving on loopback, and ending what was started."""
