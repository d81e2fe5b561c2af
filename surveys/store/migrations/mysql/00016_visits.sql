-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS visits (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  uid CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  department_id BIGINT NOT NULL,
  day VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start VARCHAR(5) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  minutes INTEGER NOT NULL,
  place VARCHAR(200) NOT NULL,
  purpose TEXT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason TEXT NOT NULL,
  heard MEDIUMTEXT NOT NULL,
  helped MEDIUMTEXT NOT NULL,
  change_id BIGINT,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  INDEX visits_day (day),
  FOREIGN KEY (department_id) REFERENCES departments (id),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS visit_associates (
  visit_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  name VARCHAR(254) NOT NULL,
  PRIMARY KEY (visit_id, number),
  INDEX visit_associates_name (name),
  FOREIGN KEY (visit_id) REFERENCES visits (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS visit_followups (
  visit_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  text TEXT NOT NULL,
  owner VARCHAR(254) NOT NULL,
  due VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  done VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (visit_id, number),
  FOREIGN KEY (visit_id) REFERENCES visits (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS calendars (
  secret_hash BINARY(32) PRIMARY KEY,
  user_id BIGINT NOT NULL,
  made_at DATETIME(6) NOT NULL,
  ended TINYINT NOT NULL,
  INDEX calendars_user (user_id),
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
