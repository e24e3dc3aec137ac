-- log.db: what came, in the order in which it was committed. `serve` writes it; the worker appends derived events.
CREATE TABLE log (
  offset      INTEGER PRIMARY KEY,
  id          BLOB    NOT NULL,  -- event id: 16 bytes when it is a canonical UUID, else its text (see collector/event_id.py)
  site        INTEGER NOT NULL,  -- 0: none, or derived
  received_at INTEGER NOT NULL,  -- ms UTC
  body        BLOB    NOT NULL   -- collector/log/entry.py; zeros over it after an erasure
);

-- Refusals: the counters are exact, the samples a ring of 20 a site and code.
CREATE TABLE rejections (
  site  INTEGER NOT NULL,
  code  TEXT    NOT NULL,
  hour  INTEGER NOT NULL,        -- ms UTC, floored to the hour
  count INTEGER NOT NULL,
  PRIMARY KEY (site, code, hour)
) WITHOUT ROWID;

CREATE TABLE rejection_samples (
  site    INTEGER NOT NULL,
  code    TEXT    NOT NULL,
  slot    INTEGER NOT NULL,      -- 0 to 19
  at      INTEGER NOT NULL,      -- ms UTC
  path    TEXT    NOT NULL,
  message TEXT    NOT NULL,
  door    TEXT    NOT NULL,
  origin  TEXT    NOT NULL,
  sample  TEXT    NOT NULL,
  PRIMARY KEY (site, code, slot)
) WITHOUT ROWID;

-- Cookieless visitors: one salt a day, deleted after 48 hours.
CREATE TABLE salts (
  day  INTEGER PRIMARY KEY,      -- days since 1970
  salt BLOB    NOT NULL
);
