-- MySQL commits at each statement, so a crash may leave the first few done: each can be run again. MySQL knows no
-- ADD COLUMN IF NOT EXISTS, so the columns that departments gain are looked for first.
-- +goose NO TRANSACTION
-- +goose Up
SET @gain = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'departments' AND column_name = 'pooled_into') = 0,
  'ALTER TABLE departments ADD COLUMN division VARCHAR(1000) NOT NULL DEFAULT '''', ADD COLUMN archived TINYINT NOT NULL DEFAULT 0, ADD COLUMN pooled_into BIGINT NOT NULL DEFAULT 0', 'DO 0');
PREPARE gain FROM @gain;
EXECUTE gain;
DEALLOCATE PREPARE gain;
CREATE TABLE IF NOT EXISTS persons (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(320) NOT NULL,
  email_key VARCHAR(512) NOT NULL UNIQUE,
  name TEXT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL DEFAULT 0,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  gone TINYINT NOT NULL DEFAULT 0,
  FOREIGN KEY (department_id) REFERENCES departments (id),
  INDEX persons_department (department_id, gone)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS directory_uploads (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  file_name VARCHAR(255) NOT NULL,
  matching TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS directory_parts (
  upload_id BIGINT NOT NULL,
  part INTEGER NOT NULL,
  content MEDIUMBLOB NOT NULL,
  PRIMARY KEY (upload_id, part),
  FOREIGN KEY (upload_id) REFERENCES directory_uploads (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS directory_columns (
  heading_key BINARY(32) PRIMARY KEY,
  field VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
