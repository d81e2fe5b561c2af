-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS decisions (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  change_id BIGINT NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  about TEXT NOT NULL,
  options TEXT NOT NULL,
  everybody TINYINT NOT NULL,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS decision_entries (
  decision_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reached_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  department_id BIGINT,
  option_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  words TEXT NOT NULL,
  unasked TINYINT NOT NULL,
  reason TEXT NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (decision_id, number),
  FOREIGN KEY (decision_id) REFERENCES decisions (id),
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS decision_texts (
  decision_id BIGINT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  about TEXT NOT NULL,
  options TEXT NOT NULL,
  made_from CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (decision_id, language),
  FOREIGN KEY (decision_id) REFERENCES decisions (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS decision_departments (
  decision_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  PRIMARY KEY (decision_id, department_id),
  FOREIGN KEY (decision_id) REFERENCES decisions (id),
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
