-- +goose Up
CREATE TABLE milestones (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  quarter TEXT NOT NULL,
  place INTEGER NOT NULL,
  department_id INTEGER REFERENCES departments (id),
  measure TEXT NOT NULL,
  owner TEXT NOT NULL,
  note TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL,
  UNIQUE (quarter, place, measure)
);
CREATE TABLE milestone_entries (
  milestone_id INTEGER NOT NULL REFERENCES milestones (id),
  number INTEGER NOT NULL,
  target INTEGER NOT NULL,
  holds_from TEXT NOT NULL,
  reason TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (milestone_id, number)
) WITHOUT ROWID;
