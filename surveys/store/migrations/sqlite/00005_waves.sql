-- +goose Up
CREATE TABLE wave_plans (
  id INTEGER PRIMARY KEY,
  survey_id INTEGER NOT NULL REFERENCES surveys (id),
  label TEXT NOT NULL,
  departments TEXT NOT NULL,
  opens TEXT NOT NULL,
  closes TEXT NOT NULL,
  every TEXT NOT NULL,
  quiet TEXT NOT NULL,
  mail INTEGER NOT NULL,
  state TEXT NOT NULL,
  next TEXT NOT NULL,
  missed TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX wave_plans_state ON wave_plans (state);
CREATE TABLE wave_terms (
  wave_id INTEGER PRIMARY KEY REFERENCES waves (id),
  plan_id INTEGER NOT NULL DEFAULT 0,
  everybody INTEGER NOT NULL,
  closes_at DATETIME,
  mail INTEGER NOT NULL
);
CREATE TABLE wave_departments (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  department_id INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id)
) WITHOUT ROWID, STRICT;
CREATE TABLE wave_bands (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  band_id INTEGER NOT NULL,
  PRIMARY KEY (wave_id, band_id)
) WITHOUT ROWID, STRICT;
