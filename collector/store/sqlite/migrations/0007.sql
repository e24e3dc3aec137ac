-- Answers to changes that named themselves by `Idempotency-Key`, kept for a day: the same request gets the same again.
-- The oldest give way by their number. body: NULL where the answer held a secret.
CREATE TABLE idempotency (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  fingerprint BLOB NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB
);
CREATE INDEX idempotency_at ON idempotency (at);
