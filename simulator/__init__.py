"""Everything around a portal: people, their records, the force's systems, victims, and the judge."""
