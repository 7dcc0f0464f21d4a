-- When the force last said that the officer in charge is away: what it said before that may come later.
ALTER TABLE crime ADD COLUMN unavailable_at INTEGER NOT NULL DEFAULT 0;
