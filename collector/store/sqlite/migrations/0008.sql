-- Webhooks in: addresses `/hooks/<name>` at which a provider tells what happened. Definitions, written by `serve`.
CREATE TABLE hook_sources (
  name        TEXT    PRIMARY KEY,                 -- of the address, and of the door and source hook:<name>
  provider    TEXT    NOT NULL,                    -- whose mapping file it is: collector/hooks/shipped/<provider>.toml
  mapping     TEXT,                                -- TOML; NULL: as it is shipped
  secrets     TEXT    NOT NULL,                    -- JSON list, newest first: what calls are signed with
  paused      INTEGER NOT NULL DEFAULT 0,          -- 1: calls are answered 503, and come again
  forgot_at   INTEGER NOT NULL DEFAULT 0,          -- payloads that came until then are not kept: somebody was erased
  created_at  INTEGER NOT NULL,                    -- ms UTC, as all instants
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE hook_payloads (                       -- the last 20 of a source, to try a mapping on
  source  TEXT    NOT NULL,
  slot    INTEGER NOT NULL,                        -- grows; the last 20 stay
  at      INTEGER NOT NULL,
  headers TEXT    NOT NULL,                        -- JSON: those that a mapping may look at
  body    TEXT    NOT NULL,                        -- as it came, cut at 64 KiB
  says    TEXT    NOT NULL,                        -- what became of it, JSON: collector/store/ports/definitions/sources.py
  PRIMARY KEY (source, slot)
) WITHOUT ROWID;

-- Webhooks out: who is told of what. Definitions, but for `told_to`, which whoever delivers moves on.
CREATE TABLE webhooks_anew (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- a number is never given twice: deliveries name it
  name        TEXT    NOT NULL,
  url         TEXT    NOT NULL,
  body        TEXT    NOT NULL,                    -- JSON: collector/store/ports/definitions/webhooks.py
  status      TEXT    NOT NULL,                    -- active | paused | disabled
  why         TEXT    NOT NULL,                    -- it is disabled, '' else
  told_to     INTEGER NOT NULL,                    -- offset in `events` up to which it was told, or need not be
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
);
