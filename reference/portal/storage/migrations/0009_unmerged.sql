-- A merger can be taken back: when it was, and what of a crime's came from those merged into it.
-- `came_by` names these crimes, the last merger first, each with a line end after it.
ALTER TABLE crime ADD COLUMN unmerged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE victim ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE victim ADD COLUMN own_role TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN came_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN came_with TEXT NOT NULL DEFAULT '';
