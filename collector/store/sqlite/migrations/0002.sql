-- People who use the console, and what lets them in.
CREATE TABLE users (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL UNIQUE,
  role        TEXT    NOT NULL,                      -- viewer | editor | admin
  password    TEXT    NOT NULL DEFAULT '',           -- Argon2id; '': none yet, only a link lets in
  created_at  INTEGER NOT NULL,
  disabled_at INTEGER
);

-- A browser that is logged in, or a link that logs in once.
CREATE TABLE logins (
  hash       BLOB    PRIMARY KEY,                    -- SHA-256 of the cookie, or of the link's secret
  kind       TEXT    NOT NULL,                       -- browser | link
  user       INTEGER NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX logins_user ON logins (user);
