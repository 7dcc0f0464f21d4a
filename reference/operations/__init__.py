"""What a service needs beside the portal: PostgreSQL, health, metrics, logs and the office."""
