-- Lists of contacts, by name; members as recorded: of a contact that was absorbed the survivor is one too.
CREATE TABLE lists (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL UNIQUE,
  folder     INTEGER NOT NULL DEFAULT 1,           -- as Brevo numbers them; ours is one
  created_at INTEGER NOT NULL
);
CREATE TABLE list_members (
  list    INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  since   INTEGER NOT NULL,                        -- ms UTC, of the event that added it
  PRIMARY KEY (list, contact)
) WITHOUT ROWID;
CREATE INDEX list_members_contact ON list_members (contact);

-- Attributes of contacts whose type a team has fixed; others may hold anything plain.
CREATE TABLE attributes (
  name       TEXT    PRIMARY KEY,
  type       TEXT    NOT NULL,                     -- text | number | date | boolean | list
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Things that events are about (a cart, an order): how each stands now, and which events told it.
CREATE TABLE objects (
  number  INTEGER PRIMARY KEY,
  type    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  since   INTEGER NOT NULL,                        -- ms UTC, of its first event
  at      INTEGER NOT NULL,                        -- of the event that says how it stands: the latest by (at, offset)
  latest  INTEGER NOT NULL,                        -- offset of that event
  events  INTEGER NOT NULL,
  UNIQUE (type, id)
);
CREATE INDEX objects_at ON objects (type, at, number);
CREATE TABLE object_events (
  object INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  PRIMARY KEY (object, offset)
) WITHOUT ROWID;

-- What is sold, and what was asked of us in Brevo's manner. `serve` writes these tables.
CREATE TABLE products (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  price       REAL,
  alternative REAL,                                -- the alternative price
  deleted     INTEGER NOT NULL DEFAULT 0,
  body        TEXT    NOT NULL,                    -- JSON: collector/store/ports/definitions/products.py
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX products_created ON products (created_at, id);

CREATE TABLE product_categories (                  -- where a product belongs, whether or not the category was told of
  category TEXT NOT NULL,
  product  TEXT NOT NULL,
  PRIMARY KEY (category, product)
) WITHOUT ROWID;
CREATE INDEX product_categories_product ON product_categories (product);

CREATE TABLE categories (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  url         TEXT    NOT NULL,
  deleted     INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX categories_created ON categories (created_at, id);

CREATE TABLE webhooks (                            -- kept; nothing is delivered yet
  id          INTEGER PRIMARY KEY,
  type        TEXT    NOT NULL,                    -- transactional | marketing | inbound
  body        TEXT    NOT NULL,                    -- JSON: collector/store/ports/definitions/webhooks.py
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
);

CREATE TABLE mails (                               -- accepted, to be sent
  id         INTEGER PRIMARY KEY,
  message    TEXT    NOT NULL UNIQUE,              -- Message-ID, with its angle brackets
  body       TEXT    NOT NULL,                     -- JSON, as it was asked for
  send_at    INTEGER NOT NULL,                     -- ms UTC, not before
  created_at INTEGER NOT NULL
);
CREATE INDEX mails_due ON mails (send_at);
-- What custom events were seen to carry: the worker looks at a few of each batch.
CREATE TABLE learned_kinds (
  id       INTEGER PRIMARY KEY,                     -- of the first 10,000 kinds; a count reads the index alone
  category TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  body     BLOB    NOT NULL,                        -- MessagePack of sessionizer/properties/learned.py
  UNIQUE (category, key)
);

-- Schemas that a team has pinned to events: a definition, written by `serve`.
CREATE TABLE pinned_schemas (
  category  TEXT    NOT NULL,
  key       TEXT    NOT NULL,
  body      TEXT    NOT NULL,                       -- JSON schema of the properties
  misfit    TEXT    NOT NULL,                       -- reject | flag
  pinned_at INTEGER NOT NULL,                       -- ms UTC
  PRIMARY KEY (category, key)
) WITHOUT ROWID;

-- Segments: questions about people. A definition, written by `serve`.
CREATE TABLE segments (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL UNIQUE,
  body        TEXT    NOT NULL,                    -- JSON: sessionizer/segments/condition.py
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  archived_at INTEGER,
  paused_at   INTEGER
);

-- Who is in them, as events and time go by: written by the worker alone. Contacts are survivors, but for segment_history.
CREATE TABLE segment_walks (                       -- how far the worker has come with all contacts that there were
  segment   INTEGER PRIMARY KEY,
  question  BLOB    NOT NULL,                      -- hash of what is asked, with the segments inside of it
  since     INTEGER NOT NULL,                      -- ms UTC: followed since then
  why       TEXT    NOT NULL,                      -- created | edited | resumed
  walked_to INTEGER NOT NULL,                      -- the contact up to which it was asked
  upto      INTEGER NOT NULL,                      -- the last contact that there was; later ones are followed anyway
  stopped   INTEGER NOT NULL DEFAULT 0             -- paused or archived: members stay as they were
);
CREATE TABLE segment_threads (                     -- what is remembered of one contact: sessionizer/segments/standing.py
  contact INTEGER PRIMARY KEY,
  body    BLOB    NOT NULL,
  wake_at INTEGER                                  -- not later than the next instant at which something may change
);
CREATE INDEX segment_threads_wake ON segment_threads (wake_at) WHERE wake_at IS NOT NULL;
CREATE TABLE segment_members (
  segment INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  since   INTEGER NOT NULL,                        -- ms UTC
  PRIMARY KEY (segment, contact)
) WITHOUT ROWID;
CREATE INDEX segment_members_contact ON segment_members (contact);
CREATE TABLE segment_history (
  segment INTEGER NOT NULL,
  at      INTEGER NOT NULL,                        -- ms UTC, the instant at which it became true
  contact INTEGER NOT NULL,                        -- as it was then: it may have been absorbed since
  entered INTEGER NOT NULL,                        -- 0: left
  why     TEXT    NOT NULL,                        -- event | time | known | created | edited | resumed
  cause   BLOB,                                    -- id of the event by which
  PRIMARY KEY (segment, at, contact, entered)
) WITHOUT ROWID;
CREATE INDEX segment_history_contact ON segment_history (contact, at);

-- Answers to changes that named themselves by `Idempotency-Key`, kept for a day: the same request gets the same again.
-- The oldest give way by their number.
CREATE TABLE idempotency (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  key         TEXT    NOT NULL UNIQUE,
  fingerprint BLOB    NOT NULL,
  at          INTEGER NOT NULL,                    -- ms UTC
  status      INTEGER NOT NULL,
  headers     TEXT    NOT NULL,
  body        BLOB                                 -- NULL where the answer held a secret
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Filters of events: what they sort out stands in the index beside `at`, so that rows are fetched which match; what is
-- rare has an index of its own, of its rows alone.
DROP INDEX events_at;
DROP INDEX events_kind;
DROP INDEX events_contact;
DROP INDEX events_page;
CREATE INDEX events_at         ON events (at, flags);
CREATE INDEX events_kind       ON events (kind, at, source, site, flags, contact);
CREATE INDEX events_contact    ON events (contact, at, kind, source, site, flags);
CREATE INDEX events_page       ON events (page, at, flags) WHERE page IS NOT NULL;
CREATE INDEX events_source     ON events (source, site, at, kind, flags, contact);
CREATE INDEX events_nobody     ON events (visitor, at) WHERE contact IS NULL;
CREATE INDEX events_superseded ON events (at, kind) WHERE flags & 1 != 0;
CREATE INDEX events_bots       ON events (at, kind) WHERE flags & 4 != 0;

-- People who are to be erased, and those who were: `serve` asks, the worker erases. A row names nobody any more.
CREATE TABLE erasures (
  id           TEXT    PRIMARY KEY,
  contact      INTEGER NOT NULL,                   -- as it was asked for
  asked_at     INTEGER NOT NULL,                   -- ms UTC
  upto         INTEGER,                            -- offset of the log up to which it is swept; NULL: all is still there
  agents       TEXT    NOT NULL DEFAULT '[]',      -- JSON list of the numbers of those that may be nobody's now
  last_contact INTEGER NOT NULL DEFAULT 0,         -- the greatest number of a contact then: none is given twice
  done_at      INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX erasures_open ON erasures (contact) WHERE done_at IS NULL;

-- That somebody was erased, and when: keyed hashes of their identifiers and browsers (collector/privacy/tombstone.py).
CREATE TABLE tombstones (
  hash BLOB    PRIMARY KEY,
  at   INTEGER NOT NULL                            -- ms UTC: what they did up to then, included, is dropped
) WITHOUT ROWID;
CREATE INDEX tombstones_at ON tombstones (at);

-- Rows of the log that were dropped as an erased person's, until their bodies are blanked.
CREATE TABLE to_blank (offset INTEGER PRIMARY KEY);
