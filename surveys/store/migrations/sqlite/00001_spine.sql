-- +goose Up
CREATE TABLE departments (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key BLOB NOT NULL UNIQUE,
  headcount INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE bands (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key BLOB NOT NULL UNIQUE,
  position INTEGER NOT NULL
) STRICT;
CREATE TABLE surveys (
  id INTEGER PRIMARY KEY,
  created_at DATETIME NOT NULL
);
CREATE TABLE questionnaires (
  id INTEGER PRIMARY KEY,
  survey_id INTEGER NOT NULL REFERENCES surveys (id),
  version INTEGER NOT NULL,
  document TEXT NOT NULL,
  document_hash BLOB NOT NULL,
  published_at DATETIME NOT NULL,
  UNIQUE (survey_id, version)
);
CREATE INDEX questionnaires_hash ON questionnaires (document_hash);
CREATE TABLE question_versions (
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  question_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (questionnaire_id, question_id)
) WITHOUT ROWID;
CREATE TABLE waves (
  id INTEGER PRIMARY KEY,
  survey_id INTEGER NOT NULL REFERENCES surveys (id),
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  label TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at DATETIME NOT NULL,
  closed_at DATETIME
);
CREATE INDEX waves_survey ON waves (survey_id);
CREATE TABLE links (
  code TEXT PRIMARY KEY,
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  department_id INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX links_wave ON links (wave_id);
CREATE TABLE headcounts (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  department_id INTEGER NOT NULL,
  headcount INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id)
) WITHOUT ROWID;
CREATE TABLE responses (
  id BLOB PRIMARY KEY,
  wave_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  language TEXT NOT NULL,
  answers TEXT NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  frozen TEXT,
  withdrawn INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX responses_cell ON responses (wave_id, department_id, band_id, step);
CREATE TABLE comments (
  id BLOB PRIMARY KEY,
  wave_id INTEGER NOT NULL,
  question_id TEXT NOT NULL,
  department_id INTEGER NOT NULL,
  text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX comments_wave ON comments (wave_id, question_id, department_id);
CREATE TABLE counters (
  wave_id INTEGER PRIMARY KEY REFERENCES waves (id),
  steps INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE scores (
  measure TEXT NOT NULL,
  wave_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  step INTEGER NOT NULL,
  denominator INTEGER NOT NULL,
  total INTEGER NOT NULL,
  total_squares INTEGER NOT NULL,
  lowest INTEGER NOT NULL,
  highest INTEGER NOT NULL,
  favourable INTEGER NOT NULL,
  unfavourable INTEGER NOT NULL,
  PRIMARY KEY (measure, wave_id, department_id, band_id)
) WITHOUT ROWID;
CREATE INDEX scores_wave ON scores (wave_id);
CREATE TABLE tallies (
  wave_id INTEGER NOT NULL,
  question_id TEXT NOT NULL,
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  value TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (wave_id, question_id, department_id, band_id, value)
) WITHOUT ROWID;
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at DATETIME NOT NULL
);
CREATE TABLE sessions (
  id BLOB PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  csrf_token TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  secret_hash BLOB NOT NULL UNIQUE,
  created_at DATETIME NOT NULL
);
CREATE TABLE signin_failures (
  subject BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until DATETIME NOT NULL
) WITHOUT ROWID;
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
