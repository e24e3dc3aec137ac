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
INSERT INTO webhooks_anew                          -- what /v3 kept until now; they are told of what comes from here on
  SELECT id, coalesce(body ->> '$.description', ''), body ->> '$.url',
    json_object('form', 'brevo', 'kinds', json('[]'),
      'headers', json((SELECT json_group_object(value ->> '$.key', value ->> '$.value') FROM json_each(body, '$.headers'))),
      'secrets', json_array('whsec_' || hex(randomblob(24))),
      'brevo', json(json_set(json_remove(body, '$.url', '$.description', '$.headers'), '$.type', type))),
    'active', '', (SELECT coalesce(max(offset), 0) FROM events), created_at, modified_at
  FROM webhooks;
DROP TABLE webhooks;
ALTER TABLE webhooks_anew RENAME TO webhooks;

-- What is to be told to whom, and what became of it. What is sent is made of the event when it is sent.
CREATE TABLE webhook_deliveries (
  webhook    INTEGER NOT NULL,
  offset     INTEGER NOT NULL,                     -- of the event; with the webhook it is the id, msg_<webhook>_<offset>
  state      TEXT    NOT NULL,                     -- waiting | done | failed | dropped
  due_at     INTEGER NOT NULL,
  tries      INTEGER NOT NULL DEFAULT 0,
  first_at   INTEGER,                              -- of the first try; NULL: there was none
  settled_at INTEGER,                              -- NULL while it waits
  status     INTEGER,                              -- HTTP, of the last answer; NULL: none came
  reason     TEXT    NOT NULL DEFAULT '',
  took_ms    INTEGER,                              -- of the last try
  PRIMARY KEY (webhook, offset)
) WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due     ON webhook_deliveries (webhook, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_state   ON webhook_deliveries (webhook, state, offset);
CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (webhook, state, settled_at, took_ms)
  WHERE settled_at IS NOT NULL;

-- What is on its way into the log: the rows lie in the order in which they were said, and only their ids are scattered.
CREATE TABLE to_log_anew (
  id      BLOB    NOT NULL UNIQUE,
  retract INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  body    BLOB    NOT NULL                         -- collector/log/entry.py
);
INSERT INTO to_log_anew SELECT id, retract, contact, at, body FROM to_log;
DROP TABLE to_log;
ALTER TABLE to_log_anew RENAME TO to_log;
CREATE INDEX to_log_contact ON to_log (contact);

-- Runs: each that begins is written into four indexes instead of six. Whether it has ended stands in both of these.
DROP INDEX automation_runs_of;
DROP INDEX automation_runs_ended;
DROP INDEX automation_runs_entered;
DROP INDEX automation_runs_contact;
CREATE INDEX automation_runs_entered ON automation_runs (automation, entered_at, id, ended_at);
CREATE INDEX automation_runs_contact ON automation_runs (contact, automation, key, entered_at, ended_at);
