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
