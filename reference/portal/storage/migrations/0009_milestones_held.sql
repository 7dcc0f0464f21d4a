-- Milestones that an officer tells a victim with enhanced rights first.
CREATE TABLE milestone_held (
  crime_reference TEXT NOT NULL,
  person_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  reached_at INTEGER NOT NULL,
  said_at INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (crime_reference, person_id, event_id)
);
