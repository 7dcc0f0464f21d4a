"""The papers of a phase, printable and as CSV: what a test manager keeps and an SRO signs.

`runs` reads the results folders of `accept`, and `register` what people decided. `defects`,
`requirement_status`, `daily_summary` and `criteria` are worked out from both, and `contents` joins
them. A sheet is one paper as values; `paper_files` writes each as a page and as CSV.
"""
