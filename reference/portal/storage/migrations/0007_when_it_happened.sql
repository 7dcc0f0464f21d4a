-- When the oldest of the news that a message tells happened: the Victims' Code counts from then.
ALTER TABLE outbox ADD COLUMN happened_at INTEGER NOT NULL DEFAULT 0;
