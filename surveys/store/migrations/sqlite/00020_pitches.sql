-- +goose Up
CREATE TABLE pitches (
  change_id INTEGER NOT NULL REFERENCES changes (id),
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  translations TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL,
  PRIMARY KEY (change_id, department_id, band_id, version)
) WITHOUT ROWID;
