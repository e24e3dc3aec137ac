-- store.db: what can be asked later. The worker writes facts; `serve` writes definitions (sites, keys).

-- Definitions ---------------------------------------------------------------------------------------------------------
CREATE TABLE sites (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL,
  origins    TEXT    NOT NULL DEFAULT '[]',        -- JSON list of origins; empty: any http(s) origin
  consent    TEXT    NOT NULL DEFAULT 'implied',   -- required | implied | off
  identify   TEXT    NOT NULL DEFAULT 'guarded',   -- guarded | open | verified
  created_at INTEGER NOT NULL
);

CREATE TABLE keys (
  id           INTEGER PRIMARY KEY,
  site         INTEGER REFERENCES sites (id),      -- NULL: an API key, of the deployment
  scope        TEXT    NOT NULL,                   -- write_key | read | write | admin
  name         TEXT    NOT NULL DEFAULT '',
  hash         BLOB    NOT NULL UNIQUE,            -- SHA-256 of the key
  shown        TEXT    NOT NULL,                   -- a write key whole (it is public), of an API key the first 8 characters
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at   INTEGER
);

-- Words that repeat, kept once ----------------------------------------------------------------------------------------
CREATE TABLE kinds   (id INTEGER PRIMARY KEY, category TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (category, key));
CREATE TABLE doors   (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE agents (
  id INTEGER PRIMARY KEY, user_agent TEXT NOT NULL UNIQUE,
  browser TEXT NOT NULL, os TEXT NOT NULL, device TEXT NOT NULL, bot INTEGER NOT NULL
);
CREATE TABLE pages (
  id    INTEGER PRIMARY KEY,
  hash  INTEGER NOT NULL UNIQUE,                   -- 64 bits of (url, title): an index of them would double their size
  url   TEXT    NOT NULL,                          -- absolute, http(s)
  title TEXT    NOT NULL,
  path  TEXT    GENERATED ALWAYS AS (              -- of url, from the first slash behind the host on; for `q`
    iif(instr(substr(url, 9), '/'), substr(url, 8 + instr(substr(url, 9), '/')), '/')) VIRTUAL
);
CREATE INDEX pages_path ON pages (path);

-- People --------------------------------------------------------------------------------------------------------------
CREATE TABLE contacts (
  id            INTEGER PRIMARY KEY,
  anonymous     INTEGER NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL,
  attributes    TEXT    NOT NULL DEFAULT '{}',     -- JSON object
  unverified    TEXT    NOT NULL DEFAULT '[]',     -- JSON list: names of attributes claimed from a public door only
  lists         TEXT    NOT NULL DEFAULT '[]',     -- JSON list of names
  consent       TEXT    NOT NULL DEFAULT 'unknown'
);

-- Joins: flat, so that one look-up resolves any absorbed id. Contacts that were absorbed keep their row.
CREATE TABLE contact_links (
  absorbed INTEGER PRIMARY KEY,
  survivor INTEGER NOT NULL,
  at       INTEGER NOT NULL,                        -- ms UTC, of the event that joined them
  event    BLOB    NOT NULL                         -- its id
);
CREATE INDEX contact_links_survivor ON contact_links (survivor);

CREATE TABLE identifiers (
  kind     TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  contact  INTEGER NOT NULL,
  verified INTEGER NOT NULL,                        -- 0: claimed from a public door
  added_at INTEGER NOT NULL,                        -- ms UTC; the first of a kind is primary
  PRIMARY KEY (kind, value)
) WITHOUT ROWID;
CREATE INDEX identifiers_contact ON identifiers (contact);

CREATE TABLE conflicts (                            -- an identifier that belongs to somebody else: kept, not moved
  contact INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, owner INTEGER NOT NULL,
  at INTEGER NOT NULL, event BLOB NOT NULL,
  PRIMARY KEY (contact, kind, value)
) WITHOUT ROWID;

CREATE TABLE visitors (
  id      INTEGER PRIMARY KEY,
  visitor TEXT    NOT NULL UNIQUE,                  -- 26 characters
  contact INTEGER NOT NULL                          -- its first owner
);
CREATE INDEX visitors_contact ON visitors (contact);

CREATE TABLE epochs (                               -- later owners of a visitor: a second person on the same browser
  visitor INTEGER NOT NULL,
  since   INTEGER NOT NULL,                         -- ms UTC, included
  contact INTEGER NOT NULL,
  PRIMARY KEY (visitor, since)
) WITHOUT ROWID;
CREATE INDEX epochs_contact ON epochs (contact);

-- Events: never rewritten by a join, an undo or a session change ------------------------------------------------------
CREATE TABLE events (
  offset      INTEGER PRIMARY KEY,                  -- of the log
  id          BLOB    NOT NULL,                     -- 16 bytes when a canonical UUID, else text
  door        INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  source      INTEGER NOT NULL,
  site        INTEGER NOT NULL,
  at          INTEGER NOT NULL,                     -- occurred_at, ms UTC
  lag         INTEGER NOT NULL,                     -- received_at - occurred_at, ms
  visitor     INTEGER,
  contact     INTEGER,                              -- as recorded; NULL: a bot's, or nobody's
  page        INTEGER,
  agent       INTEGER,
  flags       INTEGER NOT NULL,                     -- 1 superseded, 2 late, 4 bot, 8 historical, 16 activity
  body        BLOB                                  -- MessagePack, NULL when empty: collector/store/sqlite/body.py
);
CREATE UNIQUE INDEX events_id      ON events (id, door);
CREATE INDEX        events_at      ON events (at);
CREATE INDEX        events_kind    ON events (kind, at);
CREATE INDEX        events_contact ON events (contact, at);
CREATE INDEX        events_page    ON events (page) WHERE page IS NOT NULL;

-- What rules said -----------------------------------------------------------------------------------------------------
CREATE TABLE sessions (
  id          BLOB    PRIMARY KEY,                  -- of its push_session_started, 16 bytes
  contact     INTEGER NOT NULL,                     -- whose history it is in now: the survivor after a join
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER NOT NULL,                     -- last activity
  open        INTEGER NOT NULL,
  site        INTEGER NOT NULL,                     -- the first one
  body        BLOB    NOT NULL                      -- MessagePack of sessionizer/session.py
) WITHOUT ROWID;
CREATE INDEX sessions_contact ON sessions (contact, started_at);
CREATE INDEX sessions_started ON sessions (started_at);

CREATE TABLE replaced_sessions (id BLOB PRIMARY KEY, replaced_by BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE threads (                              -- the engine's state of one contact
  contact INTEGER PRIMARY KEY,
  body    BLOB    NOT NULL,
  wake_at INTEGER                                   -- not later than the first timer that is due
);
CREATE INDEX threads_wake ON threads (wake_at) WHERE wake_at IS NOT NULL;

-- The way back into the log: written with the state that said so, deleted when read back.
CREATE TABLE to_log (
  id      BLOB    NOT NULL,
  retract INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  body    BLOB    NOT NULL,                         -- collector/log/entry.py
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE INDEX to_log_contact ON to_log (contact);

CREATE TABLE positions (reader TEXT PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID;
