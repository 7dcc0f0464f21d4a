-- Only who asks for what is due, by its time, uses this index: PostgreSQL counts rows now and then,
-- and where few messages waited at the count it read all that wait to find one person's.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (due_at) WHERE status = 'waiting' AND due_at >= 0;
