-- The channels that a merged person had chosen themselves, to have them back; null if they had not.
ALTER TABLE person_merger ADD COLUMN chosen TEXT;
