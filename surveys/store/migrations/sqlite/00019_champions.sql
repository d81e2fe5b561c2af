-- +goose Up
CREATE TABLE champions (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  department_id INTEGER NOT NULL REFERENCES departments (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT UNIQUE,
  topics TEXT NOT NULL,
  language TEXT NOT NULL,
  added_on TEXT NOT NULL,
  confirmed INTEGER NOT NULL,
  since TEXT NOT NULL,
  last_contact TEXT NOT NULL,
  mailed_on TEXT NOT NULL,
  withdrawn TEXT NOT NULL,
  consent_by TEXT NOT NULL,
  consent_on TEXT NOT NULL,
  consent_how TEXT NOT NULL,
  consent_wording TEXT NOT NULL,
  token_hash BLOB UNIQUE,
  token_sealed TEXT NOT NULL
) STRICT;
CREATE TABLE champion_reports (
  id INTEGER PRIMARY KEY,
  champion_id INTEGER NOT NULL REFERENCES champions (id),
  change_id INTEGER REFERENCES changes (id),
  day TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX champion_reports_champion ON champion_reports (champion_id);
CREATE INDEX champion_reports_change ON champion_reports (change_id);
CREATE TABLE champion_letters (
  id INTEGER PRIMARY KEY,
  champion_id INTEGER NOT NULL REFERENCES champions (id),
  change_id INTEGER NOT NULL REFERENCES changes (id),
  stage TEXT NOT NULL,
  told_on TEXT NOT NULL,
  told_by TEXT NOT NULL,
  UNIQUE (champion_id, change_id, stage)
) STRICT;
CREATE INDEX champion_letters_change ON champion_letters (change_id);
