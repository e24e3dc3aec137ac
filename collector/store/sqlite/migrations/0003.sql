-- What the world is asked to do: written with the state that asked for it, deleted when it is done.
-- (From here on visitors.contact is 0 while a visitor is nobody's: only a bot was seen with it.)
CREATE TABLE outbox (
  id      TEXT    PRIMARY KEY,                      -- who asks, and for what: asked again, it is no second one
  kind    TEXT    NOT NULL,
  contact INTEGER NOT NULL,                         -- as asked; a reader resolves it
  due_at  INTEGER NOT NULL,                         -- ms UTC: not before
  body    BLOB    NOT NULL                          -- MessagePack, by kind
) WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (due_at);

-- How much of what, for screens that show totals: events that stand and are no bot's, by kind and day of occurred_at.
CREATE TABLE kind_days (
  kind   INTEGER NOT NULL,
  day    INTEGER NOT NULL,                          -- days since 1970, UTC
  events INTEGER NOT NULL,
  PRIMARY KEY (kind, day)
) WITHOUT ROWID;
INSERT INTO kind_days SELECT kind, at / 86400000, count(*) FROM events WHERE NOT flags & 5 GROUP BY 1, 2;

-- Where a session came from and on what, beside its body: a chart of a quarter adds up hours, it decodes nothing.
ALTER TABLE sessions ADD COLUMN source TEXT NOT NULL DEFAULT '';   -- utm_source, else the referrer's host; '': direct
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN several INTEGER;  -- whether it went to several sites; NULL: its body has to be asked
CREATE TABLE session_hours (
  hour     INTEGER NOT NULL,                        -- hours since 1970, UTC, of started_at
  site     INTEGER NOT NULL,
  source   TEXT    NOT NULL,
  device   TEXT    NOT NULL,
  sessions INTEGER NOT NULL,
  PRIMARY KEY (hour, site, source, device)
) WITHOUT ROWID;
INSERT INTO session_hours SELECT started_at / 3600000, site, source, device, count(*) FROM sessions GROUP BY 1, 2, 3, 4;
CREATE TRIGGER session_begun AFTER INSERT ON sessions BEGIN
  INSERT INTO session_hours VALUES (NEW.started_at / 3600000, NEW.site, NEW.source, NEW.device, 1)
    ON CONFLICT DO UPDATE SET sessions = sessions + 1;
END;
CREATE TRIGGER session_gone AFTER DELETE ON sessions BEGIN
  UPDATE session_hours SET sessions = sessions - 1
    WHERE (hour, site, source, device) = (OLD.started_at / 3600000, OLD.site, OLD.source, OLD.device);
END;
CREATE TRIGGER session_moved AFTER UPDATE OF source, device ON sessions
  WHEN (OLD.source, OLD.device) IS NOT (NEW.source, NEW.device) BEGIN
  UPDATE session_hours SET sessions = sessions - 1
    WHERE (hour, site, source, device) = (OLD.started_at / 3600000, OLD.site, OLD.source, OLD.device);
  INSERT INTO session_hours VALUES (NEW.started_at / 3600000, NEW.site, NEW.source, NEW.device, 1)
    ON CONFLICT DO UPDATE SET sessions = sessions + 1;
END;

-- Screens that narrow: identified or anonymous contacts by id; sessions of a source, device or site in the index alone.
CREATE INDEX contacts_anonymous ON contacts (anonymous);
DROP INDEX sessions_started;
CREATE INDEX sessions_started ON sessions (started_at, id, source, device, site, several);
