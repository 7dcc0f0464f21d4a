-- Records of one person that the force merged. `state` is "waiting" until both records are known, "held"
-- until the force says that they are one person's, "merged", or "unmerged". The times `merged_at` and
-- `unmerged_at` are when the force did it, `since` is when it took effect here. `record`, `written_at`,
-- `channels_chosen` and `registered_at` are the merged person's own, which they have back once it is undone.
CREATE TABLE person_merger (
  person_id TEXT PRIMARY KEY, into_person TEXT NOT NULL, named_in TEXT NOT NULL, state TEXT NOT NULL,
  merged_at INTEGER NOT NULL, unmerged_at INTEGER NOT NULL, since INTEGER NOT NULL, record BLOB NOT NULL,
  written_at INTEGER NOT NULL, channels_chosen TEXT, registered_at INTEGER
) WITHOUT ROWID;
CREATE INDEX person_merger_into ON person_merger (into_person);
