-- +goose Up
CREATE TABLE packs (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  meeting TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at DATETIME NOT NULL,
  departments TEXT NOT NULL,
  checksum TEXT NOT NULL,
  document BLOB NOT NULL
);
