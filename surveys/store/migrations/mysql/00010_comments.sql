-- MySQL commits at each CREATE TABLE, so a crash may leave the first behind: IF NOT EXISTS makes a second run go on.
-- +goose NO TRANSACTION
-- +goose Up
-- What staff put on comments by hand. Neither table has an order or a time; both go with their comment.
CREATE TABLE IF NOT EXISTS tags (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  name_key BINARY(32) NOT NULL UNIQUE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS comment_tags (
  comment_id BINARY(16) NOT NULL,
  tag_id BIGINT NOT NULL,
  PRIMARY KEY (comment_id, tag_id),
  FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS hidden_comments (
  comment_id BINARY(16) PRIMARY KEY,
  reason VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  FOREIGN KEY (comment_id) REFERENCES comments (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
