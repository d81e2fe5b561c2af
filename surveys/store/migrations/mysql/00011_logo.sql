-- MySQL commits at each CREATE TABLE: IF NOT EXISTS makes a second run after a crash go on.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS logos (
  size VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
  digest VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  content MEDIUMBLOB NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
