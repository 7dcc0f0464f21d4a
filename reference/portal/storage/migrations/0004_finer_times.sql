-- When a fact was so, or was said, is kept to the microsecond: of two in one second the newer counts.

UPDATE person SET written_at = written_at * 1000000;
UPDATE victim SET role_at = role_at * 1000000, contacted_at = contacted_at * 1000000;
UPDATE crime SET allocated_at = allocated_at * 1000000,
  reclassified_at = reclassified_at * 1000000, decided_at = decided_at * 1000000,
  transferred_at = transferred_at * 1000000, cancelled_at = cancelled_at * 1000000,
  merged_at = merged_at * 1000000, reopened_at = reopened_at * 1000000;
UPDATE appointment SET said_at = said_at * 1000000, placed_at = placed_at * 1000000;
UPDATE event_waiting SET time = time * 1000000;
-- When an officer's words were written down: what they correct later replaces what they said.
ALTER TABLE post ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0;
