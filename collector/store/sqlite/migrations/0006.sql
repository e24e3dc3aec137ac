-- Messages: what a team writes once. Definitions, written by `serve`. A version stays for what was sent with it.
CREATE TABLE messages (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- a number is never given twice: what was sent names it
  name        TEXT    NOT NULL UNIQUE,
  version     INTEGER NOT NULL,                    -- the newest
  created_at  INTEGER NOT NULL,                    -- ms UTC, as all instants
  modified_at INTEGER NOT NULL,
  archived_at INTEGER                              -- NULL while it is in use
);
CREATE TABLE message_versions (
  message    INTEGER NOT NULL,
  version    INTEGER NOT NULL,                     -- from 1
  body       TEXT    NOT NULL,                     -- JSON: collector/store/ports/definitions/messages.py
  written_at INTEGER NOT NULL,
  PRIMARY KEY (message, version)
) WITHOUT ROWID;
CREATE TABLE message_blocks (                      -- parts that several messages share: {% include 'name' %}
  name        TEXT    PRIMARY KEY,
  body        TEXT    NOT NULL,
  modified_at INTEGER NOT NULL
) WITHOUT ROWID;

-- The outbox: one message to one recipient a row, from the moment at which it is asked for. It stays, as what was sent.
DROP TABLE outbox;                                 -- nothing was ever put into it
CREATE TABLE outbox (
  id            TEXT    PRIMARY KEY,               -- 26 characters a-z2-7; asked again, it is no second one
  channel       TEXT    NOT NULL,                  -- email | sms | whatsapp | webhook
  purpose       TEXT    NOT NULL,                  -- marketing | transactional | sales
  message       INTEGER NOT NULL,                  -- 0: written for this once, it stands in `body`
  version       INTEGER NOT NULL,
  contact       INTEGER NOT NULL,                  -- as asked; 0: only the recipient is known
  recipient     TEXT    NOT NULL,                  -- address or number, in its one way to be written
  domain        TEXT    NOT NULL,                  -- of an address, else the channel: what is paced together
  state         TEXT    NOT NULL,                  -- waiting sending sent uncertain failed skipped cancelled
  due_at        INTEGER NOT NULL,                  -- not before
  created_at    INTEGER NOT NULL,
  tries         INTEGER NOT NULL DEFAULT 0,
  first_at      INTEGER,                           -- of the first try
  reason        TEXT    NOT NULL DEFAULT '',       -- what the other side said last, or why it is not sent
  reference     TEXT,                              -- the provider's id
  subject       TEXT    NOT NULL DEFAULT '',       -- as the person saw it
  is_test       INTEGER NOT NULL DEFAULT 0,        -- to people of the team: counted nowhere
  body          TEXT    NOT NULL,                  -- JSON: collector/store/ports/messages/outbox.py, Order
  shown         TEXT,                              -- JSON: with what it was rendered, to be shown again
  settled_at    INTEGER,                           -- when it left the states waiting and sending
  delivered_at  INTEGER,                           -- the first time of each
  opened_at     INTEGER,
  proxied_at    INTEGER,                           -- opened by a proxy, which may do so unasked
  clicked_at    INTEGER,
  bounced_at    INTEGER,
  left_at       INTEGER                            -- unsubscribed
) WITHOUT ROWID;
CREATE INDEX outbox_due       ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_state     ON outbox (state, created_at);
CREATE INDEX outbox_created   ON outbox (created_at, id);
CREATE INDEX outbox_message   ON outbox (
  message, created_at, is_test, state, delivered_at, opened_at, proxied_at, clicked_at, bounced_at, left_at  -- results, alone
);
CREATE INDEX outbox_contact   ON outbox (contact, created_at);
CREATE INDEX outbox_recipient ON outbox (recipient);
CREATE INDEX outbox_reference ON outbox (reference) WHERE reference IS NOT NULL;

-- Messages that Brevo's calls asked for before there was an outbox. Those whose time is past are not sent without a
-- person's word: they are cancelled, and can be tried again.
INSERT INTO outbox (id, channel, purpose, message, version, contact, recipient, domain, state, due_at, created_at, reason,
    settled_at, body)
  SELECT substr(message, 2, 26), 'email', 'transactional', coalesce(body ->> '$.templateId', 0), 0, 0, address,
    substr(address, instr(address, '@') + 1),
    iif(late, 'cancelled', 'waiting'), send_at, created_at,
    iif(late, 'asked for before this deployment could send', ''), iif(late, created_at, NULL),
    json_patch('{}', json_object(
      'name', body -> '$.to[0].name', 'params', body -> '$.params', 'sender', body -> '$.sender.email',
      'sender_name', body -> '$.sender.name', 'reply_to', body -> '$.replyTo.email', 'to', body -> '$.to',
      'cc', body -> '$.cc', 'bcc', body -> '$.bcc', 'headers', body -> '$.headers', 'tags', body -> '$.tags',
      'content', iif(body -> '$.subject' IS NULL, NULL, json_patch('{}', json_object(
        'channel', 'email', 'subject', body -> '$.subject', 'html', body -> '$.htmlContent',
        'text', body -> '$.textContent')))))
  FROM (SELECT *, lower(body ->> '$.to[0].email') AS address,
          send_at <= CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS late FROM mails)
  WHERE address IS NOT NULL;
DROP TABLE mails;

-- To whom nothing more is sent on a channel. `address` goes when somebody is erased, the keyed hash stays.
CREATE TABLE suppressions (
  channel TEXT    NOT NULL,
  hash    BLOB    NOT NULL,                        -- collector/privacy/tombstone.py
  address TEXT,
  scope   TEXT    NOT NULL,                        -- marketing | transactional | all
  reason  TEXT    NOT NULL,                        -- unsubscribed | bounced | complained | stopped | by hand
  at      INTEGER NOT NULL,
  PRIMARY KEY (channel, hash, scope)
) WITHOUT ROWID;
CREATE INDEX suppressions_at ON suppressions (at);
