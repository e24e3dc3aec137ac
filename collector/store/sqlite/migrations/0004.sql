-- Screens that narrow: identified or anonymous contacts by id, and sessions of one source or device in the index alone.
CREATE INDEX contacts_anonymous ON contacts (anonymous);
DROP INDEX sessions_started;
CREATE INDEX sessions_started ON sessions (started_at, id, source, device);
