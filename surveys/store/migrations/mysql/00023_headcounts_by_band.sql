-- MySQL commits at each statement: a second run goes on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
-- How many people of each band a department had when a wave opened, of those whose band the directory knows.
CREATE TABLE IF NOT EXISTS headcounts_by_band (
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  headcount INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id, band_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- With withdrawn in it, the index alone tells how many responses of an open wave stand and how many wait for a step.
ALTER TABLE responses DROP INDEX responses_cell, ADD INDEX responses_cell (wave_id, department_id, band_id, step, withdrawn);
