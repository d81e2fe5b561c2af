-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS champions (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  version INTEGER NOT NULL,
  department_id BIGINT NOT NULL,
  name VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARCHAR(254) UNIQUE,
  topics TEXT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  added_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  confirmed TINYINT NOT NULL,
  since VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_contact VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mailed_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  withdrawn VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consent_by VARCHAR(254) NOT NULL,
  consent_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consent_how TEXT NOT NULL,
  consent_wording TEXT NOT NULL,
  token_hash BINARY(32) UNIQUE,
  token_sealed VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS champion_reports (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  champion_id BIGINT NOT NULL,
  change_id BIGINT,
  day VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text MEDIUMTEXT NOT NULL,
  FOREIGN KEY (champion_id) REFERENCES champions (id),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS champion_letters (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  champion_id BIGINT NOT NULL,
  change_id BIGINT NOT NULL,
  stage VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  told_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  told_by VARCHAR(254) NOT NULL,
  UNIQUE KEY champion_letters_once (champion_id, change_id, stage),
  FOREIGN KEY (champion_id) REFERENCES champions (id),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
