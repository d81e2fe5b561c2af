-- +goose Up
-- By which version of the counting rules a wave is counted, and its first step was: a wave of older rules is counted anew.
ALTER TABLE counters ADD COLUMN rules INTEGER NOT NULL DEFAULT 0;
ALTER TABLE counters ADD COLUMN first_rules INTEGER NOT NULL DEFAULT 0;
