-- MySQL commits at each CREATE TABLE: IF NOT EXISTS makes a second run after a crash go on.
-- +goose NO TRANSACTION
-- +goose Up
-- How the answers to an item go with a construct, in a department or among everyone. Counted when a wave closes.
CREATE TABLE IF NOT EXISTS correlations (
  wave_id BIGINT NOT NULL,
  construct VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  question_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  everyone TINYINT NOT NULL,
  department_id BIGINT NOT NULL,
  n INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  coefficient DOUBLE,
  PRIMARY KEY (wave_id, construct, question_id, everyone, department_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
