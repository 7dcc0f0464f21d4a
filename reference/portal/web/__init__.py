"""The entry points: machine hooks, the JSON API, and the pages."""
