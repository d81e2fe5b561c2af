-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS wave_plans (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  survey_id BIGINT NOT NULL,
  label VARCHAR(200) NOT NULL,
  departments MEDIUMTEXT NOT NULL,
  opens VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  closes VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  every VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quiet MEDIUMTEXT NOT NULL,
  mail TINYINT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  missed VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  FOREIGN KEY (survey_id) REFERENCES surveys (id),
  INDEX wave_plans_state (state)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS wave_terms (
  wave_id BIGINT PRIMARY KEY,
  plan_id BIGINT NOT NULL DEFAULT 0,
  everybody TINYINT NOT NULL,
  closes_at DATETIME(6),
  mail TINYINT NOT NULL,
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS wave_departments (
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  PRIMARY KEY (wave_id, department_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS wave_bands (
  wave_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  PRIMARY KEY (wave_id, band_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
