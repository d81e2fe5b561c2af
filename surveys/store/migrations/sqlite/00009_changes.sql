-- +goose Up
CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  why TEXT NOT NULL,
  what TEXT NOT NULL,
  still_open TEXT NOT NULL,
  owner TEXT NOT NULL,
  risks TEXT NOT NULL,
  links TEXT NOT NULL,
  everybody INTEGER NOT NULL,
  go_live TEXT NOT NULL,
  public INTEGER NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL
);
CREATE TABLE change_stages (
  change_id INTEGER NOT NULL REFERENCES changes (id),
  number INTEGER NOT NULL,
  stage TEXT NOT NULL,
  reached_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (change_id, number)
) WITHOUT ROWID;
CREATE TABLE change_texts (
  change_id INTEGER NOT NULL REFERENCES changes (id),
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  why TEXT NOT NULL,
  what TEXT NOT NULL,
  still_open TEXT NOT NULL,
  made_from TEXT NOT NULL,
  PRIMARY KEY (change_id, language)
) WITHOUT ROWID, STRICT;
CREATE TABLE change_departments (
  change_id INTEGER NOT NULL REFERENCES changes (id),
  department_id INTEGER NOT NULL REFERENCES departments (id),
  PRIMARY KEY (change_id, department_id)
) WITHOUT ROWID, STRICT;
