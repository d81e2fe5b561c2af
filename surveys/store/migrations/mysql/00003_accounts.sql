-- MySQL commits at each statement, so a crash may leave the first few behind: each is harmless when run again.
-- MySQL has no ADD COLUMN IF NOT EXISTS, hence the statements prepared from a look at the columns there are; they need
-- one connection, which is why this file is a transaction although nothing of it can be undone.
-- The triggers that guard audit_log are made by store.Migrate: a server with a binary log may refuse them.
-- +goose Up
CREATE TABLE IF NOT EXISTS audit_log (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  at DATETIME(6) NOT NULL,
  user_id BIGINT NOT NULL,
  email VARCHAR(254) NOT NULL,
  token VARCHAR(400) NOT NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(500) NOT NULL,
  outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  origin VARCHAR(64) NOT NULL,
  INDEX audit_log_at (at),
  INDEX audit_log_email (email),
  INDEX audit_log_action (action)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
SET @statement = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'totp_step') > 0, 'DO 0',
  'ALTER TABLE users ADD COLUMN language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '''', ADD COLUMN limited BOOLEAN NOT NULL DEFAULT FALSE, ADD COLUMN deactivated_at DATETIME(6), ADD COLUMN totp_secret VARBINARY(255), ADD COLUMN totp_offered VARBINARY(255), ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0');
PREPARE add_columns FROM @statement;
EXECUTE add_columns;
SET @statement = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'sessions' AND column_name = 'user_agent') > 0, 'DO 0',
  'ALTER TABLE sessions ADD COLUMN user_agent VARCHAR(300) NOT NULL DEFAULT ''''');
PREPARE add_columns FROM @statement;
EXECUTE add_columns;
DEALLOCATE PREPARE add_columns;
CREATE TABLE IF NOT EXISTS user_departments (
  user_id BIGINT NOT NULL,
  department_id BIGINT NOT NULL,
  PRIMARY KEY (user_id, department_id),
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS recovery_codes (
  user_id BIGINT NOT NULL,
  code_hash BINARY(32) NOT NULL,
  PRIMARY KEY (user_id, code_hash),
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE IF NOT EXISTS password_links (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  user_id BIGINT NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  nonce BINARY(32) NOT NULL,
  secret_hash BINARY(32) NOT NULL UNIQUE,
  expires_at DATETIME(6) NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  INDEX password_links_user (user_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
