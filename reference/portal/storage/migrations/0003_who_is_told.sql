-- Who a victim is, and who is told in their place.

-- What somebody is in this crime: all that were kept until now are victims.
ALTER TABLE victim ADD COLUMN role TEXT NOT NULL DEFAULT 'victim';
ALTER TABLE victim ADD COLUMN role_at INTEGER NOT NULL DEFAULT 0;
-- The name and date of birth that two records of one person share. "" is like nobody: so are those
-- that were kept until now, until they are written again.
ALTER TABLE person ADD COLUMN likeness TEXT NOT NULL DEFAULT '';
-- Whether nothing is to be said to this person, in whatever record or crime of theirs that stands.
ALTER TABLE person ADD COLUMN is_flagged INTEGER NOT NULL DEFAULT 0;
-- When a victim comes of age for whom another is told; NULL for all others, and afterwards.
ALTER TABLE person ADD COLUMN of_age_at INTEGER;
-- Since when the same person is told: what was written before is not theirs to read.
ALTER TABLE person ADD COLUMN told_since INTEGER NOT NULL DEFAULT 0;
CREATE INDEX person_likeness ON person (likeness) WHERE likeness <> '';
CREATE INDEX person_flagged ON person (likeness) WHERE is_flagged = 1;
CREATE INDEX person_of_age ON person (of_age_at) WHERE of_age_at IS NOT NULL;
