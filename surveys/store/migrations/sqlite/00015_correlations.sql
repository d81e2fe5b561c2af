-- +goose Up
-- How the answers to an item go with a construct, in a department or among everyone. Counted when a wave closes.
CREATE TABLE correlations (
  wave_id INTEGER NOT NULL,
  construct TEXT NOT NULL,
  question_id TEXT NOT NULL,
  everyone INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  coefficient REAL,
  PRIMARY KEY (wave_id, construct, question_id, everyone, department_id)
) STRICT, WITHOUT ROWID;
