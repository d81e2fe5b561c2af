-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS week_mails (
  user_id BIGINT PRIMARY KEY,
  wanted TINYINT NOT NULL,
  last_monday VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
