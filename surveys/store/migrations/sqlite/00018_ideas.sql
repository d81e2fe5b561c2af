-- +goose Up
-- What people suggest to IT: when is a day, and who is a name only where somebody has signed.
CREATE TABLE ideas (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  language TEXT NOT NULL,
  department_id INTEGER NOT NULL,
  signed_by TEXT NOT NULL,
  suggested_on TEXT NOT NULL,
  place TEXT NOT NULL,
  reason TEXT NOT NULL,
  merged_into INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  digest BLOB NOT NULL UNIQUE
) STRICT;
-- What IT replied, with the status that the idea has since. Replies are appended and never rewritten.
CREATE TABLE idea_replies (
  idea_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  status TEXT NOT NULL,
  reply TEXT NOT NULL,
  replied_on TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at DATETIME NOT NULL,
  PRIMARY KEY (idea_id, number),
  FOREIGN KEY (idea_id) REFERENCES ideas (id)
) WITHOUT ROWID;
-- A keyed hash of a browser's random mark and the idea: two supports of one browser look like those of two. Kept in the
-- order of the hashes, so that nothing tells which came first.
CREATE TABLE idea_supports (
  idea_id INTEGER NOT NULL,
  mark BLOB NOT NULL,
  PRIMARY KEY (idea_id, mark),
  FOREIGN KEY (idea_id) REFERENCES ideas (id)
) STRICT, WITHOUT ROWID;
