-- Since when the force has the same person told: appointments from before are not theirs to read.
ALTER TABLE person ADD COLUMN told_from BIGINT NOT NULL DEFAULT 0;
