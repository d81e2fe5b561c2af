-- A crash may leave the column or some tables without the version written down: each statement can be run again.
-- +goose NO TRANSACTION
-- +goose Up
-- Which of two texts somebody read before they answered: 1 or 2, and nothing for all others.
SET @gain = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'responses' AND column_name = 'variant') > 0, 'DO 0',
  'ALTER TABLE responses ADD COLUMN variant TINYINT');
PREPARE gain FROM @gain;
EXECUTE gain;
DEALLOCATE PREPARE gain;
-- The second text of a department's pitch, version by version as in pitches.
CREATE TABLE IF NOT EXISTS pitch_variants (
  change_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text TEXT NOT NULL,
  translations MEDIUMTEXT NOT NULL,
  saved_by VARCHAR(254) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  PRIMARY KEY (change_id, department_id, band_id, version),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Which two texts a wave tries on a department.
CREATE TABLE IF NOT EXISTS pitch_trials (
  wave_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  change_id BIGINT NOT NULL,
  version_a INTEGER NOT NULL,
  version_b INTEGER NOT NULL,
  PRIMARY KEY (wave_id, department_id),
  FOREIGN KEY (wave_id) REFERENCES waves (id),
  FOREIGN KEY (change_id) REFERENCES changes (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What was counted of those who read each text when the wave closed, as in scores.
CREATE TABLE IF NOT EXISTS variant_scores (
  wave_id BIGINT NOT NULL,
  measure VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  department_id BIGINT NOT NULL,
  band_id BIGINT NOT NULL,
  variant TINYINT NOT NULL,
  n INTEGER NOT NULL,
  denominator BIGINT NOT NULL,
  total BIGINT NOT NULL,
  total_squares BIGINT NOT NULL,
  lowest BIGINT NOT NULL,
  highest BIGINT NOT NULL,
  favourable INTEGER NOT NULL,
  unfavourable INTEGER NOT NULL,
  PRIMARY KEY (wave_id, measure, department_id, band_id, variant)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
