-- MySQL commits at each CREATE TABLE: IF NOT EXISTS lets a second run go on where a crash left the first.
-- +goose NO TRANSACTION
-- +goose Up
-- What people suggest to IT: when is a day, and who is a name only where somebody has signed.
CREATE TABLE IF NOT EXISTS ideas (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  title VARCHAR(120) NOT NULL,
  body TEXT NOT NULL,
  language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  department_id BIGINT NOT NULL,
  signed_by VARCHAR(100) NOT NULL,
  suggested_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(500) NOT NULL,
  merged_into BIGINT NOT NULL,
  change_id BIGINT NOT NULL,
  digest BINARY(16) NOT NULL UNIQUE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- What IT replied, with the status that the idea has since. Replies are appended and never rewritten.
CREATE TABLE IF NOT EXISTS idea_replies (
  idea_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reply TEXT NOT NULL,
  replied_on VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  said_by VARCHAR(254) NOT NULL,
  said_at DATETIME(6) NOT NULL,
  PRIMARY KEY (idea_id, number),
  FOREIGN KEY (idea_id) REFERENCES ideas (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- A keyed hash of a browser's random mark and the idea: two supports of one browser look like those of two. Kept in the
-- order of the hashes, so that nothing tells which came first.
CREATE TABLE IF NOT EXISTS idea_supports (
  idea_id BIGINT NOT NULL,
  mark BINARY(16) NOT NULL,
  PRIMARY KEY (idea_id, mark),
  FOREIGN KEY (idea_id) REFERENCES ideas (id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
