-- +goose Up
CREATE TABLE history_values (
  measure_key TEXT NOT NULL,
  scale TEXT NOT NULL,
  period TEXT NOT NULL,
  name_key TEXT NOT NULL,
  measure TEXT NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  n INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  PRIMARY KEY (measure_key, scale, period, name_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE history_names (
  name_key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  department_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE history_measures (
  measure_key TEXT PRIMARY KEY,
  measure TEXT NOT NULL,
  target TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE history_uploads (
  id INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL,
  matching TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE TABLE history_parts (
  upload_id INTEGER NOT NULL REFERENCES history_uploads (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (upload_id, part)
) STRICT;
CREATE TABLE history_columns (
  heading_key BLOB PRIMARY KEY,
  field TEXT NOT NULL
) STRICT, WITHOUT ROWID;
