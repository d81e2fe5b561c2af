-- +goose Up
CREATE TABLE visits (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  department_id INTEGER NOT NULL REFERENCES departments (id),
  day TEXT NOT NULL,
  start TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  place TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  heard TEXT NOT NULL,
  helped TEXT NOT NULL,
  change_id INTEGER REFERENCES changes (id),
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL
);
CREATE INDEX visits_day ON visits (day);
CREATE TABLE visit_associates (
  visit_id INTEGER NOT NULL REFERENCES visits (id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (visit_id, number)
) WITHOUT ROWID, STRICT;
CREATE INDEX visit_associates_name ON visit_associates (name);
CREATE TABLE visit_followups (
  visit_id INTEGER NOT NULL REFERENCES visits (id),
  number INTEGER NOT NULL,
  text TEXT NOT NULL,
  owner TEXT NOT NULL,
  due TEXT NOT NULL,
  done TEXT NOT NULL,
  PRIMARY KEY (visit_id, number)
) WITHOUT ROWID, STRICT;
CREATE TABLE calendars (
  secret_hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  made_at DATETIME NOT NULL,
  ended INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX calendars_user ON calendars (user_id);
