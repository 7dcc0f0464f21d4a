-- Whether a victim may ask for a review of the decision that closed a crime: it takes questions longer.
ALTER TABLE crime ADD COLUMN may_review INTEGER NOT NULL DEFAULT 0;
