"""The evidence pack: one signed zip with the evidence for a verdict, which anyone can check.

`contents` gathers its files and refuses an incomplete run. `archive` writes and reads the zip and
accounts for every byte. `keys` signs. `make` and `verify` use all three.
"""
