-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS changes (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  why TEXT NOT NULL,
  what TEXT NOT NULL,
  still_open TEXT NOT NULL,
  owner VARCHAR(254) NOT NULL,
  risks TEXT NOT NULL,
  links MEDIUMTEXT NOT NULL,
  everybody TINYINT NOT NULL,
  go_live VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  public TINYINT NOT NULL,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS change_stages (
  change_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  stage VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reached_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason TEXT NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (change_id, number),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS change_texts (
  change_id BIGINT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  why TEXT NOT NULL,
  what TEXT NOT NULL,
  still_open TEXT NOT NULL,
  made_from CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (change_id, language),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS change_departments (
  change_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  PRIMARY KEY (change_id, department_id),
  FOREIGN KEY (change_id) REFERENCES changes (id),
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
