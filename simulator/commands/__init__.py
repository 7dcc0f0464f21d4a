"""The commands of `portal-suite`, one module each: they parse, call and show."""
