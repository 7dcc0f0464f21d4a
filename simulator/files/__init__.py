"""Reading the files a tester gives: relative paths, and TOML checked field by field."""
