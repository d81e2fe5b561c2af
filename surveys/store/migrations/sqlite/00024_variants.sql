-- +goose Up
-- Which of two texts somebody read before they answered: 1 or 2, and nothing for all others.
ALTER TABLE responses ADD COLUMN variant INTEGER;
-- The second text of a department's pitch, version by version as in pitches.
CREATE TABLE pitch_variants (
  change_id INTEGER NOT NULL REFERENCES changes (id),
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  translations TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at DATETIME NOT NULL,
  PRIMARY KEY (change_id, department_id, band_id, version)
) WITHOUT ROWID;
-- Which two texts a wave tries on a department.
CREATE TABLE pitch_trials (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  department_id INTEGER NOT NULL,
  change_id INTEGER NOT NULL REFERENCES changes (id),
  version_a INTEGER NOT NULL,
  version_b INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id)
) WITHOUT ROWID;
-- What was counted of those who read each text when the wave closed, as in scores.
CREATE TABLE variant_scores (
  wave_id INTEGER NOT NULL,
  measure TEXT NOT NULL,
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  variant INTEGER NOT NULL,
  n INTEGER NOT NULL,
  denominator INTEGER NOT NULL,
  total INTEGER NOT NULL,
  total_squares INTEGER NOT NULL,
  lowest INTEGER NOT NULL,
  highest INTEGER NOT NULL,
  favourable INTEGER NOT NULL,
  unfavourable INTEGER NOT NULL,
  PRIMARY KEY (wave_id, measure, department_id, band_id, variant)
) WITHOUT ROWID;
