"""Microsoft Dynamics 365 as a force's crime system: tables, and the Dataverse Web API to them."""
