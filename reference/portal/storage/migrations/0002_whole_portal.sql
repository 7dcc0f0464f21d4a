-- Crimes that merge, move, and are looked into by somebody who is away; victims who choose how they
-- are told, and who are spoken to first; who read and changed what; what must not be erased.

ALTER TABLE crime ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
-- A marker may be of several words.
UPDATE crime SET safeguarding = replace(safeguarding, ' ', '|');
ALTER TABLE crime ADD COLUMN transferred_to TEXT NOT NULL DEFAULT '';
-- The officer in charge is 'away' or has 'left' ("" for neither), until when if that is known.
ALTER TABLE crime ADD COLUMN officer_is TEXT NOT NULL DEFAULT '';
ALTER TABLE crime ADD COLUMN officer_until INTEGER;
-- The newest fact of each kind, from which `status` and `ended_at` follow: 0 for none.
ALTER TABLE crime ADD COLUMN reclassified_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crime ADD COLUMN decided TEXT NOT NULL DEFAULT '';
ALTER TABLE crime ADD COLUMN decided_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crime ADD COLUMN transferred_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crime ADD COLUMN cancelled_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crime ADD COLUMN merged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crime ADD COLUMN reopened_at INTEGER NOT NULL DEFAULT 0;
UPDATE crime SET decided = status, decided_at = ended_at WHERE status <> 'open';
UPDATE crime SET reopened_at = ended_at WHERE status = 'open';

-- What the victim chose since the force asked: channels parted by spaces, NULL for nothing chosen.
ALTER TABLE person ADD COLUMN channels_chosen TEXT;
-- Addresses that work, also those the victim chose not to be told by: for signing in.
ALTER TABLE person ADD COLUMN usable_text TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN usable_email TEXT NOT NULL DEFAULT '';
UPDATE person SET usable_text = text_address, usable_email = email_address;
CREATE INDEX person_usable_text ON person (usable_text);
CREATE INDEX person_usable_email ON person (usable_email);
ALTER TABLE victim ADD COLUMN contacted_at INTEGER NOT NULL DEFAULT 0;
-- Which worker is sending it, 0 for none yet. Where that worker is gone, as all are that were before
-- this column, only the gateway knows whether it was sent.
ALTER TABLE outbox ADD COLUMN claimed_by INTEGER NOT NULL DEFAULT -1;
-- A person has few messages: one index finds them all, and sending one leaves it as it is.
DROP INDEX outbox_person;
DROP INDEX outbox_sent;
CREATE INDEX outbox_of_person ON outbox (person_id);
-- By when the force owes an answer; NULL for what asks for none or has one.
ALTER TABLE post ADD COLUMN answer_due_at INTEGER;
CREATE INDEX post_due ON post (answer_due_at) WHERE answer_due_at IS NOT NULL;

-- Closures that a person says first: neither shown nor sent until they have.
CREATE TABLE closure_held (
  crime_reference TEXT NOT NULL, person_id TEXT NOT NULL, event_id TEXT NOT NULL,
  said_at INTEGER NOT NULL, due_at INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (crime_reference, person_id)
) WITHOUT ROWID;

-- Every address a person was ever reached at: whose it turns out to be may be said much later.
CREATE TABLE address_of (
  address TEXT NOT NULL, person_id TEXT NOT NULL, PRIMARY KEY (address, person_id)
) WITHOUT ROWID;
INSERT INTO address_of SELECT text_address, person_id FROM person WHERE text_address <> '';
INSERT INTO address_of SELECT email_address, person_id FROM person WHERE email_address <> '';

CREATE TABLE appointment (
  crime_reference TEXT NOT NULL, appointment_id TEXT NOT NULL, person_id TEXT NOT NULL,
  starts_at INTEGER NOT NULL, place TEXT NOT NULL, status TEXT NOT NULL, said_at INTEGER NOT NULL,
  placed_at INTEGER NOT NULL DEFAULT 0, -- when it was last said where and when it is
  PRIMARY KEY (crime_reference, appointment_id, person_id)
) WITHOUT ROWID;

-- Each event that was taken is in the log too: when, what, of which crime, and in which request.
ALTER TABLE event_seen ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event_seen ADD COLUMN type TEXT NOT NULL DEFAULT '';
ALTER TABLE event_seen ADD COLUMN crime_reference TEXT NOT NULL DEFAULT '';
ALTER TABLE event_seen ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';

CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  person_id TEXT NOT NULL, crime_reference TEXT NOT NULL, correlation_id TEXT NOT NULL
);
CREATE INDEX audit_person ON audit (person_id, at);
CREATE INDEX audit_crime ON audit (crime_reference, at);

CREATE INDEX person_registered ON person (registered_at) WHERE registered_at IS NOT NULL;
CREATE INDEX crime_ended ON crime (ended_at) WHERE ended_at > 0;
-- What must be kept although it is old, or somebody asked for its erasure: a person or a crime.
CREATE TABLE hold (
  whose TEXT PRIMARY KEY, why TEXT NOT NULL, placed_by TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;

-- Who said "not for me" within the hour, as a keyed digest: so many stop an address, and no more.
CREATE TABLE not_for_me (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, client TEXT NOT NULL);

-- When a session ends whatever is done meanwhile; one of before this column when it would have.
ALTER TABLE session ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 0;
UPDATE session SET ends_at = expires_at;

-- The event that a victim last heard of: what comes by itself names it.
ALTER TABLE victim ADD COLUMN last_event_id TEXT NOT NULL DEFAULT '';
UPDATE victim SET last_event_id = coalesce((SELECT o.event_id FROM outbox o
  WHERE o.person_id = victim.person_id AND o.crime_reference = victim.crime_reference
  ORDER BY o.id DESC LIMIT 1), crime_reference);
