"""One file a family of harm; each rule reads the case book and never another rule."""
