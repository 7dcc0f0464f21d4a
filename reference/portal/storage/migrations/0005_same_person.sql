-- Who is signed in by several records, where an invitation went, and what strangers said.

-- The other records of whoever a sign-in step or a session is of: what they gave proves them all.
CREATE TABLE also_theirs (
  digest TEXT NOT NULL, person_id TEXT NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (digest, person_id)
) WITHOUT ROWID;
CREATE INDEX also_theirs_person ON also_theirs (person_id);
-- "" for those that were sent until now: nobody knows where they went.
ALTER TABLE invitation ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- Of which address it was said, until that is taken; from then on "".
ALTER TABLE not_for_me ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX not_for_me_said ON not_for_me (at) WHERE address <> '';
