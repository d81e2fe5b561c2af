-- MySQL commits at each CREATE TABLE: IF NOT EXISTS makes a second run after a crash go on.
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS kept_meanings (
  questionnaire_id BIGINT NOT NULL,
  question_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (questionnaire_id, question_id),
  FOREIGN KEY (questionnaire_id) REFERENCES questionnaires (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
