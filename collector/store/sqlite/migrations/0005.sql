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
