-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS milestones (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  version INTEGER NOT NULL,
  quarter VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place BIGINT NOT NULL,
  department_id BIGINT,
  measure VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner VARCHAR(254) NOT NULL,
  note TEXT NOT NULL,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  UNIQUE KEY milestones_once (quarter, place, measure),
  FOREIGN KEY (department_id) REFERENCES departments (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS milestone_entries (
  milestone_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  target INTEGER NOT NULL,
  holds_from VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason TEXT NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (milestone_id, number),
  FOREIGN KEY (milestone_id) REFERENCES milestones (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
