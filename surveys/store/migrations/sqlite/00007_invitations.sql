-- +goose Up
-- Whom a wave asked, with department and band as they were then. Nothing here says whether somebody answered.
CREATE TABLE invitations (
  id INTEGER PRIMARY KEY,
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  person_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  language TEXT NOT NULL,
  declined INTEGER NOT NULL DEFAULT 0,
  UNIQUE (wave_id, person_id)
) STRICT;
-- A keyed hash for each invitation that is answered, and no link to the answer.
CREATE TABLE spent (
  wave_id INTEGER NOT NULL,
  mark BLOB NOT NULL,
  PRIMARY KEY (wave_id, mark)
) STRICT, WITHOUT ROWID;
-- The reminders of a wave: when each is due, and whether it has gone out. To whom it went is kept nowhere.
CREATE TABLE reminders (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  number INTEGER NOT NULL,
  due_at DATETIME NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (wave_id, number)
) WITHOUT ROWID;
