-- MySQL commits at each CREATE TABLE, so a crash may leave the first few behind: IF NOT EXISTS makes a second run go on.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS departments (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key BINARY(32) NOT NULL UNIQUE,
  headcount INTEGER NOT NULL DEFAULT 0
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS bands (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key BINARY(32) NOT NULL UNIQUE,
  position INTEGER NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS surveys (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS questionnaires (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  survey_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  document MEDIUMTEXT NOT NULL,
  document_hash BINARY(32) NOT NULL,
  published_at DATETIME(6) NOT NULL,
  UNIQUE (survey_id, version),
  FOREIGN KEY (survey_id) REFERENCES surveys (id),
  INDEX questionnaires_hash (document_hash)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS question_versions (
  questionnaire_id BIGINT NOT NULL,
  question_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (questionnaire_id, question_id),
  FOREIGN KEY (questionnaire_id) REFERENCES questionnaires (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS waves (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  survey_id BIGINT NOT NULL,
  questionnaire_id BIGINT NOT NULL,
  label VARCHAR(200) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened_at DATETIME(6) NOT NULL,
  closed_at DATETIME(6),
  FOREIGN KEY (survey_id) REFERENCES surveys (id),
  FOREIGN KEY (questionnaire_id) REFERENCES questionnaires (id),
  INDEX waves_survey (survey_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS links (
  code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (wave_id) REFERENCES waves (id),
  INDEX links_wave (wave_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS headcounts (
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  headcount INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS responses (
  id BINARY(16) PRIMARY KEY,
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answers MEDIUMTEXT NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  frozen MEDIUMTEXT,
  withdrawn TINYINT NOT NULL DEFAULT 0,
  INDEX responses_cell (wave_id, department_id, band_id, step)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS comments (
  id BINARY(16) PRIMARY KEY,
  wave_id BIGINT NOT NULL,
  question_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  department_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  INDEX comments_wave (wave_id, question_id, department_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS counters (
  wave_id BIGINT PRIMARY KEY,
  steps INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS scores (
  measure VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  n INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  step INTEGER NOT NULL,
  denominator BIGINT NOT NULL,
  total BIGINT NOT NULL,
  total_squares BIGINT NOT NULL,
  lowest BIGINT NOT NULL,
  highest BIGINT NOT NULL,
  favourable INTEGER NOT NULL,
  unfavourable INTEGER NOT NULL,
  PRIMARY KEY (measure, wave_id, department_id, band_id),
  INDEX scores_wave (wave_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS tallies (
  wave_id BIGINT NOT NULL,
  question_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  value VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (wave_id, question_id, department_id, band_id, value)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS users (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(254) NOT NULL UNIQUE,
  role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS sessions (
  id BINARY(16) PRIMARY KEY,
  secret_hash BINARY(32) NOT NULL,
  csrf_token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id BIGINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  INDEX sessions_user (user_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS api_tokens (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name TEXT NOT NULL,
  role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret_hash BINARY(32) NOT NULL UNIQUE,
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS signin_failures (
  subject BINARY(32) PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until DATETIME(6) NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS settings (
  name VARCHAR(100) PRIMARY KEY,
  value TEXT NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
