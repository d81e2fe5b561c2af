-- MySQL commits at each CREATE TABLE, so a crash may leave the first behind: IF NOT EXISTS makes a second run go on.
-- +goose NO TRANSACTION
-- +goose Up
-- Whom a wave asked, with department and band as they were then. Nothing here says whether somebody answered.
CREATE TABLE IF NOT EXISTS invitations (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  wave_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  declined TINYINT NOT NULL DEFAULT 0,
  UNIQUE (wave_id, person_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- A keyed hash for each invitation that is answered, and no link to the answer.
CREATE TABLE IF NOT EXISTS spent (
  wave_id BIGINT NOT NULL,
  mark BINARY(16) NOT NULL,
  PRIMARY KEY (wave_id, mark)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- The reminders of a wave: when each is due, and whether it has gone out. To whom it went is kept nowhere.
CREATE TABLE IF NOT EXISTS reminders (
  wave_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  due_at DATETIME(6) NOT NULL,
  sent TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (wave_id, number),
  FOREIGN KEY (wave_id) REFERENCES waves (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
