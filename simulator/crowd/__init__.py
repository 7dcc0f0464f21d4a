"""Crowds of synthetic people with what a force wrote down about them, for files of any length.

`names` and `people` make the truth, `recording` the records with their faults, `generating` does it
batch by batch, and `files` writes them. `columns` and `words` make columns of words out of numbers.
Needs polars and pyarrow, from the extra `data`.
"""
