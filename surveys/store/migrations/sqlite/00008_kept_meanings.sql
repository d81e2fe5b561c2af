-- +goose Up
CREATE TABLE kept_meanings (
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  question_id TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (questionnaire_id, question_id)
) WITHOUT ROWID;
