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
