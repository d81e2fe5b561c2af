-- +goose Up
ALTER TABLE departments ADD COLUMN division TEXT NOT NULL DEFAULT '';
ALTER TABLE departments ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE departments ADD COLUMN pooled_into INTEGER NOT NULL DEFAULT 0;
CREATE TABLE persons (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  department_id INTEGER NOT NULL REFERENCES departments (id),
  band_id INTEGER NOT NULL DEFAULT 0,
  language TEXT NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX persons_department ON persons (department_id, gone);
CREATE TABLE directory_uploads (
  id INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL,
  matching TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE TABLE directory_parts (
  upload_id INTEGER NOT NULL REFERENCES directory_uploads (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (upload_id, part)
) STRICT;
CREATE TABLE directory_columns (
  heading_key BLOB PRIMARY KEY,
  field TEXT NOT NULL
) STRICT, WITHOUT ROWID;
