-- +goose Up
CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  survey_id INTEGER NOT NULL DEFAULT 0,
  only_one INTEGER UNIQUE,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  published INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX drafts_live ON drafts (published, deleted);
