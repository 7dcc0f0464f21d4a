-- Whether a report came with proof that a message arrived at its address: only then it stops one.
ALTER TABLE not_for_me ADD COLUMN is_proved INTEGER NOT NULL DEFAULT 0;
