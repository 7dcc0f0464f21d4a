"""All that the portal keeps, and the only SQL there is: each table has one owning module."""
