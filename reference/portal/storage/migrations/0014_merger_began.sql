-- Since when a merger of persons was in effect: what the survivor wrote from then on is theirs.
ALTER TABLE person_merger ADD COLUMN began_at BIGINT NOT NULL DEFAULT 0;
