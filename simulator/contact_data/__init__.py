"""Checks the contact details in a force's own extract before go-live: `portal-suite check-data`.

An extract goes through in columns: read and named, joined to one row a victim, judged by rules,
counted, and written out as a worklist for correction at source. Nothing leaves the machine.
"""
