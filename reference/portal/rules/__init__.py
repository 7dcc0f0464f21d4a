"""Pure rules: facts in, answers out; no clock, no store, no await."""
