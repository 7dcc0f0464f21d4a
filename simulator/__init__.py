"""Everything around a portal: people, records, the force's systems, victims and the judge."""
