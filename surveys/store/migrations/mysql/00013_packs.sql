-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS packs (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  title VARCHAR(200) NOT NULL,
  meeting VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_by VARCHAR(254) NOT NULL,
  made_at DATETIME(6) NOT NULL,
  departments MEDIUMTEXT NOT NULL,
  checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  document LONGBLOB NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
