"""The explorer: stories made by a seed, played on a portal, and judged by the judge."""
