-- A crash may leave the columns without the version written down: each statement can be run again.
-- +goose NO TRANSACTION
-- +goose Up
-- By which version of the counting rules a wave is counted, and its first step was: a wave of older rules is counted anew.
SET @gain = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'counters' AND column_name = 'first_rules') > 0, 'DO 0',
  'ALTER TABLE counters ADD COLUMN rules INTEGER NOT NULL DEFAULT 0, ADD COLUMN first_rules INTEGER NOT NULL DEFAULT 0');
PREPARE gain FROM @gain;
EXECUTE gain;
DEALLOCATE PREPARE gain;
