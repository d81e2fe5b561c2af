-- +goose Up
-- How many people of each band a department had when a wave opened, of those whose band the directory knows.
CREATE TABLE headcounts_by_band (
  wave_id INTEGER NOT NULL REFERENCES waves (id),
  department_id INTEGER NOT NULL,
  band_id INTEGER NOT NULL,
  headcount INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id, band_id)
) STRICT, WITHOUT ROWID;
-- With withdrawn in it, the index alone tells how many responses of an open wave stand and how many wait for a step.
DROP INDEX responses_cell;
CREATE INDEX responses_cell ON responses (wave_id, department_id, band_id, step, withdrawn);
