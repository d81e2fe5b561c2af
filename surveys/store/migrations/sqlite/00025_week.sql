-- +goose Up
CREATE TABLE week_mails (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  wanted INTEGER NOT NULL,
  last_monday TEXT NOT NULL
) STRICT;
