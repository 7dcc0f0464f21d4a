-- By which id a delivery, or a victim's own doing, is followed to what it set off, however late.
ALTER TABLE outbox ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';
ALTER TABLE errand ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';
