"""The papers of a phase, printable and as CSV: what a test manager keeps and an SRO signs.

`runs` reads the results folders of `accept`, `register` what people decided; `defects`, `colours`,
`days` and `criteria` are worked out from both; `contents` joins them. A sheet
is one paper as values, and `written` writes each as a page and as CSV.
"""
