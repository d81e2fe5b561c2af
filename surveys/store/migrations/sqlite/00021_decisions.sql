-- +goose Up
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  change_id INTEGER NOT NULL REFERENCES changes (id),
  name TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  options TEXT NOT NULL,
  everybody INTEGER NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL
);
CREATE TABLE decision_entries (
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  reached_on TEXT NOT NULL,
  department_id INTEGER REFERENCES departments (id),
  option_id TEXT NOT NULL,
  words TEXT NOT NULL,
  unasked INTEGER NOT NULL,
  reason TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (decision_id, number)
) WITHOUT ROWID;
CREATE TABLE decision_texts (
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  options TEXT NOT NULL,
  made_from TEXT NOT NULL,
  PRIMARY KEY (decision_id, language)
) WITHOUT ROWID, STRICT;
CREATE TABLE decision_departments (
  decision_id INTEGER NOT NULL REFERENCES decisions (id),
  department_id INTEGER NOT NULL REFERENCES departments (id),
  PRIMARY KEY (decision_id, department_id)
) WITHOUT ROWID, STRICT;
