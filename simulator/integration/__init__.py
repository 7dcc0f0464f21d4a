"""The integration between a force's crime system and the portal: what MuleSoft does elsewhere."""
