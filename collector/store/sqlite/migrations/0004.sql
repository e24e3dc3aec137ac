-- Screens that narrow: identified or anonymous contacts by id; sessions of one source, device or site in the index alone.
CREATE INDEX contacts_anonymous ON contacts (anonymous);
ALTER TABLE sessions ADD COLUMN several INTEGER;    -- whether it went to several sites; NULL: its body has to be asked
DROP INDEX sessions_started;
CREATE INDEX sessions_started ON sessions (started_at, id, source, device, site, several);
