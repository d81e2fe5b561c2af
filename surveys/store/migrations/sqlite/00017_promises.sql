-- +goose Up
CREATE TABLE promises (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  said TEXT NOT NULL,
  answer TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_ref TEXT NOT NULL,
  source_words TEXT NOT NULL,
  owner TEXT NOT NULL,
  everybody INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  change_id INTEGER REFERENCES changes (id),
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL
);
CREATE TABLE promise_entries (
  promise_id INTEGER NOT NULL REFERENCES promises (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  reached_on TEXT NOT NULL,
  due TEXT NOT NULL,
  note TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (promise_id, number)
) WITHOUT ROWID;
CREATE TABLE promise_texts (
  promise_id INTEGER NOT NULL REFERENCES promises (id),
  language TEXT NOT NULL,
  said TEXT NOT NULL,
  answer TEXT NOT NULL,
  made_from TEXT NOT NULL,
  PRIMARY KEY (promise_id, language)
) WITHOUT ROWID, STRICT;
CREATE TABLE promise_departments (
  promise_id INTEGER NOT NULL REFERENCES promises (id),
  department_id INTEGER NOT NULL REFERENCES departments (id),
  PRIMARY KEY (promise_id, department_id)
) WITHOUT ROWID, STRICT;
