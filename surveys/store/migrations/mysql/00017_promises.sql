-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS promises (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  version INTEGER NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  said TEXT NOT NULL,
  answer TEXT NOT NULL,
  source_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_ref VARCHAR(200) NOT NULL,
  source_words TEXT NOT NULL,
  owner VARCHAR(254) NOT NULL,
  everybody TINYINT NOT NULL,
  shown TINYINT NOT NULL,
  change_id BIGINT,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS promise_entries (
  promise_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reached_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note TEXT NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (promise_id, number),
  FOREIGN KEY (promise_id) REFERENCES promises (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS promise_texts (
  promise_id BIGINT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  said TEXT NOT NULL,
  answer TEXT NOT NULL,
  made_from CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (promise_id, language),
  FOREIGN KEY (promise_id) REFERENCES promises (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS promise_departments (
  promise_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  PRIMARY KEY (promise_id, department_id),
  FOREIGN KEY (promise_id) REFERENCES promises (id),
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
