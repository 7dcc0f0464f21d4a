"""The evidence pack: one signed zip of what a verdict rests on, and its check anywhere.

`contents` gathers what belongs in one and refuses an incomplete run; `archive` writes and reads the
zip, of which every byte is accounted for; `keys` signs; `make` and `verify` join them.
"""
