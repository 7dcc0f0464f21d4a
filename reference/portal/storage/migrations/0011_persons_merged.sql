-- Records of one person that the force merged. `state` is "held" until both records are known and,
-- where they differ, the force says that they are one person's; "merged"; or "unmerged". The times
-- are when the force did it, to the microsecond. `record` is the merged person's own, of `written_at`.
CREATE TABLE person_merger (
  person_id TEXT PRIMARY KEY, into_person TEXT NOT NULL, named_in TEXT NOT NULL, state TEXT NOT NULL,
  merged_at INTEGER NOT NULL, unmerged_at INTEGER NOT NULL, record BLOB NOT NULL, written_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX person_merger_into ON person_merger (into_person);
