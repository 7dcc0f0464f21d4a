"""The force's own API: records, feed, subscriptions and its document."""
