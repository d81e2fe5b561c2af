-- +goose Up
-- What staff put on comments by hand. Neither table has an order or a time; both go with their comment.
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE comment_tags (
  comment_id BLOB NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (comment_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX comment_tags_tag ON comment_tags (tag_id);
CREATE TABLE hidden_comments (
  comment_id BLOB PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
