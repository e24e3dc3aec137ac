-- Automations: what is done because something happened. Definitions, written by `serve`; a version stays for who is in it.
CREATE TABLE automations (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- a number is never given twice: runs name it
  name        TEXT    NOT NULL UNIQUE,
  status      TEXT    NOT NULL,                    -- draft | active | paused | stopped
  version     INTEGER NOT NULL,                    -- the newest
  created_at  INTEGER NOT NULL,                    -- ms UTC, as all instants
  modified_at INTEGER NOT NULL,
  active_at   INTEGER,                             -- since when it is active; NULL: it is not
  archived_at INTEGER                              -- NULL while it is in use
);
CREATE TABLE automation_versions (
  automation INTEGER NOT NULL,
  version    INTEGER NOT NULL,                     -- from 1
  body       TEXT    NOT NULL,                     -- JSON: sessionizer/automations/definition.py
  written_at INTEGER NOT NULL,
  PRIMARY KEY (automation, version)
) WITHOUT ROWID;
CREATE TABLE automation_rules (                    -- what holds for all of them together: one row, or none
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  body TEXT    NOT NULL                            -- JSON: HouseRules, in the same file
);
CREATE TABLE automation_asks (                     -- what people want of the worker, which takes them out
  id         INTEGER PRIMARY KEY AUTOINCREMENT,    -- in the order in which they asked
  automation INTEGER NOT NULL,
  what       TEXT    NOT NULL,                     -- enter enter_segment remove remove_contact retry move
  at         INTEGER NOT NULL,
  asked_by   TEXT    NOT NULL,
  contact    INTEGER NOT NULL,                     -- 0: none, as of a segment
  segment    INTEGER NOT NULL,
  run        TEXT    NOT NULL                      -- '' for none
);

-- One contact's walk through an automation a row. Written by the worker, with the state that made it. It stays.
CREATE TABLE automation_runs (
  id         TEXT    PRIMARY KEY,
  automation INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  contact    INTEGER NOT NULL,                     -- who is left: rows move when somebody is absorbed
  key        TEXT    NOT NULL,                     -- which of its things; '' for the contact itself
  step       TEXT    NOT NULL,                     -- where it is, '' when it has ended
  wake_at    INTEGER,                              -- NULL: it waits for no time
  entered_at INTEGER NOT NULL,
  ended_at   INTEGER,                              -- NULL while it goes on
  why        TEXT    NOT NULL,                     -- it has ended
  failed     TEXT    NOT NULL,                     -- why the step could not be done, '' when it could
  body       BLOB    NOT NULL                      -- msgpack: sessionizer/automations/run.py
);
CREATE INDEX automation_runs_due ON automation_runs (wake_at, id, automation, ended_at)
  WHERE wake_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX automation_runs_inside ON automation_runs (automation, step, entered_at, id, failed, ended_at)
  WHERE ended_at IS NULL;                          -- its own condition is in it, so that it answers alone
CREATE INDEX automation_runs_of      ON automation_runs (contact) WHERE ended_at IS NULL;
CREATE INDEX automation_runs_ended   ON automation_runs (automation, entered_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX automation_runs_entered ON automation_runs (automation, entered_at, id);
CREATE INDEX automation_runs_contact ON automation_runs (contact, automation, entered_at);

-- Who did not come in, and why: the last time of each reason, and how often.
CREATE TABLE automation_missed (
  automation INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  reason     TEXT    NOT NULL,                     -- again pause cap old who holdout past dead paused
  at         INTEGER NOT NULL,
  event      TEXT    NOT NULL,                     -- id of the event by which it would have been
  times      INTEGER NOT NULL,
  PRIMARY KEY (automation, contact, reason)
) WITHOUT ROWID;
CREATE INDEX automation_missed_at      ON automation_missed (automation, at);
CREATE INDEX automation_missed_contact ON automation_missed (contact, at);

-- Messages that runs asked for: caps count them.
CREATE TABLE automation_sent (
  delivery   TEXT    PRIMARY KEY,                  -- id in `outbox`
  run        TEXT    NOT NULL,
  automation INTEGER NOT NULL,
  contact    INTEGER NOT NULL,
  message    INTEGER NOT NULL,
  marketing  INTEGER NOT NULL,
  at         INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX automation_sent_contact ON automation_sent (contact, marketing, at);

-- How many have come to a step since the automation exists; @entered @ended @sent are of the whole.
CREATE TABLE automation_passed (
  automation INTEGER NOT NULL,
  step       TEXT    NOT NULL,
  number     INTEGER NOT NULL,
  PRIMARY KEY (automation, step)
) WITHOUT ROWID;

-- When somebody comes in because of a date in an attribute, and how far the contacts that there were have been asked.
CREATE TABLE automation_timers (
  automation INTEGER NOT NULL,
  trigger    INTEGER NOT NULL,                     -- its place in the definition
  contact    INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  PRIMARY KEY (automation, trigger, contact)
) WITHOUT ROWID;
CREATE INDEX automation_timers_due     ON automation_timers (due_at);
CREATE INDEX automation_timers_contact ON automation_timers (contact);
CREATE TABLE automation_walks (
  automation INTEGER PRIMARY KEY,
  version    INTEGER NOT NULL,                     -- whose dates were asked for
  walked_to  INTEGER NOT NULL,                     -- the contact up to which they were
  upto       INTEGER NOT NULL                      -- the last one that there was
);
