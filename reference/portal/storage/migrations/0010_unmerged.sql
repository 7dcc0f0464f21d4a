-- A merger can be taken back: when it was, and what of a crime's came from those merged into it.
-- `came_by` names these crimes, the last merger first, each with a line end after it; `came_with` and
-- `came_as` are the event and the correlation id that a message came with.
ALTER TABLE crime ADD COLUMN unmerged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE victim ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE victim ADD COLUMN own_role TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN came_with TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN came_as TEXT NOT NULL DEFAULT '';
