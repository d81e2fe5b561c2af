-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS pitches (
  change_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text TEXT NOT NULL,
  translations MEDIUMTEXT NOT NULL,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  PRIMARY KEY (change_id, department_id, band_id, version),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
