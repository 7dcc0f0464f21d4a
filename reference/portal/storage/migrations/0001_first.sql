-- Times are whole seconds since 1970 in UTC. A person's record is kept as the JSON it came in.
CREATE TABLE IF NOT EXISTS event_seen (
  source TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, id)
) WITHOUT ROWID;

-- Events that came before their crime was recorded wait here for it.
CREATE TABLE IF NOT EXISTS event_waiting (
  id INTEGER PRIMARY KEY, crime_reference TEXT NOT NULL, event_id TEXT NOT NULL,
  type TEXT NOT NULL, time INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS event_waiting_crime ON event_waiting (crime_reference);

CREATE TABLE IF NOT EXISTS crime (
  reference TEXT PRIMARY KEY, force TEXT NOT NULL, offence TEXT NOT NULL,
  offence_subgroup TEXT NOT NULL, safeguarding TEXT NOT NULL, status TEXT NOT NULL, officer TEXT NOT NULL,
  collar_number TEXT NOT NULL, team TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  allocated_at INTEGER NOT NULL, ended_at INTEGER NOT NULL
) WITHOUT ROWID;

-- `record` is what the force wrote down; the addresses are what of it can be used ("" for none).
CREATE TABLE IF NOT EXISTS person (
  person_id TEXT PRIMARY KEY, record BLOB NOT NULL, written_at INTEGER NOT NULL,
  text_address TEXT NOT NULL, email_address TEXT NOT NULL, registered_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS person_text ON person (text_address);
CREATE INDEX IF NOT EXISTS person_email ON person (email_address);

-- Addresses nothing may go to: they bounced, or somebody said "not for me".
CREATE TABLE IF NOT EXISTS address_stopped (
  address TEXT PRIMARY KEY, reason TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS victim (
  crime_reference TEXT NOT NULL, person_id TEXT NOT NULL, exclusion TEXT NOT NULL,
  invited_at INTEGER, last_news_at INTEGER NOT NULL, advice_sent INTEGER NOT NULL DEFAULT 0,
  journey_at INTEGER, journey_kind TEXT,
  PRIMARY KEY (crime_reference, person_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS victim_person ON victim (person_id);
CREATE INDEX IF NOT EXISTS victim_journey ON victim (journey_at) WHERE journey_at IS NOT NULL;

-- `person_id` is "" for what every victim of the crime may see.
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY, crime_reference TEXT NOT NULL, person_id TEXT NOT NULL,
  at INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS entry_crime ON entry (crime_reference, at);

CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY, crime_reference TEXT NOT NULL, person_id TEXT NOT NULL,
  notice TEXT NOT NULL, channel TEXT NOT NULL, event_id TEXT NOT NULL,
  due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'waiting', held_because TEXT NOT NULL DEFAULT '',
  address TEXT, message_id TEXT, sent_at INTEGER
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_person ON outbox (person_id, channel) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_message ON outbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_sent ON outbox (person_id, channel, sent_at);

-- What is owed to the crime system: stamps and tasks, each once by key.
CREATE TABLE IF NOT EXISTS errand (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, crime_reference TEXT NOT NULL, body BLOB NOT NULL,
  due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS errand_due ON errand (due_at) WHERE done = 0;

-- Tokens are kept as keyed digests: a copy of this file opens nothing.
CREATE TABLE IF NOT EXISTS invitation (
  token_digest TEXT PRIMARY KEY, person_id TEXT NOT NULL, cause TEXT NOT NULL,
  expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invitation_person ON invitation (person_id);
CREATE TABLE IF NOT EXISTS sign_in_step (
  step_digest TEXT PRIMARY KEY, person_id TEXT NOT NULL, address TEXT NOT NULL,
  code_digest TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
-- Attempts at words and codes by who or where, whatever step they were made in.
CREATE TABLE IF NOT EXISTS sign_in_attempt (
  whose TEXT PRIMARY KEY, attempts INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  token_digest TEXT PRIMARY KEY, person_id TEXT NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS post (
  key TEXT PRIMARY KEY, crime_reference TEXT NOT NULL, person_id TEXT NOT NULL,
  at INTEGER NOT NULL, author TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS post_crime ON post (crime_reference, person_id, at);
