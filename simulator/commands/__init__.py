"""The commands of `portal-suite`, a module each: they parse, call and show."""
