-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS history_values (
  measure_key VARCHAR(200) NOT NULL,
  scale VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name_key VARCHAR(200) NOT NULL,
  measure VARCHAR(200) NOT NULL,
  name VARCHAR(200) NOT NULL,
  value DOUBLE NOT NULL,
  n INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  PRIMARY KEY (measure_key, scale, period, name_key)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS history_names (
  name_key VARCHAR(200) PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  department_id BIGINT NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS history_measures (
  measure_key VARCHAR(200) PRIMARY KEY,
  measure VARCHAR(200) NOT NULL,
  target VARCHAR(100) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS history_uploads (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  file_name VARCHAR(255) NOT NULL,
  matching TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS history_parts (
  upload_id BIGINT NOT NULL,
  part INTEGER NOT NULL,
  content MEDIUMBLOB NOT NULL,
  PRIMARY KEY (upload_id, part),
  FOREIGN KEY (upload_id) REFERENCES history_uploads (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS history_columns (
  heading_key BINARY(32) PRIMARY KEY,
  field VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
